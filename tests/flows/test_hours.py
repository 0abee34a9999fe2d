"""Hours as an operator writes them, and what is said about those that cannot be used."""

from datetime import UTC, date, datetime

import pytest

from flows.duty.hours import Hours, HoursError, Span, read_hours


def test_a_week_is_read_from_monday_and_a_day_that_is_not_named_is_closed() -> None:
    hours = read_hours({"tue": ["13:00-16:30", "08:00-12:00"]}, ["2026-12-25"], "Europe/London")
    assert hours.weekly == ((), (Span(480, 720), Span(780, 990)), (), (), (), (), ())
    assert hours.holidays == {date(2026, 12, 25)}


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("00:00-24:00", Span(0, 1440)),
        ("22:00-02:00", Span(1320, 1560)),
        ("08:00-00:00", Span(480, 1440)),
        (" 08:00 - 16:00 ", Span(480, 960)),
    ],
)
def test_whole_days_and_midnight(text: str, span: Span) -> None:
    assert read_hours({"mon": [text]}, [], "UTC").weekly[0] == (span,)


def test_days_of_a_calendar_are_taken_as_they_are() -> None:
    hours = read_hours({}, [date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC)], "UTC")
    assert hours.holidays == {date(2026, 1, 1), date(2026, 1, 2)}


def test_round_the_clock_does_not_overlap_with_itself() -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert isinstance(read_hours({day: ["00:00-24:00"] for day in days}, [], "UTC"), Hours)


@pytest.mark.parametrize(
    ("weekly", "holidays", "timezone", "says"),
    [
        ({"monday": []}, [], "UTC", "a day of the hours"),
        ({"mon": ["8-16"]}, [], "UTC", "mon: times like"),
        ({"mon": ["08:00-25:00"]}, [], "UTC", "mon: times like"),
        ({"fri": ["08:00-12:00", "11:00-13:00"]}, [], "UTC", "fri: two times overlap"),
        ({"sun": ["22:00-03:00"], "mon": ["02:00-08:00"]}, [], "UTC", "sun: two times overlap"),
        ({}, ["25.12."], "UTC", "holidays:"),
        ({}, [], "Oak/School", "timezone:"),
        ({}, [], "../etc", "timezone:"),
        ({}, [], "", "timezone:"),
    ],
)
def test_unfit_hours_are_refused_by_the_name_of_what_is_wrong(
    weekly: dict[str, list[str]], holidays: list[str], timezone: str, says: str
) -> None:
    with pytest.raises(HoursError, match=says):
        read_hours(weekly, holidays, timezone)
