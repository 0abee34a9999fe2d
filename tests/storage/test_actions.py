"""Who does what by when: told that morning, daily, and to the case's owner once late; until it is done or is not."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from flows.duty.working_days import Reminders
from storage.cases.planned import MOST
from storage.database.schema.cases import cases
from storage.database.schema.notices import outbox
from storage.database.turn import Delete
from storage.deeds.ownership import Claim
from storage.deeds.readers.exclude import Exclude
from storage.deeds.record.actions import EndAction, PlanAction
from storage.deeds.status import CloseCase
from storage.values.errors import NotOffered, Stale, Tampered
from tests.raw_database import fetch, read_tables, tamper

ADA, BEA, EVE = 500, 501, 502
WORDS = "Ring the school nurse, zebrafish."


@pytest.fixture
async def two(school: Any) -> tuple[Any, Any]:
    return await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)


async def act(school: Any, session: Any, case: Any, deed: Any) -> Any:
    row = (await school.reads(session, case)).row
    return await school.store.desk.act(session, school.arrival(session.address.chat_id), case, row.version, deed)


def plan(school: Any, owner: Any, *, days: int = 1, words: str = WORDS) -> PlanAction:
    """Due in so many days; late two days after."""
    morning = (school.now + timedelta(days=days)).replace(hour=8, minute=0, second=0, microsecond=0)
    return PlanAction(words, owner.lead.id, morning.date(), Reminders(morning, morning + timedelta(days=2)))


async def told(school: Any) -> Counter[tuple[str, str]]:
    """Who is told of an action, by name and kind, once those that are due are looked for; the outbox is empty then."""
    await school.store.reminders.tell()
    named = {card.id: card.name for card in await school.store.leads.roster()}
    asked = select(outbox.c.id, outbox.c.lead_id, outbox.c.kind).where(outbox.c.kind.like("action%"))
    rows = await fetch(school.url, asked)
    await school.store._core.commit(*(Delete(outbox, {"id": own}) for own, _, _ in rows))
    return Counter((named[lead], kind) for _, lead, kind in rows)


async def test_the_words_are_sealed_and_only_owner_and_day_are_in_clear(school: Any, two: Any) -> None:
    ada, bea = two
    case = (await school.send(two)).talk.found.case
    row = await act(school, ada, case, plan(school, bea))
    [planned] = row.actions
    assert (planned.text, planned.owner.name) == (WORDS, "Bea Potter")
    for rows in (await read_tables(school.url)).values():
        assert "zebrafish" not in repr(rows).lower()
    view = await school.reads(bea, case)
    [entry] = [one for one in view.entries if one.action and one.action.what == "plan"]
    assert entry.action.detail["action"] == WORDS


async def test_the_owner_is_told_that_morning_then_daily_and_the_cases_owner_once_it_is_late(
    school: Any, two: Any
) -> None:
    ada, bea = two
    case = (await school.send(two)).talk.found.case
    await act(school, ada, case, Claim())
    await act(school, ada, case, plan(school, bea))
    assert await told(school) == {("Bea Potter", "action"): 1}, "somebody else gave it to her"
    school.later(hours=22)
    assert await told(school) == {}
    school.later(hours=1)
    assert await told(school) == {("Bea Potter", "action"): 1}
    assert await told(school) == {}, "once a day"
    school.later(days=1)
    assert await told(school) == {("Bea Potter", "action"): 1}
    school.later(days=1)
    assert await told(school) == {("Bea Potter", "action"): 1, ("Ada Byron", "action_late"): 1}
    school.later(days=5)
    assert await told(school) == {("Bea Potter", "action"): 1, ("Ada Byron", "action_late"): 1}, "not one for each day"
    bea = await school.unlock("Bea Potter", BEA)
    [planned] = (await school.reads(bea, case)).row.actions
    await act(school, bea, case, EndAction(planned.number))
    school.later(days=9)
    assert await told(school) == {}


async def test_whoever_plans_for_herself_is_not_told_at_once(school: Any, two: Any) -> None:
    case = (await school.send(two)).talk.found.case
    await act(school, two[0], case, plan(school, two[0]))
    assert await told(school) == {}


async def test_what_two_leads_end_is_ended_once(school: Any, two: Any) -> None:
    ada, bea = two
    case = (await school.send(two)).talk.found.case
    row = await act(school, ada, case, plan(school, bea))
    number = row.actions[0].number
    await school.store.desk.act(bea, school.arrival(BEA), case, row.version, EndAction(number))
    with pytest.raises(Stale):
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, EndAction(number, "no time"))
    with pytest.raises(NotOffered):
        await act(school, ada, case, EndAction(number))


@pytest.mark.parametrize("words", ["", "   ", "x" * 201])
async def test_no_words_or_too_many_are_not_taken(school: Any, two: Any, words: str) -> None:
    case = (await school.send(two)).talk.found.case
    with pytest.raises(NotOffered):
        await act(school, two[0], case, plan(school, two[1], words=words))


async def test_somebody_who_does_not_read_the_case_gets_nothing_to_do_in_it(school: Any, two: Any) -> None:
    ada, bea = two
    case = (await school.send((ada,))).talk.found.case
    with pytest.raises(NotOffered):
        await act(school, ada, case, plan(school, bea))


async def test_there_are_twenty_at_most(school: Any, two: Any) -> None:
    case = (await school.send(two)).talk.found.case
    for number in range(MOST):
        row = await act(school, two[0], case, plan(school, two[0], words=f"step {number}"))
    assert [one.text for one in row.actions] == [f"step {number}" for number in range(MOST)]
    with pytest.raises(NotOffered):
        await act(school, two[0], case, plan(school, two[0]))


async def test_not_done_takes_a_reason(school: Any, two: Any) -> None:
    case = (await school.send(two)).talk.found.case
    row = await act(school, two[0], case, plan(school, two[1]))
    with pytest.raises(NotOffered):
        await act(school, two[0], case, EndAction(row.actions[0].number, " "))
    after = await act(school, two[0], case, EndAction(row.actions[0].number, "Her mother rang first."))
    assert after.actions == ()
    ended = (await school.reads(two[0], case)).entries[-1].action
    assert (ended.what, ended.detail["reason"], ended.detail["action"]) == ("not_done", "Her mother rang first.", WORDS)


async def test_closing_ends_what_is_open_and_its_reason_is_kept(school: Any, two: Any) -> None:
    case = (await school.send(two)).talk.found.case
    await act(school, two[0], case, Claim())
    await act(school, two[0], case, plan(school, two[1]))
    await told(school)
    row = await act(school, two[0], case, CloseCase("early_help", "The school nurse has seen her already."))
    assert row.actions == ()
    school.later(days=9)
    assert await told(school) == {}


async def test_what_somebody_was_to_do_who_is_kept_out_is_the_case_owners(school: Any, two: Any) -> None:
    ada, bea = two
    eve = await school.join("Eve Cole", "head", chat=EVE)
    case = (await school.send((ada, bea, eve))).talk.found.case
    await act(school, ada, case, Claim())
    await act(school, ada, case, plan(school, bea))
    await told(school)
    row = await act(school, eve, case, Exclude(bea.lead.id, "It is about her sister."))
    assert row.actions[0].owner.name == "Ada Byron"
    school.later(days=1)
    assert await told(school) == {("Ada Byron", "action"): 1}


async def test_what_somebody_was_to_do_who_has_left_is_told_to_whoever_answers_for_the_case(
    school: Any, two: Any
) -> None:
    ada, bea = two
    await school.join("Eve Cole", "head", chat=EVE)
    case = (await school.send(two)).talk.found.case
    await act(school, ada, case, Claim())
    await act(school, ada, case, plan(school, bea))
    await told(school)
    await school.store.leads.team.disable(bea.lead.id)
    school.later(days=1)
    assert await told(school) == {("Ada Byron", "action_late"): 1}


async def test_silence_cannot_be_written_into_the_database(school: Any, two: Any) -> None:
    ada, bea = two
    case = (await school.send(two)).talk.found.case
    row = await act(school, ada, case, plan(school, bea))
    await told(school)
    bea = await school.unlock("Bea Potter", BEA)
    await tamper(school.url, update(cases).where(cases.c.id == case).values(actions=""))
    with pytest.raises(Tampered):
        await school.store.desk.act(bea, school.arrival(BEA), case, row.version, EndAction(row.actions[0].number))
    school.later(days=1)
    before = school.store.tampered
    assert await school.store.reminders.tell() == 0
    assert school.store.tampered > before


async def test_mine_are_listed_and_nothing_of_a_case_that_is_not_mine(school: Any, two: Any) -> None:
    ada, bea = two
    mine = (await school.send(two)).talk.found.case
    other = (await school.send((ada,), chat=2)).talk.found.case
    await act(school, ada, mine, plan(school, bea))
    await act(school, ada, other, plan(school, ada))
    assert [row.id for row in await school.store.desk.own_actions(bea)] == [mine]
    assert [row.id for row in await school.store.desk.own_actions(ada)] == [other]
    await act(school, bea, mine, EndAction((await school.reads(bea, mine)).row.actions[0].number))
    assert await school.store.desk.own_actions(bea) == ()
