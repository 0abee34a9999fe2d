"""Cutting text to the Bot API's measure, UTF-16 units, without tearing a letter from its marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from handlers.isolates import FSI, PDI

#: Longest label of a button that a phone still shows, in UTF-16 units; the Bot API names no limit.
LABEL: Final = 60
_JOINER: Final = "\u200d"


def units(text: str) -> int:
    """How long `text` is in UTF-16 units, as the Bot API counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, full: int, first: int | None = None) -> Iterator[str]:
    """`text` in parts of at most `full` units that together are `text` again: at white space where there is some.

    The first part has at most `first` units, where that is given.
    """
    room = full if first is None else first
    while units(text) > room:
        end = _end(text, room)
        yield text[:end]
        text, room = text[end:], full
    if text:
        yield text


def shortened(text: str, full: int) -> str:
    """`text` in at most `full` units, an ellipsis where something is left out; isolates that were opened are closed."""
    if units(text) <= full:
        return text
    kept = text[: _fitting(text, full - 2)].rstrip()
    return f"{kept}…{PDI}" if kept.count(FSI) > kept.count(PDI) else f"{kept}…"


def _end(text: str, full: int) -> int:
    end = _fitting(text, full)
    space = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end))
    return space + 1 if space > end // 2 else end


def _fitting(text: str, full: int) -> int:
    """How many characters of `text` fit, at least one, with the last letter whole."""
    used, end = 0, 0
    while end < len(text) and used + units(text[end]) <= full:
        used += units(text[end])
        end += 1
    whole = end
    while whole > end // 2 and _hangs_on(text, whole):
        whole -= 1
    return whole if whole > end // 2 else max(end, 1)


def _hangs_on(text: str, place: int) -> bool:
    """Whether the character at `place` belongs to the one before it: an accent, a skin tone, a joined emoji."""
    if place >= len(text):
        return False
    character = text[place]
    joined = _JOINER in (character, text[place - 1])
    return joined or unicodedata.category(character) in {"Mn", "Me", "Mc"} or "\U0001f3fb" <= character <= "\U0001f3ff"
