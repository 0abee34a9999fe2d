"""Who goes faster than a person writes: by source, in memory, bounded; the sources are HMACs under the day key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from flows.pace import Pace, Spent, hurries, spend
from storage.bounded import Bounded
from storage.values import Address

#: Sources that are remembered; the one that was silent longest is forgotten first, and begins anew.
KEPT: Final = 10_000


class Paces:
    """Counts updates. It refuses nothing: it only tells where answers may be put together."""

    def __init__(self, source: Callable[[Address], bytes], now: Callable[[], datetime], pace: Pace) -> None:
        """`source` gives an address's mark of the day; `now` gives aware times."""
        self._source = source
        self._now = now
        self._pace = pace
        self._spent: Bounded[bytes, Spent] = Bounded(KEPT)

    def __len__(self) -> int:
        """How many sources are remembered."""
        return len(self._spent)

    def note(self, address: Address) -> None:
        """Count one update. Raises `Unavailable` where there is no day key, as its turn will."""
        source = self._source(address)
        self._spent.put(source, spend(self._spent.get(source), self._now().timestamp(), self._pace))

    def hurries(self, address: Address) -> bool:
        """Whether the chat goes faster than its pace just now."""
        return hurries(self._spent.get(self._source(address)), self._pace)
