"""Folds names, and texts that may hold them, into letters that are compared; more than `plain` does for other texts."""

from __future__ import annotations

from typing import Final

from flows.folding import change_signs, plain

#: Letters of other scripts that look like Latin ones (Unicode Technical Standard 39, those of Cyrillic and Greek that
#: stand in names), and letters that are written as two or not at all. Both sides are folded alike.
_LETTERS: Final = {
    **dict(zip("авекмнорстухіјѕһ", "abekmhopctyxijsh", strict=True)),
    **dict(zip("αβεικορτυχν", "abeikoptyxv", strict=True)),
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
    """`plain`, with look-alike letters, ligatures and apostrophes each in one form; spaces and signs stay."""
    folded = plain(text)
    if folded.isascii():
        return folded.replace("`", "'")
    return change_signs(folded, lambda sign: _LETTERS.get(sign, sign))
