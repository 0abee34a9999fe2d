"""The year of a site: whole terms, by the first day of each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.measures.terms import CALENDAR, Period, TermsError, read_terms


def test_terms_are_of_four_months_where_a_site_says_nothing() -> None:
    assert CALENDAR.terms_of(2026) == (
        Period(date(2026, 9, 1), date(2027, 1, 1)),
        Period(date(2027, 1, 1), date(2027, 5, 1)),
        Period(date(2027, 5, 1), date(2027, 9, 1)),
    )


@pytest.mark.parametrize("starts", [("09-01", "01-01", "05-01"), ("01-01",), ("02-01", "08-15"), ("09-03", "04-20")])
def test_every_day_is_in_one_term(starts: tuple[str, ...]) -> None:
    terms = read_terms(starts)
    for number in range(3 * 366):
        day = date(2027, 1, 1) + timedelta(days=number)
        assert [one for year in range(2025, 2032) for one in terms.terms_of(year) if day in one] == [terms.term_of(day)]


def test_a_term_is_told_of_once_it_is_over() -> None:
    assert CALENDAR.latest(date(2026, 12, 31)).whole
    assert CALENDAR.latest(date(2026, 12, 31)).begin == date(2025, 9, 1)
    one = CALENDAR.latest(date(2027, 1, 1))
    assert (one.begin, len(one.terms), one.whole) == (date(2026, 9, 1), 1, False)
    assert one.end == date(2027, 1, 1)
    assert CALENDAR.latest(date(2027, 8, 31)).terms == CALENDAR.terms_of(2026)[:2]
    assert CALENDAR.latest(date(2027, 9, 1)).terms == CALENDAR.terms_of(2026)


@pytest.mark.parametrize(
    "starts",
    [
        (),
        ("02-29",),
        ("09-01", "09-01"),
        ("09-01", "05-01", "01-01"),
        ("9-1",),
        ("09-01T00:00",),
        ("",),
        ("01-01", "02-01", "03-01", "04-01", "05-01", "06-01", "07-01"),
    ],
)
def test_days_that_no_year_has_or_out_of_order_are_refused(starts: tuple[str, ...]) -> None:
    with pytest.raises(TermsError):
        read_terms(starts)
