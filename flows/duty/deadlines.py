"""When somebody is there, and when a concern is due: clocks that run in a site's cover hours only.

Working time is counted over the site's own week, in its own time zone, right across midnight and the change of clocks.
A site that gave no hours promises nothing, and its clocks run day and night, so that what nobody read still alarms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby, islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from flows.duty.hours import ALWAYS_OPEN, Hours, HoursError, Span, read_hours
from flows.values.ids import LeadId, Urgency
from flows.values.situation import Cover, Reader

__all__ = [
    "Due",
    "Hours",
    "HoursError",
    "Span",
    "cover",
    "due",
    "is_open_tomorrow",
    "nobody_lately",
    "opening_by",
    "read_hours",
    "review_by",
]

#: How many days ahead an opening is looked for; a site that is closed for longer has no cover.
_HORIZON: Final = 400

#: A weekend with days off around it is not yet worth a warning.
LATELY: Final = timedelta(days=7)

#: Cover time until the first human acknowledgement and the first action (domain, section 3).
_IMMEDIATE: Final = (timedelta(minutes=15), timedelta(minutes=30))
_SAME_DAY: Final = timedelta(hours=1)

#: Working days until the first human acknowledgement and the first action.
_DAYS: Final[dict[Urgency, tuple[int, int]]] = {"soon": (1, 2), "routine": (2, 5)}

#: Our own proposal, to be signed off like the risk rules; whole days, so that it does not matter when the desk opens.
_REVIEW: Final[Mapping[Urgency, timedelta]] = {
    "immediate": timedelta(days=1),
    "same_day": timedelta(days=1),
    "soon": timedelta(days=7),
    "routine": timedelta(days=14),
}


@dataclass(frozen=True)
class Due:
    """Until when a human has to acknowledge and to act (aware, UTC); None where the site is never open again."""

    acknowledge_by: datetime | None
    act_by: datetime | None


@dataclass(frozen=True)
class _Open:
    """One stretch of cover in UTC, and the day in the site's own calendar that it belongs to."""

    day: date
    start: datetime
    end: datetime


def cover(hours: Hours | None, now: datetime, urgency: Urgency = "immediate") -> Cover:
    """Whether the desk is open at `now` (aware), by when a concern of `urgency` will be read, and when it opens.

    `opens_at` is `now` itself while it is open. Without hours nobody is promised: closed, and both times None.
    """
    if hours is None:
        return Cover(open_now=False, read_by=None, opens_at=None)
    first = next(_from(hours, now), None)
    opens = None if first is None else max(first.start, now.astimezone(UTC))
    open_now = first is not None and first.start <= now
    return Cover(open_now=open_now, read_by=due(hours, urgency, now).acknowledge_by, opens_at=opens)


def is_open_tomorrow(hours: Hours | None, now: datetime) -> bool:
    """Whether the site has hours on the day after `now` (aware), in its own time zone; false where none are known."""
    if hours is None:
        return False
    return bool(_of_day(hours, now.astimezone(ZoneInfo(hours.timezone)).date() + timedelta(days=1)))


def nobody_lately(roster: Sequence[Reader], unlocked: Mapping[LeadId, date | None], today: date) -> bool:
    """Whether of those who read nobody has unlocked for a week; false where nobody reads at all.

    Args:
        roster: Who reads.
        unlocked: The day on which each last unlocked; None, or no entry, where nobody knows.
        today: The present day, in the zone that `unlocked` is in.
    """
    days = [unlocked.get(reader.lead) for reader in roster]
    return bool(days) and all(day is None or today - day >= LATELY for day in days)


