"""The ladder: which rung is told of a case when, again and again, until a human has acknowledged it.

All rungs are recipients since sending: the ladder decides who is told, never who may read. Only a human ends it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from flows.ids import LeadId, Urgency

#: Between two rungs. Something immediate pages the next at 5 and at 10 minutes (domain, section 3).
_NEXT: Final[Mapping[Urgency, timedelta]] = {
    "immediate": timedelta(minutes=5),
    "same_day": timedelta(minutes=30),
    "soon": timedelta(hours=1),
    "routine": timedelta(hours=1),
}
#: Before the same rung is told again, at the least: as long as a human may take to acknowledge something immediate.
_AGAIN: Final[Mapping[Urgency, timedelta]] = {
    "immediate": timedelta(minutes=15),
    "same_day": timedelta(hours=1),
    "soon": timedelta(hours=24),
    "routine": timedelta(hours=24),
}
#: How long somebody who says "I'm opening it" has; the clock runs on.
HOLD: Final = timedelta(minutes=10)


def ordered(rungs: Mapping[LeadId, int], on_duty: Collection[LeadId]) -> dict[LeadId, int]:
    """Give the rungs with whoever is on duty first; nobody is added, and without anybody on duty nothing changes."""
    if not any(lead in on_duty for lead in rungs):
        return dict(rungs)
    later = {lead: rung for lead, rung in rungs.items() if lead not in on_duty}
    steps = {rung: place for place, rung in enumerate(sorted(set(later.values())), 1)}
    return {lead: 0 if lead in on_duty else steps[rung] for lead, rung in rungs.items()}


def first(urgency: Urgency, rung: int, now: datetime, due: datetime | None) -> datetime:
    """When a rung is told for the first time: the lowest at once, the others while nobody acknowledges.

    Something immediate climbs at once; the rest once it is overdue. Without a due time it counts as overdue after the
    time between two rungs.
    """
    if rung == 0 or urgency == "immediate":
        return now + rung * _NEXT[urgency]
    return (due or now + _NEXT[urgency]) + (rung - 1) * _NEXT[urgency]


def again(urgency: Urgency, rungs: int, now: datetime, due: datetime | None) -> datetime:
    """When a rung that was told at `now` is told again: after a whole round of `rungs`, and not before it is due."""
    round_trip = now + max(_AGAIN[urgency], rungs * _NEXT[urgency])
    if urgency == "immediate" or due is None:
        return round_trip
    return max(round_trip, due)


def longest(urgency: Urgency, rungs: int) -> timedelta:
    """How long a rung waits at most where nothing is put off until it is due: more tells that a clock was set back."""
    return max(_AGAIN[urgency], rungs * _NEXT[urgency]) + HOLD
