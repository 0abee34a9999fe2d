"""The policy of notices as one table: it is total, and whatever a messenger says, nothing is lost or tried for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.duty.escalation import CLIMBING, POLICIES, first_rung, others_to_tell, owner_or_lowest, pages
from flows.duty.retries import (
    LATEST,
    SOONEST,
    Ladder,
    Outcome,
    PendingNotice,
    Waiting,
    alerted_for,
    next_state,
    settle,
)
from flows.values.ids import LeadId, NoticeKind, Urgency

NOW = 1_800_000_000
DAY = 24 * 3600
ADA, BEA, CLEO = LeadId("ada"), LeadId("bea"), LeadId("cleo")
KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


def pending(number: int = 1, kind: NoticeKind = "new", lead: LeadId | None = ADA, **more: int) -> PendingNotice:
    return PendingNotice(number, kind, lead, "case", **more)


def a_ladder(*rows: PendingNotice, urgency: Urgency = "immediate", acknowledged: bool = False) -> Ladder:
    return Ladder(urgency, acknowledged, None, rows)


def test_every_kind_of_notice_has_a_policy_and_every_urgency_a_step() -> None:
    assert set(POLICIES) == set(KINDS)
    assert CLIMBING == ("new", "raised")
    for kind in CLIMBING:
        assert set(POLICIES[kind].ladder) == set(URGENCIES)


def test_the_more_urgent_never_waits_longer() -> None:
    for sooner, later in pairwise(URGENCIES):
        steps, more = POLICIES["new"].ladder[sooner], POLICIES["new"].ladder[later]
        assert steps.next_rung <= more.next_rung <= more.again
        assert steps.again <= more.again


@pytest.mark.parametrize(("kind", "urgency", "outcome"), list(product(KINDS, URGENCIES, OUTCOMES)))
def test_the_table_is_total(kind: NoticeKind, urgency: Urgency, outcome: Outcome) -> None:
    """Each kind and urgency, told for the first time, tried for an hour, tried for a day, by each outcome."""
    for since, told in product((0, NOW - 3600, NOW - DAY), (0, 1)):
        notice = pending(kind=kind, since=since, told=told, not_before=NOW)
        state = next_state(notice, a_ladder(notice, urgency=urgency), outcome, NOW)
        if kind in CLIMBING:
            assert isinstance(state, Waiting), "only a human ends it"
            assert NOW < state.not_before <= NOW + DAY
            assert (state.told, state.since) == ((told + 1, 0) if outcome == "delivered" else (told, since or NOW))
        elif outcome == "delivered":
            assert state == "done"
        elif since == NOW - DAY:
            assert state == "given_up"
        else:
            assert isinstance(state, Waiting)
            assert SOONEST <= timedelta(seconds=state.not_before - NOW) <= LATEST
            assert state.since == (since or NOW)


def test_only_something_immediate_that_is_new_or_has_risen_pages() -> None:
    paged = {(kind, urgency) for kind, urgency in product(KINDS, URGENCIES) if pages(kind, urgency)}
    assert paged == {("new", "immediate"), ("raised", "immediate")}


@pytest.mark.parametrize(("kind", "outcome"), list(product(CLIMBING, OUTCOMES)))
def test_a_ladder_ends_with_the_acknowledgement_and_with_its_case(kind: NoticeKind, outcome: Outcome) -> None:
    notice = pending(kind=kind)
    assert next_state(notice, a_ladder(notice, acknowledged=True), outcome, NOW) == "done"
    assert next_state(notice, None, outcome, NOW) == "done"


def test_a_page_that_fails_is_tried_within_seconds_and_one_that_is_refused_with_the_next_round() -> None:
    notice = pending()
    failed, blocked = (next_state(notice, a_ladder(notice), one, NOW) for one in ("failed", "blocked"))  # type: ignore[arg-type]
    assert isinstance(failed, Waiting)
    assert isinstance(blocked, Waiting)
    assert (failed.not_before, blocked.not_before) == (NOW + 5, NOW + 15 * 60)


def test_a_reporter_who_has_blocked_is_told_no_more() -> None:
    reply = PendingNotice(1, "reply", None, "case")
    assert next_state(reply, None, "blocked", NOW) == "given_up"
    assert isinstance(next_state(reply, None, "failed", NOW), Waiting)


def test_where_a_rung_is_not_reached_the_lowest_untold_one_is_due_now() -> None:
    rows = (
        pending(1),
        pending(2, lead=BEA, rung=1, not_before=NOW + 300),
        pending(3, lead=CLEO, rung=2, not_before=NOW + 600),
    )
    settled = settle(rows[:1], {"case": a_ladder(*rows)}, "failed", NOW)
    assert settled.due_now == {2}
    assert settle(rows[:1], {"case": a_ladder(*rows)}, "delivered", NOW).due_now == frozenset()
    assert settle(rows[:1], {"case": a_ladder(*rows, acknowledged=True)}, "failed", NOW).due_now == frozenset()


def test_whoever_is_told_of_the_rise_is_not_told_of_the_case_before_it() -> None:
    rows = pending(1, rung=1, not_before=NOW + 3600), pending(2, "raised"), pending(3, "raised", lead=BEA)
    settled = settle(rows[1:2], {"case": a_ladder(*rows)}, "delivered", NOW)
    assert settled.superseded == {1}
    both = settle(rows[:2], {"case": a_ladder(*rows)}, "delivered", NOW)
    assert (both.next[1], both.superseded) == ("done", frozenset())


def test_the_recipients_are_alerted_once_all_of_them_were_told_and_one_again() -> None:
    first, second = pending(1, told=1), pending(2, lead=BEA, rung=1, told=0, since=NOW - 60)
    assert settle([first], {"case": a_ladder(first, second)}, "delivered", NOW).in_vain == {ADA, BEA}
    untold = pending(2, lead=BEA, rung=1)
    assert settle([first], {"case": a_ladder(first, untold)}, "delivered", NOW).in_vain == frozenset()
    new = pending(1)
    assert settle([new], {"case": a_ladder(new)}, "delivered", NOW).in_vain == frozenset()


def test_news_that_fails_goes_to_others_once() -> None:
    for kind in KINDS:
        fresh = settle([pending(kind=kind)], {}, "failed", NOW).to_others
        assert fresh == ({"case"} if POLICIES[kind].to_others else frozenset())
        assert settle([pending(kind=kind, since=NOW - 5)], {}, "failed", NOW).to_others == frozenset()
        assert settle([pending(kind=kind)], {}, "delivered", NOW).to_others == frozenset()


def test_of_what_is_given_up_recipients_or_everybody_are_alerted_but_for_alerts_and_sign_ins() -> None:
    for kind in KINDS:
        old = PendingNotice(1, kind, ADA, None, since=NOW - DAY)
        assert alerted_for([old]) == (frozenset(), POLICIES[kind].alerts)
    assert alerted_for([pending(kind="message")]) == ({"case"}, False)
    assert {kind for kind in KINDS if not POLICIES[kind].alerts} == {"alert", "sign_in", "known_sign_in", "passkey"}


RUNGS = some.dictionaries(some.sampled_from((ADA, BEA, CLEO, LeadId("dee"))), some.integers(0, 3))


@given(RUNGS, some.sampled_from((ADA, BEA, None)), some.sets(some.sampled_from((ADA, BEA, CLEO))))
def test_whoever_is_told_reads_the_case(rungs: dict[LeadId, int], owner: LeadId | None, told: set[LeadId]) -> None:
    news = owner_or_lowest(rungs, owner)
    assert set(news) <= set(rungs)
    assert bool(news) == bool(rungs)
    others = others_to_tell(rungs, told, ADA)
    left = set(rungs) - told - {ADA}
    assert set(others) <= left
    assert bool(others) == bool(left)


ROWS = some.lists(
    some.builds(
        pending,
        some.integers(1, 6),
        some.sampled_from(KINDS),
        some.sampled_from((ADA, BEA, CLEO)),
        rung=some.integers(0, 3),
        told=some.integers(0, 2),
        since=some.sampled_from((0, NOW - 60, NOW - DAY)),
        not_before=some.sampled_from((NOW, NOW + 600)),
    ),
    min_size=1,
    unique_by=lambda row: row.id,
)


@given(ROWS, some.integers(1, 6), some.sampled_from(URGENCIES), some.sampled_from(OUTCOMES))
def test_no_row_is_settled_twice_and_an_unacknowledged_case_keeps_one_that_climbs(
    rows: list[PendingNotice], many: int, urgency: Urgency, outcome: Outcome
) -> None:
    notices, climbing = rows[:many], tuple(row for row in rows if row.kind in CLIMBING)
    settled = settle(notices, {"case": a_ladder(*climbing, urgency=urgency)}, outcome, NOW)
    assert settled.next.keys() == {notice.id for notice in notices}
    for others in (settled.superseded, settled.due_now):
        assert others.isdisjoint(settled.next)
        assert others <= {row.id for row in climbing}
    assert settled.superseded.isdisjoint(settled.due_now)
    over = settled.superseded | {one for one, state in settled.next.items() if not isinstance(state, Waiting)}
    assert not climbing or {row.id for row in climbing} - over


@given(some.sampled_from(URGENCIES), some.integers(0, 5), some.integers(0, 100_000))
def test_the_lowest_rung_is_told_at_once_and_none_before_one_below_it(urgency: Urgency, rung: int, due: int) -> None:
    now = datetime.fromtimestamp(NOW, UTC)
    by = now + timedelta(seconds=due)
    assert first_rung(urgency, 0, now, by) == now
    assert first_rung(urgency, rung + 1, now, by) >= first_rung(urgency, rung, now, by)
