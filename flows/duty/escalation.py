"""The policy of notices, one table: who is told of what, when the next one and the same one again, when it is given up.

All rungs of a ladder are recipients since sending: it decides who is told when, never who may read, and only a human
ends it. What becomes of a notice by this table is in `flows/duty/retries.py`. Times are aware.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from flows.values.bounds import Rate
from flows.values.ids import LeadId, NoticeKind, Urgency


@dataclass(frozen=True, slots=True)
class Steps:
    """The ladder of one urgency: the time between two rungs, and the least until the same rung is told again."""

    next_rung: timedelta
    again: timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for a kind of notice.

    With a `ladder` it goes from rung to rung and round again until a human acknowledges, and is never given up. Without
    one it is told at once, and given up when it was tried in vain for `give_up`. `to_others`: whoever else reads the
    case is told where it fails for the first time. `alerts`: others are alerted once it is given up. `tells_when`: it
    says when it happened, which is when it was due first.
    """

    ladder: Mapping[Urgency, Steps] = field(default_factory=dict)
    give_up: timedelta = timedelta(days=1)
    to_others: bool = False
    alerts: bool = True
    tells_when: bool = False


#: Something immediate pages the next rung at 5 and at 10 minutes (domain, section 3), and the same one again after as
#: long as a human may take to acknowledge it.
_LADDER: Final = Policy(
    ladder={
        "immediate": Steps(next_rung=timedelta(minutes=5), again=timedelta(minutes=15)),
        "same_day": Steps(next_rung=timedelta(minutes=30), again=timedelta(hours=1)),
        "soon": Steps(next_rung=timedelta(hours=1), again=timedelta(hours=24)),
        "routine": Steps(next_rung=timedelta(hours=1), again=timedelta(hours=24)),
    }
)
_ONCE: Final = Policy()
_TO_OTHERS: Final = Policy(to_others=True)  # a reporter has said something, or cannot be told
_SILENT: Final = Policy(alerts=False)  # an alert makes no other, and when a lead unlocked is for that lead alone

POLICIES: Final[Mapping[NoticeKind, Policy]] = {
    "new": _LADDER,
    "raised": _LADDER,
    "message": _TO_OTHERS,
    "unheard": _TO_OTHERS,
    "reply": _ONCE,
    "handover": _ONCE,
    "declined": _ONCE,
    "golive": _ONCE,
    "team": _ONCE,
    "heartbeat": _ONCE,
    "digest": _ONCE,
    "reads": _ONCE,
    "reads_late": _ONCE,
    "retention": _ONCE,
    "action": _ONCE,
    "action_late": _ONCE,
    "lapsed": _ONCE,
    "unhanded": _ONCE,
    "server_key": _ONCE,
    "share": _ONCE,
    "share_answer": _ONCE,
    "share_late": _ONCE,
    "share_action": _ONCE,
    "partners": _ONCE,
    "checkin": _ONCE,
    "help_wanted": _ONCE,
    "board": _ONCE,
    "table": _ONCE,
    "alert": _SILENT,
    "sign_in": replace(_SILENT, tells_when=True),
    "known_sign_in": _SILENT,
    "passkey": _SILENT,
}
#: The kinds of notice that climb.
CLIMBING: Final[tuple[NoticeKind, ...]] = tuple(kind for kind, policy in POLICIES.items() if policy.ladder)
#: The day of the week (Monday is 0) and the hour, UTC, from which on the leads are told once that Hark works.
DAY: Final = 0
HOUR: Final = 8
#: How fast one lead is told of what pages: whoever is in danger now waits seconds, even in a flood. And of all else.
PAGING: Final = Rate(per_second=1 / 30, burst=3)
REST: Final = Rate(per_second=1 / 300, burst=3)
#: How long somebody who says "I'm opening it" has; the clock runs on.
HOLD: Final = timedelta(minutes=10)


