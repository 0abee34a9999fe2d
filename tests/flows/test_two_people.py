"""What takes two people: the rule, and every way in which one alone might seem to be two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flows.cases.approvals import WITHIN, WITHIN_A_DAY, Proposal, is_second
from flows.cases.roles import time_for
from flows.cases.triage import OUTCOMES, closing, needs_second
from flows.conversation.explanation import admitting
from flows.values.ids import LeadId

ANNA, BELL = LeadId("anna"), LeadId("bell")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FIRST = Proposal(ANNA, NOW, "as it was")
BOTH = frozenset({ANNA, BELL})


def test_a_different_person_completes_what_stands_as_it_was_proposed() -> None:
    assert is_second(FIRST, BELL, "as it was", NOW, among=BOTH)
    assert is_second(FIRST, BELL, "as it was", NOW + WITHIN - timedelta(seconds=1), among=BOTH)


def test_nobody_is_second_to_nothing_or_to_themselves() -> None:
    assert not is_second(None, BELL, "as it was", NOW, among=BOTH)
    assert not is_second(FIRST, ANNA, "as it was", NOW, among=BOTH)


def test_a_proposal_lapses_with_what_it_was_about_and_with_its_time() -> None:
    assert not is_second(FIRST, BELL, "changed since", NOW, among=BOTH)
    assert not is_second(FIRST, BELL, "as it was", NOW + WITHIN, among=BOTH)
    assert not is_second(FIRST, BELL, "as it was", NOW - timedelta(seconds=1), among=BOTH), "the clock was set back"
    assert not is_second(FIRST, BELL, "as it was", NOW + timedelta(days=1), among=BOTH, within=WITHIN_A_DAY)


def test_a_second_person_has_a_day_for_what_is_sensitive_and_else_a_week() -> None:
    assert {time_for(closing(one)) for one in OUTCOMES if needs_second(one)} == {WITHIN_A_DAY}
    assert time_for(admitting(BELL)) == WITHIN


def test_whoever_may_not_do_it_any_more_is_neither_first_nor_second() -> None:
    assert not is_second(FIRST, BELL, "as it was", NOW, among={BELL})
    assert not is_second(replace(FIRST, by=BELL), ANNA, "as it was", NOW, among={BELL})


def test_a_week_and_a_day_are_that_long() -> None:
    assert (timedelta(days=7), timedelta(hours=24)) == (WITHIN, WITHIN_A_DAY)
    assert is_second(FIRST, BELL, "as it was", NOW + timedelta(hours=23), among=BOTH, within=WITHIN_A_DAY)
