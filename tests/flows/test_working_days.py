"""On which days an action can be due, when its owner is told, and when it is late: also over weekends and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.duty.hours import Hours, read_hours
from flows.duty.working_days import due_days, is_working, read_day, reminders, working_day_after

WEEK = {day: ["08:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
SCHOOL = read_hours(WEEK, ["2026-12-25", "2026-12-28"], "Europe/London")
#: A Wednesday.
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "offered"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)]),
        (NOW, [date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)]),
        (datetime(2026, 11, 26, 9, tzinfo=UTC), [date(2026, 11, 26), date(2026, 11, 27)]),
        (datetime(2026, 11, 27, 9, tzinfo=UTC), [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 4)]),
        (datetime(2026, 11, 28, 9, tzinfo=UTC), [date(2026, 11, 30), date(2026, 12, 4)]),
        (datetime(2026, 12, 24, 9, tzinfo=UTC), [date(2026, 12, 24), date(2026, 12, 29)]),
    ],
)
def test_only_working_days_are_offered_and_none_twice(at: datetime, offered: list[date]) -> None:
    assert list(due_days(SCHOOL, at)) == offered


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        (" 1.12.2026 ", date(2026, 12, 1)),
        ("1/12", date(2026, 12, 1)),
        ("4.1.", date(2027, 1, 4)),
        ("25.11.", date(2026, 11, 25)),
        ("24.11.2026", "past"),
        ("1.12.2031", "far"),
        ("25.12.", "closed"),
        ("28.11.", "closed"),
        ("31.2.", "unread"),
        ("next week", "unread"),
        ("١٢.٦.٢٠٢٧", "unread"),
        ("", "unread"),
    ],
)
def test_a_day_is_read_as_people_type_it_or_it_is_said_why_not(typed: str, read: object) -> None:
    assert read_day(typed, SCHOOL, NOW) == read


def test_the_owner_is_told_that_morning_and_others_after_two_working_days() -> None:
    told = reminders(SCHOOL, date(2026, 11, 27), NOW)
    assert told.remind_at == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert told.late_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    over_christmas = reminders(SCHOOL, date(2026, 12, 24), NOW)
    assert over_christmas.late_at == datetime(2026, 12, 30, 8, tzinfo=UTC)


def test_the_morning_is_that_of_the_site_on_both_sides_of_the_change_of_clocks() -> None:
    before, after = date(2027, 3, 26), date(2027, 3, 29)
    assert reminders(SCHOOL, before, NOW).remind_at == datetime(2027, 3, 26, 8, tzinfo=UTC)
    assert reminders(SCHOOL, after, NOW).remind_at == datetime(2027, 3, 29, 7, tzinfo=UTC)


def test_what_is_due_today_is_told_again_tomorrow_once_the_morning_is_over() -> None:
    assert reminders(SCHOOL, date(2026, 11, 25), NOW).remind_at == datetime(2026, 11, 26, 8, tzinfo=UTC)


def test_a_site_that_is_closed_for_good_still_has_days() -> None:
    closed = Hours("Europe/London", ((),) * 7)
    assert working_day_after(closed, date(2026, 11, 25), 2) == date(2026, 11, 27)
    assert due_days(closed, NOW) == ()


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 9))
def test_the_next_working_day_is_one_and_comes_later(day: date, count: int) -> None:
    found = working_day_after(SCHOOL, day, count)
    assert is_working(SCHOOL, found)
    between = [day + timedelta(days=ahead) for ahead in range(1, (found - day).days + 1)]
    assert sum(is_working(SCHOOL, one) for one in between) == count
