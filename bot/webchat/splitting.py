"""Cutting a long text into messages, as Telegram's own clients do before they send."""

from typing import Final

import regex

from bot.webchat.entities import units
from bot.webchat.limits import TEXT_CHARS

# A letter as people see it (Unicode Annex 29). `\X` alone counts the flags before each flag anew, which is quadratic
# in a row of them; a flag's pair is read first.
_CLUSTER: Final = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+|\X")


def split_text(text: str) -> list[str]:
    """Return the text in trimmed parts of at most 4096 UTF-16 units, cut at a line end or a space if there is one.

    A grapheme cluster (a flag, a family, a syllable with its marks) is torn only if it alone is longer, and then
    between two code points. Takes time in proportion to the length of the text.
    """
    text, parts, start = text.strip(), [], 0
    while start < len(text):
        end = start + _end(text[start : start + TEXT_CHARS + 1])
        parts.append(text[start:end].rstrip())
        start = _behind_spaces(text, end)
    return parts


def _end(text: str) -> int:
    """Return where the first part ends, in characters; ``text`` goes on beyond a message if there is more of it."""
    fits = _letters_within(text, TEXT_CHARS)
    if fits == len(text):
        return fits
    whole = spaced = 0
    for found in _CLUSTER.finditer(text):
        if found.end() > fits:
            break
        whole = found.end()
        spaced = whole if found[0].isspace() else spaced
    return spaced if spaced > fits // 2 else whole or fits


def _behind_spaces(text: str, start: int) -> int:
    """Return where the next part begins: a space that carries a mark is no white space."""
    for found in _CLUSTER.finditer(text, start):
        if not found[0].isspace():
            return int(found.start())
    return len(text)


def _letters_within(text: str, limit: int) -> int:
    used = 0
    for number, letter in enumerate(text):
        used += units(letter)
        if used > limit:
            return number
    return len(text)
