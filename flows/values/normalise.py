"""Makes texts comparable: one case, no accents, one form of each letter; and a text as a row of words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Final

_CYRILLIC: Final = (
    "АВЕЅІЈКМНОРСТУХԜҺӀЬ" + "авеѕіјкмнорстухԝһӏԁԛьпгиш",
    "ABESIJKMHOPCTYXWHIb" + "abesijkmhopctyxwhldqbnruw",
)
_GREEK: Final = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ" + "αβεζηικμνορτυχωγϲ", "ABEZHIKMNOPTYXCj" + "abeznikuvoptuxwyc")  # noqa: RUF001 - to look like others is what they are here for
_LATIN: Final = ("ıłŁøØđĐɑɡ", "ilLoOdDag")

#: For `str.translate`, before case is set aside: the capital and the small letter may look like different ones.
LATIN_FOR: Final[dict[int, str]] = {
    ord(other): latin
    for others, latins in (_CYRILLIC, _GREEK, _LATIN)
    for other, latin in zip(others, latins, strict=True)
}


#: Arabic letters that are written for one another, after marks are gone; tatweel only stretches a word.
_ARABIC: Final = {
    "\u0671": "\u0627",  # alif with wasla: alif
    "\u0649": "\u064a",  # alif maqsura: yeh
    "\u06cc": "\u064a",  # Persian yeh: yeh
    "\u06d0": "\u064a",  # e: yeh
    "\u0629": "\u0647",  # teh marbuta: heh
    "\u06c1": "\u0647",  # Urdu heh: heh
    "\u06a9": "\u0643",  # Persian kaf: kaf
    "\u0640": "",  # tatweel
}
_LETTERS: Final = _ARABIC | {letter: LATIN_FOR[ord(letter)] for letter in "\u0131łøđ"}

#: Categories of characters that carry no letter: marks, invisible signs, private ones, the skin colour of an emoji.
_DROPPED: Final = frozenset({"Mn", "Me", "Cf", "Co", "Cs"})
_SKIN: Final = frozenset(chr(code) for code in range(0x1F3FB, 0x1F400))

_NO_LETTER: Final = re.compile(r"\W")
_ASCII: Final = bytes(range(128))
_FEW: Final = 24  # signs that are quicker replaced one after the other

#: Signs of which it is remembered what they become; a sign by itself tells nothing of what was written.
SIGNS: Final = 4_096

#: What is written in names and left out as often: apostrophes, as phones write them, and full stops.
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("'\u2019\u2018\u201b\u02bc\u02b9\u2032`\u00b4\u02bb.\uff07"))

#: What may stand between the digits of a code: full stops and middle dots. Spaces and dashes are known by category.
_DOTS: Final = frozenset(".\u00b7\u2022\u2027\u3002\u30fb")
#: Categories of what carries no digit either: spaces, line ends, dashes, and marks and signs that are not seen.
_BETWEEN_DIGITS: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Pd", "Cf", "Mn", "Me"})

#: Digits and signs that stand for letters inside a word ("k1ll").
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})

#: Signs inside a word that are not heard: "don't", "s'il".
_UNHEARD: Final = frozenset("'\u2018\u2019\u02bc`\u00b4")

# Quick to look for: those that begin at a space are tried at no letter, and any sign is the fastest class to test.
_LEET_WORD: Final = re.compile(r" [^ 0-9@$!]*+[0-9@$!][^ ]*")
_SPELT: Final = re.compile(r" \w(?: \w){3,}(?= )")
_TWICE: Final = re.compile(r"(.)(?=\1)(?<=[^\W\d])")
_LATIN_LETTER: Final = re.compile("[a-z]")


def plain(text: str) -> str:
    """Return `text` with compatibility forms, case, accents, Arabic vowel signs and invisible characters taken away.

    Spaces, digits, signs and emoji stay. It is idempotent, and never fails, whatever the text.
    """
    return fold_signs(text, plain_sign)


@lru_cache(SIGNS)
def plain_sign(sign: str) -> str:
    """Return what `plain` makes of one sign: nothing, another, or several, none of which it would change again.

    Compatibility forms, case, accents and signs that are not seen are set aside (Unicode Standard Annex 15). The
    results are remembered.
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", sign).casefold())
    kept = (part for part in parts if unicodedata.category(part) not in _DROPPED and part not in _SKIN)
    return unicodedata.normalize("NFC", "".join(_LETTERS.get(part, part) for part in kept))


