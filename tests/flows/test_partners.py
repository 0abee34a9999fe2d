"""When a partner's agreement is over, what two leads may agree on, and which shares take two."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from flows.together.partners import AGENCIES, LONGEST, QUIET, Agreement, fits, is_over, takes_two

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def agreement(agency: str = "health", since: datetime = NOW, until: datetime = NOW + LONGEST) -> Agreement:
    return Agreement(agency, "signed", since, until)  # type: ignore[arg-type]


def test_it_ends_at_its_last_moment_and_after_ninety_days_away() -> None:
    assert not is_over(agreement(), NOW.date(), NOW)
    assert is_over(agreement(until=NOW), NOW.date(), NOW)
    assert not is_over(agreement(), NOW.date(), NOW + QUIET - DAY)
    assert is_over(agreement(), NOW.date(), NOW + QUIET)
    assert not is_over(agreement(), (NOW + DAY).date(), NOW + QUIET), "she was there since"


def test_quiet_days_count_from_the_agreement_and_one_of_before_from_the_last_visit() -> None:
    assert not is_over(agreement(since=NOW), date(2020, 1, 1), NOW), "made anew after she was away"
    assert not is_over(None, None, NOW), "nobody knows"
    assert not is_over(None, NOW.date(), NOW + QUIET - DAY)
    assert is_over(None, NOW.date(), NOW + QUIET)


@pytest.mark.parametrize(
    ("agency", "what", "job", "days", "good"),
    [
        ("health", "signed", "nurse", 365, True),
        ("health", "signed", "nurse", 365.1, False),
        ("health", "signed", "nurse", 0, False),
        ("health", " ", "nurse", 1, False),
        ("health", "x" * 501, "nurse", 1, False),
        ("health", "signed", " ", 1, False),
        ("health", "signed", "x" * 81, 1, False),
        ("circus", "signed", "nurse", 1, False),
    ],
)
def test_what_two_may_agree_on(agency: str, what: str, job: str, days: float, *, good: bool) -> None:
    assert fits(agency, what, job, NOW + timedelta(days=days), NOW) is good


def test_who_lives_among_families_is_of_no_known_agency_or_is_named_takes_two() -> None:
    two = {agency for agency in AGENCIES if takes_two(agreement(agency), named=False)}
    assert two == {"community", "faith", "youth_club"}
    assert takes_two(None, named=False)
    assert all(takes_two(agreement(agency), named=True) for agency in AGENCIES)
