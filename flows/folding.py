"""Makes texts comparable: one case, no accents, one form of each letter, so that a way of typing hides nothing."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Arabic letters that are written for one another, after marks are gone; tatweel only stretches a word.
_LETTERS: Final[dict[int, str | None]] = str.maketrans(
    {
        "\u0671": "\u0627",  # alif with wasla: alif
        "\u0649": "\u064a",  # alif maqsura: yeh
        "\u06cc": "\u064a",  # Persian yeh: yeh
        "\u06d0": "\u064a",  # e: yeh
        "\u0629": "\u0647",  # teh marbuta: heh
        "\u06c1": "\u0647",  # Urdu heh: heh
        "\u06a9": "\u0643",  # Persian kaf: kaf
        "\u0640": None,  # tatweel
        "\u0131": "i",  # dotless i
        "ł": "l",
        "ø": "o",
        "đ": "d",
    }
)

#: Categories of characters that carry no letter: marks, invisible signs, private ones, the skin colour of an emoji.
_DROPPED: Final = frozenset({"Mn", "Me", "Cf", "Co", "Cs"})
_SKIN: Final = frozenset(chr(code) for code in range(0x1F3FB, 0x1F400))


def plain(text: str) -> str:
    """`text` with compatibility forms, case, accents, Arabic vowel signs and invisible characters taken away.

    Spaces, digits, signs and emoji stay. It is idempotent, and never fails, whatever the text.
    """
    if text.isascii():
        return text.casefold()
    while (again := _once(text)) != text:
        text = again
    return text


def _once(text: str) -> str:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    # A table of every sign in the text: a sign that `translate` does not find costs it an exception.
    return unicodedata.normalize("NFC", parts.translate({ord(sign): _letter(sign) for sign in set(parts)}))


def _letter(sign: str) -> str | None:
    if unicodedata.category(sign) in _DROPPED or sign in _SKIN:
        return None
    return _LETTERS.get(ord(sign), sign)
