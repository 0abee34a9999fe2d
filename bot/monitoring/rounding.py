"""How counts of cases may be shown to somebody who is no recipient: in fives, and once an hour (decision 8).

Whoever looks at the figures may be the one whom a case is about. A depth of one, or a step of one at ten past nine,
would tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Generic, TypeVar

_T = TypeVar("_T")
#: Fewer than so many are shown as none.
LOT: Final = 5


def rounded(count: int) -> int:
    """Return `count` rounded down to a multiple of `LOT`."""
    return count // LOT * LOT


def in_words(count: int) -> str:
    """Return the range of the lot that holds `count`, for a sentence: `fewer than 5`, `10 to 14`."""
    least = rounded(count)
    return f"{least} to {least + LOT - 1}" if least else f"fewer than {LOT}"


def hour_of(moment: datetime) -> datetime:
    """Return the beginning of the hour of `moment`; figures do not change within one."""
    return moment.replace(minute=0, second=0, microsecond=0)


class Lots(Generic[_T]):
    """Holds single observations back until a whole lot of them can be shown."""

    def __init__(self, most: int = 10_000) -> None:
        """Hold `most` at the same time; further ones are not counted."""
        self._held: list[_T] = []
        self._most = most

    def add(self, one: _T) -> None:
        """Hold one more."""
        if len(self._held) < self._most:
            self._held.append(one)

    def take(self) -> Sequence[_T]:
        """Give out whole lots of five, oldest first; the rest stays until it is one."""
        full = rounded(len(self._held))
        out, self._held = self._held[:full], self._held[full:]
        return out
