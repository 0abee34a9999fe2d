"""Folds names, and texts that may hold them, into letters that are compared; more than `plain` does for other texts."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flows.values.normalise import LATIN_FOR, SIGNS, change_signs, fold_signs, no_letters, plain_sign

#: Cyrillic and Greek letters that stand in names and look like Latin ones.
_ALIKE: Final = "авекмнорстухіјѕһαβεικορτχν"

#: Those, and letters that are written as two or not at all. Both sides are folded alike.
_LETTERS: Final = {
    **{letter: LATIN_FOR[ord(letter)] for letter in _ALIKE},
    "\u03c5": "y",  # upsilon as its capital, since case is set aside
    **dict(zip("ךםןףץ", "כמנפצ", strict=True)),  # written so at a word's end only
    **dict.fromkeys("\u2018\u2019\u02bc\u02bb\u02be\u02bf`\u00b4\u2032\u05f3\u05f4\u201b", "'"),
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "\u0491": "\u0433",  # Ukrainian ghe with upturn: ghe
    "ء": "",
}


def fold(text: str) -> str:
    """Return `plain(text)` with look-alike letters, ligatures and apostrophes in one form; spaces and signs stay."""
    return fold_signs(text, _fold_sign)


def split_words(text: str) -> list[str]:
    """Return the words of `text`, folded or not: letters and digits that stand together."""
    return change_signs(text, _letter_or_space, no_letters).split()


@lru_cache(SIGNS)
def _fold_sign(sign: str) -> str:
    return "".join(_LETTERS.get(part, part) for part in plain_sign(sign))


def _letter_or_space(sign: str) -> str:
    return sign if sign.isalnum() else " "