def fold_signs(text: str, fold_sign: Callable[[str], str]) -> str:
    """Return `text` composed, and each sign replaced by what `fold_sign` gives for it; see `change_signs`."""
    return unicodedata.normalize("NFC", change_signs(unicodedata.normalize("NFC", text), fold_sign))


def change_signs(text: str, change: Callable[[str], str], find: Callable[[str], Iterable[str]] = set) -> str:
    """Return `text` with each sign replaced by what `change` gives for it, which is asked once for each that there is.

    Args:
        text: Any text.
        change: Always gives the same for a sign, and nothing that holds another sign which it changes. It is a
            function of a module, since what it gives for ASCII is kept.
        find: Gives the signs to ask about for a text that has no ASCII; all of them, unless `change` leaves the others.
    """
    if not text.isascii():
        # ASCII falls out as bytes: a set of all signs takes longer than all else here.
        foreign = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
        text = _replace_signs(text, {sign: to for sign in find(foreign) if (to := change(sign)) != sign})
    changed = _ascii_changes(change)
    if text.isascii():
        return text.translate(changed)  # which looks up each sign of such a text once
    return _replace_signs(text, {sign: to or "" for code, to in changed.items() if (sign := chr(code)) in text})


def _replace_signs(text: str, changed: Mapping[str, str]) -> str:
    if len(changed) <= _FEW:
        for sign, to in changed.items():
            text = text.replace(sign, to)
        return text
    # A table of every sign in the text: one that `translate` does not find costs it an exception.
    return text.translate({ord(sign): changed.get(sign, sign) for sign in set(text)})


@cache
def _ascii_changes(change: Callable[[str], str]) -> dict[int, str | None]:
    """For `str.translate`, which takes long for a sign that becomes "" and not for one that becomes None."""
    return {code: to or None for code in _ASCII if (to := change(chr(code))) != chr(code)}


def no_letters(text: str) -> set[str]:
    """Return the signs of `text` that are neither letters nor digits; faster than testing each sign."""
    return set(_NO_LETTER.findall(text))


def loose_name(name: str) -> str:
    """Return a person's name in the form that every way of typing it shares; for looking up, never for keeping.

    Besides what `plain` sets aside, apostrophes and full stops are left out, and hyphens of all kinds are spaces.
    """
    bare = plain(name.translate(_APOSTROPHES)).translate(_APOSTROPHES)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())


def digits(text: str) -> str:
    """Return the decimal digits of `text` as ASCII, in whatever script they are; empty if it holds anything but digits.

    Spaces of all kinds, hyphens, dashes, the minus sign, dots, direction marks, zero-width signs, the byte order mark
    and what makes a digit a keycap are set aside: a code is its digits, however it was typed or copied.
    """
    found: list[str] = []
    for sign in text if text.isascii() else unicodedata.normalize("NFKC", text):
        digit = unicodedata.decimal(sign, None)
        if digit is not None:
            found.append(str(digit))
        elif sign not in _DOTS and sign != "\u2212" and unicodedata.category(sign) not in _BETWEEN_DIGITS:
            return ""
    return "".join(found)


def words_of(text: str) -> str:
    """Return `text` as words with one space between: plain letters, no letter twice, an emoji a word of its own.

    "K1LL my-self!!" and "kiill my self" both give "kil my self". It never fails and never gives a sign that is
    special to a pattern, other than digits and letters of any script and emoji.
    """
    heard = _LEET_WORD.sub(_letters, f" {fold_signs(text, _heard)}")
    spaced = f" {' '.join(change_signs(heard, _spaced, no_letters).split())} "
    joined = _SPELT.sub(lambda spelt: " " + spelt[0].replace(" ", ""), spaced)
    return _TWICE.sub("", joined).strip()


@lru_cache(SIGNS)
def _heard(sign: str) -> str:
    return "".join(" " if part.isspace() else part for part in plain_sign(sign) if part not in _UNHEARD)


def _letters(word: re.Match[str]) -> str:
    if not _LATIN_LETTER.search(word[0]):
        return word[0]
    body = word[0].rstrip("!.,?;:")
    return body.translate(_LEET) + word[0][len(body) :]


def _spaced(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] in "LNM":
        return sign
    return f" {sign} " if kind in {"So", "Sk"} else " "