def due(hours: Hours | None, urgency: Urgency, sent_at: datetime) -> Due:
    """The clocks of a concern of `urgency` that is sent, or raised, at `sent_at` (aware).

    Immediate: 15 and 30 minutes of cover. Same day: one hour, and the end of the cover day in which that hour is over.
    Soon and routine: so many working days later at the same time of day, moved into that day's hours. Out of hours
    the clock starts with the next opening.
    """
    hours = hours or ALWAYS_OPEN
    if urgency == "immediate":
        return Due(*(_after(hours, sent_at, length) for length in _IMMEDIATE))
    if urgency == "same_day":
        read = _after(hours, sent_at, _SAME_DAY)
        return Due(read, _end_of_day(hours, read) if read else None)
    return Due(*(_days_later(hours, sent_at, days) for days in _DAYS[urgency]))


def review_by(urgency: Urgency, now: datetime) -> datetime:
    """Give until when a case of `urgency` is to be looked at again, after something was done at `now` (aware).

    A day later for immediate and same day, a week for soon, two for routine.
    """
    return now + _REVIEW[urgency]


def opening_by(hours: Hours | None, day: date, now: datetime) -> datetime:
    """Give when the desk opens on a day, so that somebody can do then what is due on it.

    Args:
        hours: Of the site; None where none are known.
        day: In the site's own calendar.
        now: Aware.

    Returns:
        For a day without hours the opening of the last day before it that has some, and the beginning of `day` where
        that is not ahead any more.
    """
    hours = hours or ALWAYS_OPEN
    for back in range(_HORIZON):
        spans = _of_day(hours, day - timedelta(days=back))
        if spans and spans[0].start > now:
            return spans[0].start
        if spans:
            break
    return _utc(day, 0, ZoneInfo(hours.timezone))


def _after(hours: Hours, start: datetime, length: timedelta) -> datetime | None:
    left = length
    for span in _from(hours, start):
        begin = max(span.start, start)
        if left <= span.end - begin:
            return (begin + left).astimezone(UTC)
        left -= span.end - begin
    return None


def _end_of_day(hours: Hours, moment: datetime) -> datetime | None:
    """The end of the cover day that holds `moment`, which is in cover or at the end of it."""
    spans = _from(hours, moment - timedelta(microseconds=1))
    first = next(spans, None)
    if first is None:
        return None
    same = takewhile(lambda span: span.day == first.day, spans)
    return max((first.end, *(span.end for span in same)))


def _days_later(hours: Hours, start: datetime, days: int) -> datetime | None:
    """`days` cover days after the one on which `start` comes into cover, at the same time of day as there."""
    by_day = ((day, tuple(spans)) for day, spans in groupby(_from(hours, start), key=_day))
    first = next(by_day, None)
    later = next(islice(by_day, days - 1, None), None)
    if first is None or later is None:
        return None
    zone = ZoneInfo(hours.timezone)
    begin = max(start, first[1][0].start).astimezone(zone).replace(tzinfo=None)
    wanted = (_midnight(later[0]) + (begin - _midnight(first[0]))).replace(tzinfo=zone).astimezone(UTC)
    span = next((one for one in later[1] if wanted <= one.end), later[1][-1])
    return min(max(wanted, span.start), span.end)


def _day(span: _Open) -> date:
    return span.day


def _from(hours: Hours, start: datetime) -> Iterator[_Open]:
    """Every stretch of cover that ends after `start`, in order; `start` may lie within the first."""
    here = start.astimezone(ZoneInfo(hours.timezone)).date()
    for ahead in range(-1, _HORIZON):
        for span in _of_day(hours, here + timedelta(days=ahead)):
            if span.end > start:
                yield span


@lru_cache(maxsize=256)  # every turn asks for the same few days
def _of_day(hours: Hours, day: date) -> tuple[_Open, ...]:
    if day in hours.holidays:
        return ()
    zone = ZoneInfo(hours.timezone)
    spans = ((_utc(day, span.start, zone), _utc(day, span.end, zone)) for span in hours.weekly[day.weekday()])
    return tuple(_Open(day, start, end) for start, end in spans if start < end)


def _utc(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    return (_midnight(day) + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- wall clock; the zone is put on afterwards