def pages(kind: NoticeKind, urgency: Urgency) -> bool:
    """Whether a notice pages: something immediate that is new or has risen, and not a further message of its case."""
    return urgency == "immediate" and bool(POLICIES[kind].ladder)


def rungs_in_order(rungs: Mapping[LeadId, int], on_duty: Collection[LeadId]) -> dict[LeadId, int]:
    """Give the rungs with whoever is on duty first, as rung 0; the others keep their order, from rung 1 without a gap.

    Nobody is added, and without anybody on duty nothing changes.
    """
    if not any(lead in on_duty for lead in rungs):
        return dict(rungs)
    later = {lead: rung for lead, rung in rungs.items() if lead not in on_duty}
    steps = {rung: place for place, rung in enumerate(sorted(set(later.values())), 1)}
    return {lead: 0 if lead in on_duty else steps[rung] for lead, rung in rungs.items()}


def lowest_rung(rungs: Mapping[LeadId, int]) -> tuple[LeadId, ...]:
    """Give those on the lowest rung that there is."""
    lowest = min(rungs.values(), default=0)
    return tuple(lead for lead, rung in rungs.items() if rung == lowest)


def owner_or_lowest(rungs: Mapping[LeadId, int], owner: str | None) -> tuple[LeadId, ...]:
    """Give whom news of a case is for: its owner, or the lowest rung if it has none who reads it."""
    return tuple(lead for lead in rungs if lead == owner) or lowest_rung(rungs)


def one_level_up(rungs: Mapping[LeadId, int], by: LeadId) -> tuple[LeadId, ...]:
    """Give who stands above a lead where she disagrees: the next rung above hers, else others on hers, else herself.

    Args:
        rungs: The recipients who are there.
        by: The lead; one of them.
    """
    own = rungs.get(by, 0)
    higher = {lead: rung for lead, rung in rungs.items() if rung > own}
    beside = tuple(lead for lead, rung in rungs.items() if rung == own and lead != by)
    return lowest_rung(higher) or beside or (by,)


def others_to_tell(rungs: Mapping[LeadId, int], told: Collection[LeadId], besides: LeadId) -> tuple[LeadId, ...]:
    """Give whom news goes to that did not reach one lead: the lowest rung of those who are left and were told nothing.

    Args:
        rungs: The recipients who are there; who is shut out does not count.
        told: Who is to be told of something of that case.
        besides: The lead whom it did not reach.
    """
    return lowest_rung({lead: rung for lead, rung in rungs.items() if lead != besides and lead not in told})


def first_rung(urgency: Urgency, rung: int, now: datetime, due: datetime | None) -> datetime:
    """When a rung is told for the first time: the lowest at once, the others while nobody acknowledges.

    Something immediate climbs at once; the rest once it is overdue. Without a due time it counts as overdue after the
    time between two rungs.
    """
    step = _LADDER.ladder[urgency].next_rung
    if rung == 0 or urgency == "immediate":
        return now + rung * step
    return (due or now + step) + (rung - 1) * step


def repeat_at(urgency: Urgency, rungs: int, now: datetime, due: datetime | None) -> datetime:
    """When a rung that was told at `now` is told again: after a whole round of `rungs`, and not before it is due.

    At the least 15 minutes pass for something immediate, an hour for the same day, and a day for the rest. Something
    immediate is told again although it is not due.
    """
    round_trip = now + _round(urgency, rungs)
    if urgency == "immediate" or due is None:
        return round_trip
    return max(round_trip, due)


def longest_wait(urgency: Urgency, rungs: int) -> timedelta:
    """How long a rung waits at most where nothing is put off until it is due, somebody's hold included.

    A row that is to be told later than this was written by a clock that was set back since.
    """
    return _round(urgency, rungs) + HOLD


def _round(urgency: Urgency, rungs: int) -> timedelta:
    steps = _LADDER.ladder[urgency]
    return max(steps.again, rungs * steps.next_rung)


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
