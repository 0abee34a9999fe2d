"""Ids of updates and messages: they start from the clock, so that a restart never gives one out again."""

from collections.abc import Callable


class Numbering:
    """Gives out rising ids, at least the clock's milliseconds.

    A new process would repeat an id only after more than a thousand a second over its whole life before.
    Starting from 1 would let rows of seen updates swallow new ones and tidying-up delete the wrong messages.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """Return the next id, greater than every one before."""
        self._last = max(self._last + 1, int(self._clock() * 1000))
        return self._last

    def skip(self, count: int) -> None:
        """Leave out ``count`` ids."""
        self._last += count
