"""How fast one tab, or everybody opening chats, may go: a bucket that refills."""

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
