"""How fast one tab, or everybody opening chats, may go: a bucket that refills; and answers that are spread in time."""

from collections.abc import Callable


class Pace:
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
        """Take a token and return 0.0, or leave the bucket as it is and return the seconds until there is one."""
        now = self._clock()
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._per_second)
        self._at = now
        if self._level >= 1:
            self._level -= 1
            return 0.0
        return (1 - self._level) / self._per_second


class Spacing:
    """Spreads answers that nobody hurries for, so that what was asked at once does not come back at once."""

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
