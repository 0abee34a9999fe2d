"""Which sources go faster than a person writes, and which updates this process has dealt with; bounded, in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from flows.values.bounds import Bounded, Rate, RateLimiter
from flows.values.ids import Door
from storage.values import Address

#: Sources that are remembered; the one that was silent longest is forgotten first, and begins anew.
KEPT: Final = 10_000


class FloodDetector:
    """Counts updates. It refuses nothing: it only tells where answers may be put together."""

    def __init__(self, source: Callable[[Address], bytes], now: Callable[[], datetime], rate: Rate) -> None:
        """`source` gives an address's mark of the day; `now` gives aware times."""
        self._source = source
        self._now = now
        # However long a flood was, it is over soon: what is beyond twice the burst is let off.
        self._limiter: RateLimiter[bytes] = RateLimiter(rate, KEPT, most=2 * rate.burst)

    def __len__(self) -> int:
        """How many sources are remembered."""
        return len(self._limiter)

    def note(self, address: Address) -> None:
        """Count one update.

        Raises:
            Unavailable: there is no day key; the update's own turn raises it too.
        """
        self._limiter.take(self._source(address), self._now().timestamp())

    def hurries(self, address: Address) -> bool:
        """Return whether the chat goes faster than its rate at this moment."""
        return self._limiter.exceeds(self._source(address))


#: Updates that are remembered. The Bot API repeats the newest few hundred; marks on disk tell of all.


class RecentUpdates:
    """The newest updates, by door and number. A restart forgets them: then the marks of committed turns tell."""

    def __init__(self) -> None:
        self._taken: Bounded[tuple[Door, int], None] = Bounded(KEPT)

    def __contains__(self, update: tuple[Door, int]) -> bool:
        return update in self._taken

    def add(self, update: tuple[Door, int]) -> None:
        """Note that an update was dealt with."""
        self._taken.put(update, None)
