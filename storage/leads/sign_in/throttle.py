"""Slows down guessing by source and account, and counts wrong PINs; never shuts out who has made no miss."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flows.values.bounds import Bounded, backoff
from flows.values.ids import LeadId

_FREE = 3  # misses before the first delay
_FIRST, _LONGEST = 5.0, 5 * 60.0  # seconds of a delay
_KEPT = 10_000  # accounts remembered; the longest unused is forgotten


@dataclass(frozen=True, slots=True)
class _Misses:
    count: int
    until: datetime


class Throttle:
    """Counts misses by key, in memory: 10,000 keys, of which the longest unused is forgotten.

    Three misses are free; then the delay is 5 seconds, twice as long with each further miss, and 5 minutes at most.
    """

    def __init__(self) -> None:
        self._misses: Bounded[Hashable, _Misses] = Bounded(_KEPT)

    def blocked(self, key: Hashable, now: datetime) -> datetime | None:
        """Tell until when no try is taken, or None if one is; `now` is aware, and so is what is given."""
        misses = self._misses.get(key)
        return misses.until if misses and misses.count > _FREE and misses.until > now else None

    def miss(self, key: Hashable, now: datetime) -> None:
        """Count a try before it is judged: tries made at once are all counted."""
        known = self._misses.get(key)
        count = known.count + 1 if known else 1
        delay = timedelta() if count <= _FREE else timedelta(seconds=backoff(count - _FREE, _FIRST, _LONGEST))
        self._misses.put(key, _Misses(count, now + delay))

    def forget(self, key: Hashable) -> None:
        """Begin anew after a try that was right."""
        self._misses.pop(key)


#: Wrong PINs of one lead that are taken on one day (UTC); after that only a full unlock helps, until the next day.
PER_DAY: Final = 6


@dataclass(frozen=True, slots=True)
class _Tally:
    day: date
    today: int
    unreported: int


class PinMisses:
    """Counts tries before they are judged, so that those made at once are all counted; a right one is taken back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` gives the time in UTC."""
        self._now = now
        self._tallies: dict[LeadId, _Tally] = {}

    def left(self, lead: LeadId) -> int:
        """Give how many more a lead may miss today (UTC), from six down to none."""
        return max(0, PER_DAY - self._tally(lead).today)

    def count(self, lead: LeadId) -> None:
        """Count a try as a miss."""
        self._add(lead, 1)

    def take_back(self, lead: LeadId) -> None:
        """Count a try no longer: it was right."""
        self._add(lead, -1)

    def take_unreported(self, lead: LeadId) -> int:
        """Give how many misses the lead was not told of, on whatever day they were, and count them as told.

        They are in memory: those of before a restart are told by nobody.
        """
        tally = self._tally(lead)
        self._tallies[lead] = _Tally(tally.day, tally.today, 0)
        return tally.unreported

    def _add(self, lead: LeadId, number: int) -> None:
        tally = self._tally(lead)
        self._tallies[lead] = _Tally(tally.day, max(0, tally.today + number), max(0, tally.unreported + number))

    def _tally(self, lead: LeadId) -> _Tally:
        today = self._now().date()
        tally = self._tallies.get(lead, _Tally(today, 0, 0))
        # A clock that was set back does not give the day's tries again.
        return _Tally(today, 0, tally.unreported) if today > tally.day else tally
