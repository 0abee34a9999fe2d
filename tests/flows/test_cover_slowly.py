"""Due times against a slow model that looks at every minute of the wall clock, also while the clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some

from flows.duty.deadlines import due, read_hours
from flows.duty.hours import DAYS, Hours

_MINUTE = timedelta(minutes=1)
#: Nothing begins or ends between one and three, when clocks change: what half past two is then is for nobody to say.
STARTS, LENGTHS = (3, 7, 8, 13, 18, 22), (1, 4, 5, 9)
#: Just before London, New York and Sydney set their clocks forward and back, and a week in which nobody does.
CHANGES = tuple(
    datetime(2026, month, day, tzinfo=UTC)
    for month, day in ((3, 27), (10, 23), (3, 6), (10, 30), (10, 2), (4, 3), (11, 23))
)


def in_cover(hours: Hours, moment: datetime) -> bool:
    """Whether the minute that begins at a moment is one of cover, by the clock on the wall."""
    wall = moment.astimezone(ZoneInfo(hours.timezone))
    minute = wall.hour * 60 + wall.minute
    yesterday = wall.date() - timedelta(days=1)
    return any(
        span.start <= at < span.end
        for day, at in ((wall.date(), minute), (yesterday, minute + 24 * 60))
        if day not in hours.holidays
        for span in hours.weekly[day.weekday()]
    )


def minutes_of_cover(hours: Hours, sent: datetime) -> Iterator[datetime]:
    """The ends of all minutes of cover after a moment, for a month."""
    for number in range(31 * 24 * 60):
        if in_cover(hours, sent + number * _MINUTE):
            yield sent + (number + 1) * _MINUTE


@some.composite
def weeks(draw: some.DrawFn) -> Hours:
    start, length = draw(some.sampled_from(STARTS)), draw(some.sampled_from(LENGTHS))
    end = (start + length) % 24
    end = 3 if 1 <= end < 3 else end
    days = draw(some.sets(some.sampled_from(DAYS), min_size=3))
    holidays = draw(some.sets(some.dates(CHANGES[0].date(), CHANGES[0].date() + timedelta(days=5)), max_size=2))
    zone = draw(some.sampled_from(("Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Sydney")))
    return read_hours({day: [f"{start:02}:00-{end:02}:00"] for day in days}, holidays, zone)


@settings(max_examples=60, deadline=None)
@given(hours=weeks(), begin=some.sampled_from(CHANGES), minutes=some.integers(0, 4 * 24 * 60))
def test_the_first_clocks_run_exactly_the_minutes_of_cover(hours: Hours, begin: datetime, minutes: int) -> None:
    sent = begin + minutes * _MINUTE
    ends = list(islice(minutes_of_cover(hours, sent), 60))
    immediate, same_day = due(hours, "immediate", sent), due(hours, "same_day", sent)
    assert (immediate.acknowledge_by, immediate.act_by) == (ends[14], ends[29])
    assert same_day.acknowledge_by == ends[59]
    closes = next(at for at in (ends[59] + number * _MINUTE for number in range(24 * 60)) if not in_cover(hours, at))
    assert same_day.act_by == closes


@settings(max_examples=60, deadline=None)
@given(begin=some.sampled_from(CHANGES), minutes=some.integers(0, 4 * 24 * 60), days=weeks())
def test_working_days_are_counted_one_by_one_on_the_calendar_of_the_site(
    begin: datetime, minutes: int, days: Hours
) -> None:
    one = {day: ["08:00-16:00"] for day, spans in zip(DAYS, days.weekly, strict=True) if spans}
    hours = read_hours(one, days.holidays, days.timezone)
    zone, sent = ZoneInfo(hours.timezone), begin + minutes * _MINUTE
    first = next(minutes_of_cover(hours, sent)) - _MINUTE
    left, day = {"soon": 1, "routine": 2}, first.astimezone(zone).date()
    for urgency, count in left.items():
        later, at = count, day
        while later:
            at += timedelta(days=1)
            later -= bool(hours.weekly[at.weekday()]) and at not in hours.holidays
        expected = datetime.combine(at, first.astimezone(zone).time(), zone)
        assert due(hours, urgency, sent).acknowledge_by == expected.astimezone(UTC)  # type: ignore[arg-type]
