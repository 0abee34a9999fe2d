"""How many concerns one source has sent in a day, told coarsely: what a queue is ordered by after the urgency."""

from __future__ import annotations

from typing import Final

#: The first number of each band: one, two, three to five, six or more.
STARTS: Final = (1, 2, 3, 6)


def band(sent: int) -> int:
    """The band, from 1, of a source that has sent so many that day; `sent` is at least 1."""
    return sum(sent >= start for start in STARTS)
