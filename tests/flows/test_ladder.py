"""The ladder and the rota as pure decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from flows.duty import escalation
from flows.duty.rota import Rota, unmanned, with_date, with_weekday
from flows.values.ids import LeadId

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADA, BEA, CLEO = LeadId("ada"), LeadId("bea"), LeadId("cleo")
URGENCIES = some.sampled_from(("immediate", "same_day", "soon", "routine"))


@given(some.dictionaries(some.sampled_from("abcdef"), some.integers(0, 5)), some.sets(some.sampled_from("abcdefgh")))
def test_the_order_has_the_same_people_with_those_on_duty_first(rungs: dict[str, int], duty: set[str]) -> None:
    before = {LeadId(lead): rung for lead, rung in rungs.items()}
    after = escalation.rungs_in_order(before, {LeadId(lead) for lead in duty})
    assert set(after) == set(before)
    first = {lead for lead in before if lead in duty}
    if first:
        assert {lead for lead, rung in after.items() if rung == 0} == first
    rest = [lead for lead in before if lead not in first]
    for one in rest:
        for other in rest:
            assert (before[one] < before[other]) == (after[one] < after[other])


@given(URGENCIES, some.integers(0, 5), some.integers(1, 6), some.integers(-100, 5000))
def test_nothing_waits_for_ever_or_is_told_before_it_may(urgency: str, rung: int, rungs: int, due: int) -> None:
    by = NOW + timedelta(minutes=due)
    first = escalation.first_rung(urgency, rung, NOW, by)  # type: ignore[arg-type]
    again = escalation.repeat_at(urgency, rungs, NOW, by)  # type: ignore[arg-type]
    assert again >= NOW + timedelta(minutes=15)
    assert again - max(NOW, by) <= timedelta(days=1)
    if urgency == "immediate":
        assert first == NOW + rung * timedelta(minutes=5)
        assert again - NOW <= escalation.longest_wait("immediate", rungs)
    elif rung:
        assert first >= by


def test_a_day_of_the_rota_is_the_sites_own_day() -> None:
    monday = Rota("Asia/Tokyo", (frozenset({ADA}), frozenset({BEA}), *(frozenset() for _ in range(5))))
    assert monday.at(datetime(2026, 11, 23, 14, 59, tzinfo=UTC)) == {ADA}
    assert monday.at(datetime(2026, 11, 23, 15, 1, tzinfo=UTC)) == {BEA}


def test_a_date_can_be_different_and_goes_once_it_is_over() -> None:
    today = date(2026, 11, 23)
    rota = with_date(Rota("Europe/London", (frozenset({ADA}),) * 7), today, frozenset({BEA}), today)
    assert (rota.on(today), rota.on(today + timedelta(days=7))) == ({BEA}, {ADA})
    later = with_date(rota, today + timedelta(days=9), frozenset({CLEO}), today + timedelta(days=1))
    assert today not in later.dates
    assert with_date(rota, today, frozenset({ADA}), today).dates == {}


def test_a_weekday_can_be_made_like_one_date() -> None:
    today = date(2026, 11, 23)
    rota = with_date(Rota("Europe/London"), today, frozenset({BEA}), today)
    assert unmanned(rota, {0, 1}, {BEA}) == (0, 1)
    every = with_weekday(rota, today, today)
    assert unmanned(every, {0, 1}, {BEA}) == (1,)
    assert unmanned(every, {0, 1}, {ADA}) == (0, 1)
    assert every.dates == {}
    assert every.on(today + timedelta(days=7)) == {BEA}
    assert every.on(today + timedelta(days=8)) == frozenset()
