"""Who has opened which case lately, in memory only: colleagues are told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flows.values.bounds import Bounded
from flows.values.ids import LeadId
from storage.values import CaseId, LeadCard

#: How long somebody counts as having a case open.
LASTS: Final = timedelta(minutes=30)
#: How many cases are remembered.
_MOST: Final = 5_000


class Openers:
    """The latest openings of each case, by lead."""

    def __init__(self) -> None:
        self._of: Bounded[CaseId, dict[LeadId, tuple[LeadCard, datetime]]] = Bounded(_MOST)

    def note(self, case: CaseId, lead: LeadCard, at: datetime) -> None:
        """`lead` has the case open since `at`; an opening that still lasts keeps its time.

        Args:
            case: Which; the 5,000 that were opened last are remembered, in memory only.
            lead: Who, as colleagues are shown her.
            at: When (aware).
        """
        openings = self._of.get(case) or {}
        known = openings.get(lead.id)
        if known is None or at - known[1] > LASTS:
            openings[lead.id] = (lead, at)
        self._of.put(case, openings)

    def others(self, case: CaseId, lead: LeadId, now: datetime) -> tuple[tuple[LeadCard, datetime], ...]:
        """Everybody but `lead` who opened the case within the last half hour, the latest first."""
        openings = (self._of.get(case) or {}).values()
        found = [one for one in openings if one[0].id != lead and now - one[1] <= LASTS]
        return tuple(sorted(found, key=lambda one: one[1], reverse=True))

    def left(self, lead: LeadId) -> None:
        """`lead` locked: nothing is open there any more."""
        for openings in self._of.values():
            openings.pop(lead, None)
