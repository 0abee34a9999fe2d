"""The weekly check-in: when it is due, what it says of goals, and how far it counts what others did.

Own numbers are exact; what is said of all is in lots of five, rounded down, so that nobody's own step shows in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from flows.duty.hours import Hours
from flows.duty.working_days import MORNING, is_working
from flows.together.goals import STEPS, Goal
from flows.values.ids import LeadId

#: How it is going, once a week and person.
CheckIn: TypeAlias = Literal["on_track", "help", "not_now"]
CHECK_INS: Final[tuple[CheckIn, ...]] = get_args(CheckIn)
#: What is not one's own is counted by so many.
LOT: Final = 5
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """What a week came to, for one person: goals that moved of all hers, those that were reached, and her actions.

    `done` and `late` are of all who take part in these goals, in lots of five; 0 stands for fewer than five.
    """

    moved: int
    goals: int
    reached: tuple[Goal, ...] = field(repr=False)
    own_due: int
    own_late: int
    done: int
    late: int


def week_of(hours: Hours, now: datetime) -> date:
    """Give the Monday of the week that it is at the site."""
    here = now.astimezone(ZoneInfo(hours.timezone)).date()
    return here - timedelta(days=here.weekday())


def told_at(hours: Hours, monday: date) -> datetime | None:
    """Give when a site is told in a week (aware, UTC): eight o'clock there on Monday, or on the first working day.

    None where nobody is there all week.
    """
    days = (monday + timedelta(days=number) for number in range(_WEEK.days))
    first = next((day for day in days if is_working(hours, day)), None)
    return None if first is None else datetime.combine(first, MORNING, ZoneInfo(hours.timezone)).astimezone(UTC)


def due_week(hours: Hours, now: datetime) -> date | None:
    """Give the week, by its Monday, of which a site is to be told now: from eight o'clock until that day ends there.

    None at any other time: a check-in that comes days later is not one.
    """
    monday, zone = week_of(hours, now), ZoneInfo(hours.timezone)
    at = told_at(hours, monday)
    if at is None or now < at or now.astimezone(zone).date() != at.astimezone(zone).date():
        return None
    return monday


def in_lots(count: int) -> int:
    """Give a count in whole lots of five, rounded down; 0 stands for fewer than five."""
    return count // LOT * LOT


def week_together(goals: Iterable[Goal], who: LeadId, today: date, now: datetime) -> Week:
    """Give what the last seven days came to.

    Args:
        goals: Those in which she takes part.
        who: Whose own numbers these are.
        today: The day at the site.
        now: When (aware).
    """
    listed = [one for one in goals if not one.dropped]
    moved = [one for one in listed if one.moved_at is not None and now - _WEEK < one.moved_at <= now]
    still = [one for one in listed if one.is_open or one in moved]
    actions = [action for one in listed if one.is_open for action in one.actions]
    late = [one for one in actions if one.due < today]
    done = [who for one in listed for who, at in one.done if now - _WEEK < at <= now]
    own = [one for one in actions if one.owner == who]
    return Week(
        moved=len(moved),
        goals=len(still),
        reached=tuple(one for one in moved if one.step == STEPS),
        own_due=sum(today <= one.due < today + _WEEK for one in own),
        own_late=sum(one.due < today for one in own),
        done=in_lots(len(done)),
        late=in_lots(len(late)),
    )
