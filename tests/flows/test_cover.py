"""Clocks in cover hours: over lunch, nights, weekends, holidays, and the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.duty.deadlines import Due, Hours, cover, due, is_open_tomorrow, read_hours
from flows.values.ids import Urgency

LONDON = ZoneInfo("Europe/London")
WEEK = ("mon", "tue", "wed", "thu", "fri")
SCHOOL = read_hours({day: ["08:00-12:00", "13:00-16:00"] for day in WEEK}, ["2026-12-25"], "Europe/London")
NIGHT = read_hours({"sat": ["22:00-04:00"], "sun": ["22:00-04:00"]}, [], "Europe/London")
NEVER = read_hours({}, [], "UTC")


def london(text: str) -> datetime:
    """A wall clock time in London ("2026-11-23 09:00", a Monday) as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def clocks(hours: Hours, urgency: Urgency, sent: str) -> tuple[str, str]:
    found = due(hours, urgency, london(sent))
    assert found.acknowledge_by is not None
    assert found.act_by is not None
    first, second = (at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") for at in (found.acknowledge_by, found.act_by))
    return first, second


@pytest.mark.parametrize(
    ("urgency", "sent", "acknowledge", "act"),
    [
        ("immediate", "2026-11-23 09:00", "2026-11-23 09:15", "2026-11-23 09:30"),
        ("immediate", "2026-11-23 11:50", "2026-11-23 13:05", "2026-11-23 13:20"),
        ("immediate", "2026-11-23 12:30", "2026-11-23 13:15", "2026-11-23 13:30"),
        ("immediate", "2026-11-23 15:45", "2026-11-23 16:00", "2026-11-24 08:15"),
        ("immediate", "2026-11-20 15:50", "2026-11-23 08:05", "2026-11-23 08:20"),
        ("immediate", "2026-11-21 23:59", "2026-11-23 08:15", "2026-11-23 08:30"),
        ("immediate", "2026-12-24 16:30", "2026-12-28 08:15", "2026-12-28 08:30"),
        ("same_day", "2026-11-23 09:00", "2026-11-23 10:00", "2026-11-23 16:00"),
        ("same_day", "2026-11-23 11:30", "2026-11-23 13:30", "2026-11-23 16:00"),
        ("same_day", "2026-11-23 10:00", "2026-11-23 11:00", "2026-11-23 16:00"),
        ("same_day", "2026-11-23 11:00", "2026-11-23 12:00", "2026-11-23 16:00"),
        ("same_day", "2026-11-23 15:00", "2026-11-23 16:00", "2026-11-23 16:00"),
        ("same_day", "2026-11-23 15:30", "2026-11-24 08:30", "2026-11-24 16:00"),
        ("same_day", "2026-11-21 10:00", "2026-11-23 09:00", "2026-11-23 16:00"),
        ("soon", "2026-11-23 09:00", "2026-11-24 09:00", "2026-11-25 09:00"),
        ("soon", "2026-11-20 09:00", "2026-11-23 09:00", "2026-11-24 09:00"),
        ("soon", "2026-11-23 12:30", "2026-11-24 13:00", "2026-11-25 13:00"),
        ("soon", "2026-11-23 18:00", "2026-11-25 08:00", "2026-11-26 08:00"),
        ("soon", "2026-12-24 09:00", "2026-12-28 09:00", "2026-12-29 09:00"),
        ("routine", "2026-11-23 09:00", "2026-11-25 09:00", "2026-11-30 09:00"),
    ],
)
def test_the_clocks_of_a_school(urgency: Urgency, sent: str, acknowledge: str, act: str) -> None:
    assert clocks(SCHOOL, urgency, sent) == (acknowledge, act)


@pytest.mark.parametrize(
    ("sent", "acknowledge"),
    [
        ("2026-03-28 23:30", "2026-03-29 00:30"),
        ("2026-03-29 00:45", "2026-03-29 02:45"),
        ("2026-10-25 00:30", "2026-10-25 01:30"),
        ("2026-10-25 01:30", "2026-10-25 01:30"),
        ("2026-10-25 03:30", "2026-10-25 22:30"),
    ],
)
def test_an_hour_is_an_hour_while_the_clocks_change(sent: str, acknowledge: str) -> None:
    """At 01:00 on 29 March London goes on to 02:00; at 02:00 on 25 October back to 01:00."""
    assert clocks(NIGHT, "same_day", sent)[0] == acknowledge


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    assert clocks(NIGHT, "same_day", "2026-11-22 01:00") == ("2026-11-22 02:00", "2026-11-22 04:00")
    assert clocks(NIGHT, "soon", "2026-11-22 01:00")[0] == "2026-11-23 01:00"


def test_a_working_day_keeps_its_hour_when_the_clocks_change() -> None:
    assert clocks(SCHOOL, "soon", "2026-03-27 09:00")[0] == "2026-03-30 09:00"


def test_a_shorter_day_moves_what_is_due_into_its_hours() -> None:
    hours = read_hours({"mon": ["08:00-16:00"], "tue": ["10:00-12:00"]}, [], "Europe/London")
    assert clocks(hours, "soon", "2026-11-23 08:30")[0] == "2026-11-24 10:00"
    assert clocks(hours, "soon", "2026-11-23 15:30")[0] == "2026-11-24 12:00"


def test_open_closed_and_when_it_opens() -> None:
    open_now = cover(SCHOOL, london("2026-11-23 09:00"))
    assert (open_now.open_now, open_now.opens_at) == (True, london("2026-11-23 09:00"))
    assert open_now.read_by == london("2026-11-23 09:15")
    lunch = cover(SCHOOL, london("2026-11-23 12:00"), "same_day")
    assert (lunch.open_now, lunch.opens_at) == (False, london("2026-11-23 13:00"))
    assert lunch.read_by == london("2026-11-23 14:00")
    assert cover(SCHOOL, london("2026-11-20 16:00")).opens_at == london("2026-11-23 08:00")


def test_without_hours_nothing_is_promised_and_clocks_run_day_and_night() -> None:
    found = cover(None, london("2026-11-22 03:00"))
    assert (found.open_now, found.read_by, found.opens_at) == (False, None, None)
    sent = london("2026-11-22 23:50")
    assert due(None, "immediate", sent) == Due(sent + timedelta(minutes=15), sent + timedelta(minutes=30))


@pytest.mark.parametrize("urgency", get_args(Urgency))
def test_a_site_that_never_opens_has_no_clocks(urgency: Urgency) -> None:
    assert due(NEVER, urgency, london("2026-11-23 09:00")) == Due(None, None)
    assert cover(NEVER, london("2026-11-23 09:00")).opens_at is None


ZONES = ("Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
spans = st.tuples(st.integers(0, 46), st.integers(1, 24)).map(
    lambda pair: f"{pair[0] // 2:02}:{pair[0] % 2 * 30:02}-{_until(pair[0] + pair[1])}"
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds


def _until(half_hours: int) -> str:
    return "24:00" if half_hours >= 48 else f"{half_hours // 2:02}:{half_hours % 2 * 30:02}"


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    days = draw(st.dictionaries(st.sampled_from((*WEEK, "sat", "sun")), spans, min_size=1))
    holidays = draw(st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    return read_hours({day: [span] for day, span in days.items()}, holidays, draw(st.sampled_from(ZONES)))


@given(
    hours=weeks(),
    urgency=st.sampled_from(get_args(Urgency)),
    sent=moments,
    later=st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_due_times_are_never_past_inside_cover_and_never_earlier_for_what_came_later(
    hours: Hours, urgency: Urgency, sent: datetime, later: timedelta
) -> None:
    first, second = due(hours, urgency, sent), due(hours, urgency, sent + later)
    assert first.acknowledge_by is not None
    assert first.act_by is not None
    assert second.acknowledge_by is not None
    assert second.act_by is not None
    assert sent < first.acknowledge_by <= first.act_by
    assert first.acknowledge_by <= second.acknowledge_by
    assert first.act_by <= second.act_by
    for at in (first.acknowledge_by, first.act_by):
        assert at.tzinfo is UTC
        assert cover(hours, at).open_now or cover(hours, at - timedelta(microseconds=1)).open_now


@given(hours=weeks(), now=moments)
def test_what_opens_is_open_then_and_was_closed_just_before(hours: Hours, now: datetime) -> None:
    found = cover(hours, now)
    assert found.opens_at is not None
    assert found.opens_at >= now
    assert cover(hours, found.opens_at).open_now
    assert found.open_now is (found.opens_at == now)


@given(hours=weeks(), sent=moments)
def test_a_more_urgent_concern_is_never_due_later(hours: Hours, sent: datetime) -> None:
    times = [due(hours, urgency, sent).acknowledge_by for urgency in ("immediate", "same_day")]
    assert times[0] is not None
    assert times[1] is not None
    assert times[0] < times[1]


@pytest.mark.parametrize(
    ("now", "tomorrow"),
    [
        ("2026-11-23 09:00", True),
        ("2026-11-26 23:59", True),
        ("2026-11-27 00:01", False),  # a Friday
        ("2026-11-29 20:00", True),
        ("2026-12-24 09:00", False),  # before a holiday
    ],
)
def test_tomorrow_is_a_day_of_the_site_with_hours_and_no_holiday(now: str, *, tomorrow: bool) -> None:
    assert is_open_tomorrow(SCHOOL, london(now)) is tomorrow
    assert not is_open_tomorrow(None, london(now))
