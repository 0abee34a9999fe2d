"""Who looks through who read what: every read has one reviewer who may, and another one is first each week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.cases.read_reviews import Reviewer, Seen, assigned, by_level, in_turn, reviewer_of, weeks
from flows.values.ids import LeadId

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TEAM = [
    Reviewer(LeadId("ada"), "lead", "oak"),
    Reviewer(LeadId("bea"), "deputy", "oak"),
    Reviewer(LeadId("cleo"), "head", "oak"),
    Reviewer(LeadId("dora"), "chair", "elm"),
]


def test_another_one_is_first_each_week_and_nobody_is_first_twice_before_all_were() -> None:
    first = [in_turn(TEAM, "oak", MONDAY + timedelta(weeks=week))[0] for week in range(6)]
    assert sorted(first[:3]) == ["ada", "bea", "cleo"]
    assert first[:3] == first[3:]
    assert all(in_turn(TEAM, "oak", MONDAY + timedelta(weeks=week))[-1] == "dora" for week in range(6))


def test_where_nobody_has_looked_the_head_is_told_then_the_next_level() -> None:
    assert by_level(TEAM, "oak") == ("cleo", "ada", "bea", "dora")
    read = Seen(LeadId("cleo"), "case", frozenset(map(LeadId, ("ada", "bea", "cleo"))), "oak")
    assert reviewer_of(read, by_level(TEAM, "oak")) == "ada"


@given(st.sampled_from(TEAM), st.sets(st.sampled_from([one.id for one in TEAM])), st.integers(0, 60))
def test_nobody_reviews_herself_or_learns_of_a_case_that_she_cannot_open(
    reader: Reviewer, recipients: set[LeadId], week: int
) -> None:
    order = in_turn(TEAM, "oak", MONDAY + timedelta(weeks=week))
    read = Seen(reader.id, "case", frozenset(recipients), "oak")
    found = reviewer_of(read, order)
    assert found in recipients - {reader.id} or (found is None and not recipients - {reader.id})
    assert assigned([read], {"oak": order}) == ({} if found is None else {read: found})


def test_the_weeks_end_on_monday_morning() -> None:
    assert weeks(MONDAY - timedelta(seconds=1))[2] == MONDAY - timedelta(weeks=1)
    assert weeks(MONDAY) == (MONDAY - timedelta(weeks=2), MONDAY - timedelta(weeks=1), MONDAY)
