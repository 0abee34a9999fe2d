"""Days on which somebody is there: what an action can be due on, when its owner is told, and when it is late.

A site that gave no hours has no days off, as its clocks run day and night (`deadlines.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from flows.duty.hours import ALWAYS_OPEN, Hours

#: When the owner of an action is told on its day, by the clock of the site.
MORNING: Final = time(8)
#: How many working days after an action was due the owner of its case is told as well.
LATE_AFTER: Final = 2
#: How far ahead an action can be due; what is further away is a date to look at the case again.
LONGEST: Final = timedelta(days=366)
_FRIDAY: Final = 4
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\.?", re.ASCII)

WhyNot: TypeAlias = Literal["unread", "past", "far", "closed"]


@dataclass(frozen=True, slots=True)
class Reminders:
    """When the owner of an action is first told of it, and from when on the owner of its case is too (aware, UTC)."""

    remind_at: datetime
    late_at: datetime


def today(hours: Hours | None, now: datetime) -> date:
    """Give the day at the site at `now` (aware)."""
    return now.astimezone(_zone(hours)).date()


def is_working(hours: Hours | None, day: date) -> bool:
    """Whether the site has hours on a day of its own calendar, holidays left out."""
    known = hours or ALWAYS_OPEN
    return day not in known.holidays and day.weekday() in known.days


def working_day_after(hours: Hours | None, day: date, count: int = 1) -> date:
    """Give the working day that comes `count` working days after `day`; days alone count where none comes in a year."""
    found, left = day, count
    for _ in range(LONGEST.days):
        found += timedelta(days=1)
        left -= is_working(hours, found)
        if left == 0:
            return found
    return day + timedelta(days=count)


def due_days(hours: Hours | None, now: datetime) -> tuple[date, ...]:
    """Give the days that are offered for an action, without doubles: today, the next working day, and Friday.

    Today only on a working day; Friday is this week's, or next week's from Friday on, and only if it is a working day.
    """
    here = today(hours, now)
    friday = here + timedelta(days=(_FRIDAY - here.weekday()) % 7 or 7)
    offered = (here, working_day_after(hours, here), friday)
    return tuple(dict.fromkeys(day for day in offered if is_working(hours, day)))


def read_day(text: str, hours: Hours | None, now: datetime) -> date | WhyNot:
    """Read a day as people type it: `2026-06-12`, `12.6.2026`, `12/6/2026`, or without a year the next one that comes.

    Returns:
        The day, or why it is none that an action can be due on: it cannot be read, is past, is more than a year away,
        or nobody is there on it.
    """
    day = _typed_day(" ".join(text.split()), today(hours, now))
    if day is None:
        return "unread"
    if day < today(hours, now):
        return "past"
    if day > today(hours, now) + LONGEST:
        return "far"
    return day if is_working(hours, day) else "closed"


def reminders(hours: Hours | None, due: date, now: datetime) -> Reminders:
    """Give when who is told of an action that is due on `due`: on its morning, or tomorrow's if that is over."""
    first = _morning(hours, due)
    if first <= now:
        first = _morning(hours, today(hours, now) + timedelta(days=1))
    return Reminders(first, max(first, _morning(hours, working_day_after(hours, due, LATE_AFTER))))


def _typed_day(text: str, here: date) -> date | None:
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    found = _DAY_FIRST.fullmatch(text)
    if found is None:
        return None
    day, month = int(found[1]), int(found[2])
    if found[3]:
        return _date(int(found[3]), month, day)
    this_year = _date(here.year, month, day)
    return this_year if this_year is None or this_year >= here else _date(here.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _morning(hours: Hours | None, day: date) -> datetime:
    return datetime.combine(day, MORNING, _zone(hours)).astimezone(UTC)


def _zone(hours: Hours | None) -> ZoneInfo:
    return ZoneInfo((hours or ALWAYS_OPEN).timezone)
