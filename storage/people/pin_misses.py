"""Wrong PINs of each lead, over the day and over all curtains: in memory, as the curtains are, and never a PIN.

A curtain takes three; whoever waits until the lead has lifted it would have three more, again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flows.ids import LeadId

#: Wrong PINs of one lead that are taken on one day (UTC); after that only a full unlock helps, until the next day.
PER_DAY: Final = 6


@dataclass(frozen=True, slots=True)
class _Tally:
    day: date
    today: int
    untold: int


class PinMisses:
    """Counts tries before they are judged, so that those made at once are all counted; a right one is taken back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` gives the time in UTC."""
        self._now = now
        self._tallies: dict[LeadId, _Tally] = {}

    def left(self, lead: LeadId) -> int:
        """Give how many more a lead may miss today."""
        return max(0, PER_DAY - self._tally(lead).today)

    def count(self, lead: LeadId) -> None:
        """Count a try as a miss."""
        self._add(lead, 1)

    def take_back(self, lead: LeadId) -> None:
        """Count a try no longer: it was right."""
        self._add(lead, -1)

    def take_untold(self, lead: LeadId) -> int:
        """Give how many misses the lead was not told of, on whatever day they were, and count them as told."""
        tally = self._tally(lead)
        self._tallies[lead] = _Tally(tally.day, tally.today, 0)
        return tally.untold

    def _add(self, lead: LeadId, number: int) -> None:
        tally = self._tally(lead)
        self._tallies[lead] = _Tally(tally.day, max(0, tally.today + number), max(0, tally.untold + number))

    def _tally(self, lead: LeadId) -> _Tally:
        today = self._now().date()
        tally = self._tallies.get(lead, _Tally(today, 0, 0))
        # A clock that was set back does not give the day's tries again.
        return _Tally(today, 0, tally.untold) if today > tally.day else tally
