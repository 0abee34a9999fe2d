"""Receipts on their way to somebody: none is spoken twice at once, and what did not arrive is tried again, in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from storage.values import UnspokenId

_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(hours=1)


class OnTheWay:
    """In memory: a restart speaks everything that is left at once."""

    def __init__(self) -> None:
        self._speaking: set[UnspokenId] = set()
        self._waits: dict[UnspokenId, tuple[datetime, timedelta]] = {}

    def begin(self, one: UnspokenId) -> None:
        """It is being spoken now."""
        self._speaking.add(one)

    def may(self, one: UnspokenId, now: datetime) -> bool:
        """Whether it may be spoken now: not while it is being spoken, nor too soon after it was in vain."""
        until, _ = self._waits.get(one, (now, _FIRST))
        return one not in self._speaking and now >= until

    def ended(self, one: UnspokenId, now: datetime, *, delivered: bool) -> None:
        """It was spoken, or in vain: then it waits twice as long each time, an hour at most."""
        self._speaking.discard(one)
        if delivered:
            self._waits.pop(one, None)
            return
        _, wait = self._waits.get(one, (now, _FIRST))
        self._waits[one] = (now + wait, min(2 * wait, _LONGEST))
