"""Ids that a restart never gives out again, and a token bucket for how fast a tab may go.

It has its own bucket, and its webhook its own back-off (`chat/webhook.py`), since it imports nothing of Hark.
"""

from collections.abc import Callable


class IdGenerator:
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


class TokenBucket:
    """A bucket of ``burst`` tokens that refills at ``per_second``; ``clock`` in seconds."""

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float]) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._level, self._at = float(burst), clock()

    @property
    def spent(self) -> int:
        """How many tokens are gone just now."""
        refilled = max(0.0, self._clock() - self._at) * self._per_second
        return max(0, int(self._burst - self._level - refilled))

    def wait(self) -> float:
        """Take a token and return 0.0, or leave the bucket as it is and return the seconds until there is one.

        A clock that goes back refills nothing.
        """
        now = self._clock()
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._level >= 1:
            self._level -= 1
            return 0.0
        return (1 - self._level) / self._per_second


class Spacing:
    """Spreads answers that are not urgent over time, so that a burst of requests gets none in a burst."""

    def __init__(self, seconds: float, per_second: float, at_most: float, clock: Callable[[], float]) -> None:
        """Each waits ``seconds`` or longer, ``at_most`` so long, and meanwhile no more go than ``per_second``."""
        self._seconds, self._between, self._at_most, self._clock = seconds, 1 / per_second, at_most, clock
        self._last = float("-inf")

    def wait(self) -> float:
        """Give how many seconds the next one is to wait from now on."""
        now = self._clock()
        self._last = max(now + self._seconds, self._last + self._between)
        wait = self._last - now
        if wait > self._at_most:
            self._last = now + self._at_most
            return self._at_most
        return wait
