"""The one rate limiter, a token bucket by key, and the one back-off; no clock: times are seconds on any clock.

The web chat has a bucket and a back-off of its own, since it imports nothing of Hark. A notice waits for half of the
time that it was tried in vain (`flows/cases/retries.py`): its row holds no count of the tries.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from flows.limits.bounded_cache import Bounded

_K = TypeVar("_K", bound=Hashable)


@dataclass(frozen=True)
class Rate:
    """So many a second, and so many at once."""

    per_second: float = 1.0
    burst: int = 20


@dataclass(frozen=True)
class Used:
    """How much is used and not made good yet at `at`, in seconds."""

    count: float
    at: float


def take(before: Used | None, now: float, rate: Rate, most: float = math.inf) -> Used:
    """Use one more. A clock that went back makes good nothing; what is beyond `most` is let off."""
    if before is None:
        return Used(1.0, now)
    good = max(0.0, now - before.at) * rate.per_second
    return Used(min(max(0.0, before.count - good) + 1, most), now)


def exceeds(used: Used | None, rate: Rate) -> bool:
    """Tell whether more was used than the rate allows."""
    return used is not None and used.count > rate.burst


class RateLimiter(Generic[_K]):
    """Counts by key. It refuses nothing: it tells who goes too fast, and how long the next one would have to wait."""

    def __init__(self, rate: Rate, keys: int, most: float = math.inf) -> None:
        """Remember at most `keys` keys, of whom the longest unused is forgotten; `most` is what one may have used."""
        self.rate = rate
        self._most = most
        self._used: Bounded[_K, Used] = Bounded(keys)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._used)

    def take(self, key: _K, now: float) -> None:
        """Count one."""
        self._used.put(key, take(self._used.get(key), now, self.rate, self._most))

    def exceeds(self, key: _K) -> bool:
        """Tell whether the last one that was counted was too fast."""
        return exceeds(self._used.get(key), self.rate)

    def wait(self, key: _K, now: float) -> float:
        """Give how many seconds one more would have to wait, 0 if it may go now; it is not counted.

        Under a clock that was set back the wait is counted from now.
        """
        before = self._used.get(key)
        if before is not None and now < before.at:
            before = replace(before, at=now)
            self._used.put(key, before)
        beyond = take(before, now, self.rate, self._most).count - self.rate.burst
        if beyond <= 0:
            return 0.0
        return beyond / self.rate.per_second if self.rate.per_second else math.inf


def backoff(failures: int, first: float, longest: float) -> float:
    """Give how many seconds to wait after so many failures in a row: `first`, doubled with each, at most `longest`."""
    return float(min(first * 2 ** min(max(failures - 1, 0), 32), longest))
