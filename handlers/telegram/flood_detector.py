"""Which sources go faster than a person writes, and which updates this process has dealt with; bounded, in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from flows.conversation.rate_limit import Pace, Spent, hurries, spend
from flows.values.ids import Door
from storage.values import Address
from storage.values.bounded_cache import Bounded

#: Sources that are remembered; the one that was silent longest is forgotten first, and begins anew.
KEPT: Final = 10_000


class FloodDetector:
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
        """Count one update.

        Raises:
            Unavailable: there is no day key; the update's own turn raises it too.
        """
        source = self._source(address)
        self._spent.put(source, spend(self._spent.get(source), self._now().timestamp(), self._pace))

    def hurries(self, address: Address) -> bool:
        """Return whether the chat is faster than its pace at this moment; a chat that is not remembered is not.

        Raises:
            Unavailable: There is no day key, and none can be written.
        """
        return hurries(self._spent.get(self._source(address)), self._pace)


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
