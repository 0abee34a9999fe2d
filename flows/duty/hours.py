"""A site's hours as its operator writes them: a week of times, holidays and a time zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

#: Monday first, as `date.weekday` counts.
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY: Final = 24 * 60
_TIMES: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)


class HoursError(ValueError):
    """Hours that cannot be used; the message names the day or key, and what is expected there."""


@dataclass(frozen=True)
class Span:
    """From `start` to `end`, in minutes of wall clock after the midnight that the day begins with.

    A span over midnight ends after 1440; it belongs to the day that it starts on.
    """

    start: int
    end: int


@dataclass(frozen=True)
class Hours:
    """When a site's desk is open: spans for each day of the week from Monday, holidays, an IANA time zone."""

    timezone: str
    weekly: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()

    @property
    def days(self) -> frozenset[int]:
        """The weekdays (Monday is 0) that have hours, also where they only go over midnight into one."""
        opened = [(day, span) for day, spans in enumerate(self.weekly) for span in spans]
        return frozenset((day + late) % 7 for day, span in opened for late in (0, 1) if not late or span.end > _DAY)


#: Day and night, for clocks of a site that gave no hours.
ALWAYS_OPEN: Final = Hours("UTC", ((Span(0, _DAY),),) * 7)


def read_hours(weekly: Mapping[str, Iterable[str]], holidays: Iterable[str | date], timezone: str) -> Hours:
    """Read a week (`{"mon": ["08:00-12:00", "13:00-16:00"]}`), holidays ("2026-12-25" or a date) and a time zone.

    A day that is not named is closed; "22:00-02:00" goes over midnight; "00:00-24:00" is the whole day.

    Raises:
        HoursError: a day, a time, a holiday or the time zone is not understood, or times of a day overlap.
    """
    for day in weekly:
        if day not in DAYS:
            raise HoursError("a day of the hours is none of mon, tue, wed, thu, fri, sat, sun")
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise HoursError("timezone: an IANA name is expected, such as Europe/London") from None
    week = tuple(tuple(sorted((_span(day, text) for text in weekly.get(day, ())), key=_start)) for day in DAYS)
    for place, day in enumerate(DAYS):
        _apart(day, week[place], week[(place + 1) % 7])
    return Hours(timezone, week, frozenset(_holiday(one) for one in holidays))


def _span(day: str, text: str) -> Span:
    found = _TIMES.fullmatch(text.replace(" ", ""))
    if found is None:
        raise HoursError(f"{day}: times like 08:00-16:00 are expected")
    start = int(found[1]) * 60 + int(found[2])
    end = _DAY if found[3] is None else int(found[3]) * 60 + int(found[4])
    return Span(start, end if end > start else end + _DAY)


def _start(span: Span) -> int:
    return span.start


def _apart(day: str, spans: tuple[Span, ...], following: tuple[Span, ...]) -> None:
    after = tuple(Span(span.start + _DAY, span.end + _DAY) for span in following[:1])
    if any(one.end > other.start for one, other in pairwise((*spans, *after))):
        raise HoursError(f"{day}: two times overlap")


def _holiday(one: str | date) -> date:
    if isinstance(one, date):
        return date(one.year, one.month, one.day)
    try:
        return date.fromisoformat(one)
    except ValueError:
        raise HoursError("holidays: days like 2026-12-25 are expected") from None
