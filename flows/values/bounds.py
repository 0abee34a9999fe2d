"""Bounds: how much is remembered, how fast something may go, and how long to wait after failures. Each is here once.

No clock: times are seconds on any clock. The web chat has its own of each, since it imports nothing of Hark. A notice
waits for half of the time that it was tried in vain (`flows/duty/retries.py`): its row holds no count of the tries.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, ItemsView, Iterator, ValuesView
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
#: Held values that are looked past for one new key: a table that is full of them is not looked through each time.
_LOOKED_PAST: Final = 16


class Bounded(Generic[_K, _V]):
    """At most `most` values; beyond that the one goes that was used longest ago and is not `held`.

    Where a flood of new keys comes, what it pushes out is what may be forgotten.
    """

    def __init__(self, most: int, held: Callable[[_V], bool] = lambda _: False) -> None:
        """`held` tells of a value that no new key may push out."""
        self._most = most
        self._held = held
        self._values: OrderedDict[_K, _V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: _K) -> bool:
        return key in self._values

    def get(self, key: _K) -> _V | None:
        """Give a value without using it, or None."""
        return self._values.get(key)

    def items(self) -> ItemsView[_K, _V]:
        """Give all of them."""
        return self._values.items()

    def latest(self) -> Iterator[tuple[_K, _V]]:
        """Go through all of them from the one that was put last."""
        return reversed(self._values.items())

    def values(self) -> ValuesView[_V]:
        """Give all of them without their keys."""
        return self._values.values()

    def put(self, key: _K, value: _V) -> None:
        """Keep a value; it is the one that was used last then.

        Where the table is full, the one goes that was used longest ago and is not held; where the first 16 are all
        held, the very oldest goes all the same.
        """
        if key not in self._values and len(self._values) >= self._most and not self._make_room():
            self._values.popitem(last=False)
        self._values[key] = value
        self._values.move_to_end(key)

    def admit(self, key: _K, value: _V) -> bool:
        """Keep a value like `put` and push out none that is held; false, and nothing changed, if there is no room."""
        if key not in self._values and len(self._values) >= self._most and not self._make_room():
            return False
        self.put(key, value)
        return True

    def pop(self, key: _K) -> _V | None:
        """Forget a key; give what it had, or None."""
        return self._values.pop(key, None)

    def clear(self) -> None:
        """Forget all of them."""
        self._values.clear()

    def _make_room(self) -> bool:
        for _ in range(min(_LOOKED_PAST, len(self._values))):
            key, value = next(iter(self._values.items()))
            if not self._held(value):
                del self._values[key]
                return True
            self._values.move_to_end(key)
        return False


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
