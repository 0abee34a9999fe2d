"""The escalation policy: which rung is told when, when a case is looked at again, and when silence is noticed.

All rungs are recipients since sending: the ladder decides who is told, never who may read. Only a human ends it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from flows.values.ids import LeadId, Urgency

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


def rungs_in_order(rungs: Mapping[LeadId, int], on_duty: Collection[LeadId]) -> dict[LeadId, int]:
    """Give the rungs with whoever is on duty first, as rung 0; the others keep their order, from rung 1 without a gap.

    Nobody is added, and without anybody on duty nothing changes.
    """
    if not any(lead in on_duty for lead in rungs):
        return dict(rungs)
    later = {lead: rung for lead, rung in rungs.items() if lead not in on_duty}
    steps = {rung: place for place, rung in enumerate(sorted(set(later.values())), 1)}
    return {lead: 0 if lead in on_duty else steps[rung] for lead, rung in rungs.items()}


def first_rung(urgency: Urgency, rung: int, now: datetime, due: datetime | None) -> datetime:
    """When a rung is told for the first time: the lowest at once, the others while nobody acknowledges.

    Something immediate climbs at once; the rest once it is overdue. Without a due time it counts as overdue after the
    time between two rungs.
    """
    if rung == 0 or urgency == "immediate":
        return now + rung * _NEXT[urgency]
    return (due or now + _NEXT[urgency]) + (rung - 1) * _NEXT[urgency]


def told_again(urgency: Urgency, rungs: int, now: datetime, due: datetime | None) -> datetime:
    """When a rung that was told at `now` is told again: after a whole round of `rungs`, and not before it is due.

    At the least 15 minutes pass for something immediate, an hour for the same day, and a day for the rest. Something
    immediate is told again although it is not due.
    """
    round_trip = now + max(_AGAIN[urgency], rungs * _NEXT[urgency])
    if urgency == "immediate" or due is None:
        return round_trip
    return max(round_trip, due)


def longest_wait(urgency: Urgency, rungs: int) -> timedelta:
    """How long a rung waits at most where nothing is put off until it is due, somebody's hold included.

    A row that is to be told later than this was written by a clock that was set back since.
    """
    return max(_AGAIN[urgency], rungs * _NEXT[urgency]) + HOLD


#: Our own proposal, to be signed off like the risk rules; whole days, so that it does not matter when the desk opens.
_AFTER: Final[Mapping[Urgency, timedelta]] = {
    "immediate": timedelta(days=1),
    "same_day": timedelta(days=1),
    "soon": timedelta(days=7),
    "routine": timedelta(days=14),
}


def review_by(urgency: Urgency, now: datetime) -> datetime:
    """Give until when a case of `urgency` is to be looked at again, after something was done at `now` (aware).

    A day later for immediate and same day, a week for soon, two for routine.
    """
    return now + _AFTER[urgency]


#: The day of the week (Monday is 0) and the hour, UTC, from which on the leads are told once that Hark works.
DAY: Final = 0
HOUR: Final = 8
#: Telegram keeps updates no longer than this: what came before is lost.
KEPT: Final = timedelta(hours=24)
#: How long a door may be silent; a long poll takes less than one minute.
SILENT: Final = timedelta(minutes=5)
#: Checking everything that is kept needs no haste.
CHECKED: Final = timedelta(hours=24)


def beats(last: datetime, now: datetime) -> bool:
    """Whether a weekly word to the leads is due, if the last one went out in the hour of `last`.

    Both times are aware, in UTC. After an outage of several weeks one word is due, not several.
    """
    return last < week_end(now)


def week_end(now: datetime) -> datetime:
    """When the week ended of which the weekly word tells: the latest Monday, 08:00 UTC, that is not to come.

    Args:
        now: Aware, in UTC.
    """
    monday = now - timedelta(days=(now.weekday() - DAY) % 7)
    due = monday.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=7)


def next_morning(now: datetime) -> datetime:
    """When leads are told next of what waits for the fixed hour of a day: 08:00 UTC, the same for everybody.

    Args:
        now: Aware, in UTC; at eight sharp it is the next day.
    """
    due = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return due if now < due else due + timedelta(days=1)


def lost(fetched: datetime, now: datetime) -> bool:
    """Whether Telegram may have dropped updates since the hour in which some were last fetched.

    Source: Bot API, "Getting updates": they are kept for 24 hours.
    """
    return now - fetched > KEPT
