"""Signs in a text that no reader sees: isolates between writing directions (Unicode Annex 9), and where it may be cut.

It is cut to the Bot API's measure, UTF-16 units, between letters as people see them. Such a letter is an extended
grapheme cluster (Unicode Annex 29): a flag, a family, a syllable with all its marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import regex

#: First strong isolate, and what ends it: what stands between has its own direction and moves nothing around it.
FSI: Final = "\u2068"
PDI: Final = "\u2069"

#: Embeddings, overrides and isolates: in somebody's name they could turn the rest of our sentence around.
_CONTROLS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})

#: Longest label of a button that a phone still shows, in UTF-16 units; the Bot API names no limit.
LABEL: Final = 60
#: Longest label of a button in a list beside the conversation, which only the web page draws, in UTF-16 units.
LIST_LABEL: Final = 240
_SPACES: Final = frozenset({" ", "\n", "\r\n"})


def plain(words: str) -> str:
    """Return `words` without invisible characters that turn text around; letters and marks of every script are left.

    Those are the embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (Unicode Annex 9).
    """
    return words.translate(_CONTROLS)


def apart(words: str) -> str:
    """Return `words` inside an isolate."""
    return f"{FSI}{words}{PDI}"


def is_right_to_left(words: str) -> bool:
    """Return whether any letter or digit in `words` belongs to a script that runs from right to left.

    By the bidirectional classes R, AL and AN (Unicode Annex 9).
    """
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in words)


def bare(words: str) -> str:
    """Return `words` without isolates, for places that show one value alone."""
    return words.replace(FSI, "").replace(PDI, "")


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units, as the Bot API counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, full: int, first: int | None = None) -> Iterator[str]:
    """Yield `text` in parts of at most `full` UTF-16 units, cut at white space where there is some.

    Joined they are `text` again. The first part has at most `first` units, if given. A grapheme cluster (UAX 29) is
    torn only if it alone is longer than its part, and then between two code points. Takes time in proportion to the
    length of `text`.
    """
    start, room = 0, full if first is None else first
    while start < len(text):
        end = start + _end(text[start : start + room + 1], room)
        yield text[start:end]
        start, room = end, full


def shortened(text: str, full: int) -> str:
    """Return `text` in at most `full` UTF-16 units, with an ellipsis in the place of what is left out.

    Isolates that were opened are closed. What is left out begins with a whole grapheme cluster (UAX 29), unless the
    first one alone is too long.
    """
    if units(text) <= full:
        return text
    fits = _fitting(text, full - 2)
    ends = {end: cluster.isspace() for end, cluster in _clusters(text, fits)} or {fits: False}
    kept = text[: max((end for end, blank in ends.items() if not blank), default=0)]
    return f"{kept}…{PDI}" if kept.count(FSI) > kept.count(PDI) else f"{kept}…"


def _end(text: str, room: int) -> int:
    """Where the first part of `text` ends, in characters; `text` goes on beyond `room` if there is more of it."""
    fits = _fitting(text, room)
    if fits == len(text):
        return fits
    whole = spaced = 0
    for whole, cluster in _clusters(text, fits):
        if cluster in _SPACES:
            spaced = whole
    return spaced if spaced > fits // 2 else whole or fits


def _fitting(text: str, room: int) -> int:
    """How many characters of `text` fit into `room` units, at least one."""
    end = min(room, len(text))
    while (over := units(text[:end]) - room) > 0:
        end -= (over + 1) // 2  # no character has more than two
    return max(end, 1)


def _clusters(text: str, fits: int) -> Iterator[tuple[int, str]]:
    """The clusters that lie within the first `fits` characters, each with its end; the next character decides too."""
    for found in _cluster().finditer(text[: fits + 1]):
        if found.end() > fits:
            return
        yield found.end(), found[0]


@cache
def _cluster() -> regex.Pattern[str]:
    import regex  # noqa: PLC0415 - only what is too long has to be cut

    # `\X` alone counts the flags before each flag anew, quadratic in a row of them; a flag's pair is read first.
    return regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+|\X")
