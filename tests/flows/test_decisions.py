"""A decision is whole with facts, decision and reason; a day for its review is read strictly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cases.decisions import FURTHEST, PARTS, REVIEW, Decision, days_offered, read_day
from flows.duty.deadlines import opening_by
from flows.duty.hours import read_hours

TODAY = date(2026, 11, 24)
NEEDED = {"facts", "decision", "reason"}
HOURS = read_hours(
    {day: ["08:30-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}, ["2026-12-25"], "Europe/London"
)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_a_decision_needs_what_is_known_what_is_decided_and_why_and_nothing_else() -> None:
    assert {part for part, one in PARTS.items() if one.needed} == NEEDED
    assert list(PARTS)[-1] == REVIEW


def test_the_parts_are_asked_in_order_and_what_was_left_out_is_not_asked_again() -> None:
    begun, asked = Decision(), []
    while begun.following:
        asked.append(begun.following)
        begun = begun.without(begun.following)
        if asked[-1] == begun.following:
            begun = begun.with_words(asked[-1], "so")
    assert asked == list(PARTS)
    assert begun.is_whole
    assert begun.words.keys() == NEEDED


@given(st.lists(st.tuples(st.sampled_from(list(PARTS)), st.text(max_size=3), st.booleans())))
def test_a_decision_is_whole_exactly_if_every_needed_part_has_words(steps: list[tuple[str, str, bool]]) -> None:
    begun, has = Decision(), set[str]()
    for part, text, out in steps:
        if out:
            begun = begun.without(part)
            has -= {part} - NEEDED
        elif part != REVIEW:
            begun = begun.with_words(part, text)
            has = has | {part} if text.strip() else has - {part}
    assert begun.is_whole == (has >= NEEDED)
    assert begun.without("facts") == begun


def test_a_button_is_bound_to_the_very_words_the_day_and_what_is_corrected() -> None:
    one = Decision({"facts": "a"})
    marks = [one, one.with_words("facts", "b"), one.with_review(TODAY), Decision({"facts": "a"}, corrects=3)]
    assert len({made.mark for made in marks}) == len(marks)
    assert one.with_words("facts", "\ud800").mark


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        (" 2027-01-15 ", date(2027, 1, 15)),
        ("2026-11-24", "past"),
        ("1999-01-01", "past"),
        ("2026-02-30", "unread"),
        ("tomorrow", "unread"),
        ("", "unread"),
        ("2060-01-01", "far"),
        ((TODAY + FURTHEST).isoformat(), TODAY + FURTHEST),
    ],
)
def test_a_day_is_ahead_and_not_too_far(typed: str, found: object) -> None:
    assert read_day(typed, TODAY) == found


@given(st.text(max_size=20))
def test_whatever_is_typed_for_a_day_is_answered(typed: str) -> None:
    found = read_day(typed, TODAY)
    assert found in {"unread", "past", "far"} or isinstance(found, date)


def test_what_is_offered_can_be_chosen() -> None:
    assert [read_day(day.isoformat(), TODAY) for _, day in days_offered(TODAY)] == [
        TODAY + timedelta(days=many) for many in (7, 14, 28)
    ]


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 12, 5), date(2026, 12, 4)),  # a Saturday: the Friday before
        (date(2026, 12, 25), date(2026, 12, 24)),  # a holiday
        (date(2027, 3, 29), date(2027, 3, 29)),  # the day after the clocks change
        (date(2026, 11, 25), date(2026, 11, 25)),
    ],
)
def test_what_is_due_on_a_day_comes_up_when_the_desk_opens_by_then(day: date, opens: date) -> None:
    at = opening_by(HOURS, day, NOW).astimezone(ZoneInfo("Europe/London"))
    assert (at.date(), at.hour, at.minute) == (opens, 8, 30)


def test_where_the_opening_before_is_over_the_day_itself_counts() -> None:
    friday = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
    assert opening_by(HOURS, date(2026, 12, 5), friday) == datetime(2026, 12, 5, tzinfo=UTC)
    assert opening_by(None, date(2026, 12, 5), friday) == datetime(2026, 12, 5, tzinfo=UTC)


@given(st.dates(date(2026, 11, 25), date(2028, 11, 1)))
def test_it_is_always_ahead_and_never_after_that_day(day: date) -> None:
    at = opening_by(HOURS, day, NOW)
    assert NOW < at <= datetime(day.year, day.month, day.day, 23, 59, tzinfo=ZoneInfo("Europe/London"))
