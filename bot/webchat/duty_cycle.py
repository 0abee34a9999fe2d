"""A share of the time for work that comes after all other: a slice of it, then a rest that is longer the slower it was.

The length of a slice stands for what the machine had to do for it; so a slow or busy machine is asked for less.
"""

from collections.abc import Callable

_LONGEST_SLICE_SECONDS = 0.05  # what takes longer waits for something else than the processor


class DutyCycle:
    """Says when the next slice may begin: slices take one part in ``parts`` of the time. ``clock`` in seconds."""

    def __init__(self, parts: int, clock: Callable[[], float]) -> None:
        self._parts, self._clock = parts, clock
        self._began: float | None = None
        self._next = float("-inf")

    def begin(self) -> None:
        """A slice begins now."""
        self._began = self._clock()
        self._next = self._began + self._parts * _LONGEST_SLICE_SECONDS

    def end(self) -> None:
        """The slice is over, if one is under way."""
        if self._began is not None:
            took = min(self._clock() - self._began, _LONGEST_SLICE_SECONDS)
            self._next = self._began + self._parts * took
            self._began = None

    @property
    def rests_for(self) -> float:
        """How many seconds it is until the next slice may begin, at most; 0 or less if it may begin now."""
        return self._next - self._clock()
