"""Goals: sealed for those who take part, signed by each who writes, and without a name that Hark knows."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from flows.measures.terms import CALENDAR
from flows.together.evaluation import Evaluation
from storage.database.schema.together import thread_writings, threads
from storage.deeds.record.people import AddPerson
from storage.sealing.keys.thread_keys import wrapped_for
from storage.values.errors import AlreadySeen, NotOffered, Tampered
from tests.raw_database import all_bytes, fetch, read_tables, tamper, write_tables
from tests.storage.conftest import PASSPHRASE
from tests.storage.test_own_factors import proves
from tests.storage.test_suspending import suspend

ADA, BEA, NUR, FAI = 500, 501, 510, 511
DAY = date(2027, 3, 26)
WHAT = "Quokka corner at lunch"


TERM = CALENDAR.term_of(date(2026, 11, 23))


@pytest.fixture
async def four(school: Any) -> tuple[Any, Any, Any, Any]:
    """Two leads, and two partners."""
    return (
        await school.join("Ada Byron", chat=ADA),
        await school.join("Bea Potter", "deputy", chat=BEA),
        await school.join("Nurse Okafor", "partner", chat=NUR),
        await school.join("Pastor Quill", "partner", chat=FAI),
    )


async def begins(school: Any, lead: Any, owner: Any, what: str = WHAT, measure: str = "Asked in March") -> str:
    arrival = school.arrival(lead.address.chat_id)
    return str(await school.store.together.goals.begin(lead, arrival, what, measure, owner.lead.id, DAY))


async def writes(school: Any, by: Any, goal: str, **said: Any) -> None:
    await school.store.together.goals.write(by, school.arrival(by.address.chat_id), goal, said)


async def ids(school: Any, who: Any) -> list[str]:
    return [one.goal.id for one in await school.store.together.goals.listed(who)]


async def test_leads_see_every_goal_and_a_partner_those_that_name_her(school: Any, four: Any) -> None:
    ada, bea, nurse, pastor = four
    own, hers = await begins(school, ada, ada), await begins(school, bea, nurse)
    assert set(await ids(school, ada)) == set(await ids(school, bea)) == {own, hers}
    assert await ids(school, nurse) == [hers]
    assert await ids(school, pastor) == []
    await writes(school, ada, own, kind="guest", who=pastor.lead.id)
    assert await ids(school, pastor) == [own]
    [view] = await school.store.together.goals.listed(pastor)
    assert (view.goal.what, view.goal.step, set(view.members)) == (WHAT, 1, {one.lead.id for one in (ada, bea, pastor)})


async def test_what_is_wanted_is_in_no_file_and_the_rows_name_no_partner(school: Any, four: Any) -> None:
    ada, _, nurse, _ = four
    await begins(school, ada, nurse)
    assert b"Quokka" not in await all_bytes(school.folder, school.url)
    tables = await read_tables(school.url)
    assert nurse.lead.id not in str(tables["threads"]) + str(tables["thread_writings"])


async def test_a_step_is_the_owners_or_a_leads_and_a_guest_changes_nothing_else(school: Any, four: Any) -> None:
    ada, bea, nurse, pastor = four
    goal = await begins(school, ada, nurse)
    await writes(school, ada, goal, kind="guest", who=pastor.lead.id)
    await writes(school, nurse, goal, kind="step", step=3)
    await writes(school, bea, goal, kind="step", step=4)
    for said in ({"kind": "step", "step": 5}, {"kind": "drop"}, {"kind": "guest", "who": bea.lead.id}):
        with pytest.raises(NotOffered):
            await writes(school, pastor, goal, **said)
    for step in (0, 6):
        with pytest.raises(NotOffered):
            await writes(school, ada, goal, kind="step", step=step)
    [view] = await school.store.together.goals.listed(ada)
    assert (view.goal.step, view.goal.bar, view.goal.is_open) == (4, "■■■■□", True)


async def test_somebody_elses_goal_and_none_are_one_answer(school: Any, four: Any) -> None:
    ada, _, _, pastor = four
    goal = await begins(school, ada, ada)
    for one in (goal, "0" * 16):
        assert await school.store.together.goals.find(pastor, one) is None
        with pytest.raises(NotOffered):
            await writes(school, pastor, one, kind="step", step=2)


async def test_a_lead_who_comes_later_reads_what_was_written_and_one_who_is_shut_out_gets_no_wrap(
    school: Any, four: Any
) -> None:
    ada, bea, _, _ = four
    goal = await begins(school, ada, ada)
    cyd = await school.join("Cyd Marsh", "deputy", chat=502)
    assert await ids(school, cyd) == []
    assert await ids(school, bea) == [goal]  # whoever opens it gives her the key
    assert await ids(school, cyd) == [goal]
    [wraps] = [row[0] for row in await fetch(school.url, select(threads.c.wraps))]
    await suspend(school, (ada, bea), cyd)
    assert await ids(school, ada) == [goal]
    [after] = [row[0] for row in await fetch(school.url, select(threads.c.wraps))]
    assert len(wraps) - len(after) == len(wraps) // 3


async def test_a_known_name_is_refused_whoever_it_is(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada,))).talk.found.case
    row = (await school.reads(ada, case)).row
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, AddPerson("Zelda Axolotl", "child"))
    goal = await begins(school, ada, nurse)
    for text in ("Help for the axolotl family", "Axolotl's lunch", "Ask Ms Potter", "With Okafor", "As Byron said"):
        assert await school.store.together.known_names.are_in(ada, text), text
        with pytest.raises(NotOffered):
            await begins(school, ada, ada, text)
        with pytest.raises(NotOffered):
            await writes(school, ada, goal, kind="plan", what=text, owner=ada.lead.id, day=DAY.isoformat(), of=0)
    assert not await school.store.together.known_names.are_in(ada, "A quiet corner at lunch, and somebody to talk to")
    assert not await school.store.together.known_names.are_in(bea, "Axolotl's lunch"), "Bea cannot open that case"
    assert await school.store.together.known_names.are_in(nurse, "Ask Ms Potter")
    assert not await school.store.together.known_names.are_in(nurse, "Ask Pastor Quill"), (
        "she learns of no other partner"
    )


async def test_a_given_name_alone_is_refused_of_whoever_she_reads_of_or_works_with(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    case = (await school.send((ada,))).talk.found.case
    others = ("Zelda Axolotl", "Hope Quagmire", "Will Numbat", "王小明", "محمد الزهراني", "B Okapi")
    for name in others:
        row = (await school.reads(ada, case)).row
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, AddPerson(name, "child"))
    known = school.store.together.known_names
    for text in (
        *("A corner for zelda", "Zelda's corner", "A corner, we hope", "It is for Will", "给小明一个角落"),
        *("ركن لمحمد هنا", "Ask Bea about it", "ask ada"),
    ):
        assert await known.are_in(ada, text), text
        with pytest.raises(NotOffered):
            await begins(school, ada, ada, text)
    assert not await known.are_in(ada, "B is the corner that will be quiet")
    assert not await known.are_in(ada, "Thank you, Bea", people_only=True)
    assert await known.are_in(ada, "Thank you, Zelda", people_only=True)
    for text in ("A corner for zelda", "A corner, we hope", "It is for Will", "给小明一个角落"):
        assert not await known.are_in(bea, text), "she cannot open that case: as if it were not there"
    assert await known.are_in(nurse, "Ask Bea about it"), "the leads of her site are shown to reporters"
    assert not await known.are_in(nurse, "Ask Zelda about it")


async def test_actions_end_once_and_are_their_owners(school: Any, four: Any) -> None:
    ada, _, nurse, pastor = four
    goal = await begins(school, ada, nurse)
    plan = {"kind": "plan", "what": "Paint it", "owner": nurse.lead.id, "day": DAY.isoformat(), "of": 0}
    await writes(school, ada, goal, **plan)
    with pytest.raises(NotOffered):
        await writes(school, ada, goal, **{**plan, "owner": pastor.lead.id})
    await writes(school, nurse, goal, kind="end", of=2, why="")
    with pytest.raises(NotOffered):
        await writes(school, nurse, goal, kind="end", of=2, why="")
    [view] = await school.store.together.goals.listed(ada)
    assert (view.goal.actions, [who for who, _ in view.goal.done]) == ((), [nurse.lead.id])


async def test_what_is_done_to_the_rows_is_noticed(school: Any, four: Any) -> None:
    ada, _, nurse, _ = four
    goal = await begins(school, ada, nurse)
    before = await read_tables(school.url)
    await writes(school, ada, goal, kind="step", step=3)
    after = await read_tables(school.url)
    await write_tables(school.url, {**after, **{name: before[name] for name in ("threads", "thread_writings")}})
    with pytest.raises(Tampered):  # put back as a whole: the register knows how many writings there are
        await school.store.together.goals.listed(ada)
    assert not (await school.store.watch.verify()).holds
    await write_tables(school.url, after)
    assert (await school.store.watch.verify()).holds
    await tamper(school.url, update(thread_writings).where(thread_writings.c.number == 2).values(author=nurse.lead.id))
    with pytest.raises(Tampered):
        await school.store.together.goals.listed(ada)


async def test_a_signature_stands_for_what_was_seen_and_only_those_who_meet_sign(school: Any, four: Any) -> None:
    ada, bea, nurse, pastor = four
    goal = await begins(school, ada, nurse)
    await writes(school, ada, goal, kind="guest", who=pastor.lead.id)
    people = [ada.lead.id, nurse.lead.id]
    for wrong in ({"people": []}, {"people": ["somebody"]}, {"people": people, "time": "25:00"}):
        with pytest.raises(NotOffered):
            await writes(school, ada, goal, **{"kind": "table", "day": DAY.isoformat(), "time": "", **wrong})
    await writes(school, ada, goal, kind="table", day=DAY.isoformat(), time="14:30", people=people)
    number = 3
    await writes(school, nurse, goal, kind="sign", of=number, agrees=True, upto=number)
    await writes(school, nurse, goal, kind="view", of=number, text="The corner is too loud")
    with pytest.raises(NotOffered):  # her view came since
        await writes(school, ada, goal, kind="sign", of=number, agrees=True, upto=number)
    for who in (bea, pastor):
        for said in ({"kind": "view", "text": "x"}, {"kind": "sign", "agrees": True, "upto": 5}):
            with pytest.raises(NotOffered):
                await writes(school, who, goal, of=number, **said)
    await writes(school, ada, goal, kind="plan", what="Move it", owner=ada.lead.id, day=DAY.isoformat(), of=number)
    with pytest.raises(NotOffered):
        await writes(school, ada, goal, kind="view", of=number, text="Ms Potter is loud")
    await writes(school, ada, goal, kind="sign", of=number, agrees=False, upto=6)
    [view] = await school.store.together.goals.listed(pastor)
    table = view.goal.table
    signed = {who: (one.agrees, one.upto == table.changed) for who, one in table.signed.items()}
    assert signed == {nurse.lead.id: (True, False), ada.lead.id: (False, True)}
    assert [(one.author, one.text) for one in table.views] == [(nurse.lead.id, "The corner is too loud")]
    assert [one.table for one in view.goal.actions] == [number]
    await writes(school, bea, goal, kind="table", day=DAY.isoformat(), time="", people=people)
    with pytest.raises(NotOffered):  # that was another one
        await writes(school, ada, goal, kind="view", of=number, text="late")


async def test_whoever_renews_her_keys_keeps_goals_thanks_and_answers(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    goal = await begins(school, ada, nurse)
    await school.store.together.thanks.say(bea, school.arrival(BEA), ada.lead.id, "Thank you.")
    for who in (ada, bea):
        await school.store.together.evaluations.give(
            who, school.arrival(who.address.chat_id), Evaluation((5,) * 6), TERM
        )
    before = ada.keys.card.key_id
    await proves(school, ada)
    await school.store.leads.own_factors.renew_keys(ada, school.arrival(ADA), PASSPHRASE)
    assert await ids(school, nurse) == [goal], "others read it while she renews"
    _ = [one async for one in school.store.renewals.go_on(ada)]
    assert ada.former is None
    tables = await read_tables(school.url)
    sealed = [wrapped_for(row["wraps"]) for name in ("threads", "letters") for row in tables[name]]
    assert not [names for names in sealed if before in names]
    assert sum(ada.keys.card.key_id in names for names in sealed) == len(sealed) == 4
    assert (await school.store.watch.verify()).holds
    again = await school.unlock("Ada Byron", ADA)
    assert await ids(school, again) == [goal]
    assert [one.text for one in await school.store.together.thanks.waiting(again)] == ["Thank you."]
    assert await ids(school, nurse) == [goal]


async def test_who_writes_at_once_loses_nothing_and_a_step_is_committed_once(school: Any, four: Any) -> None:
    ada, bea, nurse, _ = four
    goal = await begins(school, ada, nurse)
    plan = {"kind": "plan", "owner": nurse.lead.id, "day": DAY.isoformat(), "of": 0}
    people = (ada, bea, nurse)
    await asyncio.gather(*(writes(school, who, goal, **plan, what=f"by {who.address.chat_id}") for who in people))
    [view] = await school.store.together.goals.listed(ada)
    assert sorted(one.what for one in view.goal.actions) == sorted(f"by {who.address.chat_id}" for who in people)
    arrival = school.arrival(ADA)
    said = {"kind": "step", "step": 2}
    await school.store.together.goals.write(ada, arrival, goal, said)
    with pytest.raises(AlreadySeen):
        await school.store.together.goals.write(ada, arrival, goal, said)
    for number in range(6):
        await writes(school, ada, goal, **plan, what=f"more {number}")
    with pytest.raises(NotOffered):  # nine are open
        await writes(school, ada, goal, **plan, what="one too many")
    assert (await school.store.watch.verify()).holds


async def test_a_partner_who_is_taken_out_reads_it_no_more_and_an_owner_hands_it_on_first(
    school: Any, four: Any
) -> None:
    ada, _, nurse, pastor = four
    goal = await begins(school, ada, nurse)
    await writes(school, ada, goal, kind="guest", who=pastor.lead.id)
    assert await ids(school, pastor) == [goal], "she is invited anew"
    for by, who in ((nurse, pastor), (ada, nurse), (ada, ada)):
        with pytest.raises(NotOffered):
            await writes(school, by, goal, kind="out", gone=who.lead.id)
    await writes(school, ada, goal, kind="out", gone=pastor.lead.id)
    assert await ids(school, pastor) == []
    with pytest.raises(NotOffered):
        await writes(school, pastor, goal, kind="step", step=2)
    [wraps] = [row[0] for row in await fetch(school.url, select(threads.c.wraps))]
    assert pastor.keys.card.key_id not in wrapped_for(wraps)
    await writes(school, ada, goal, kind="owner", who=ada.lead.id)
    await writes(school, ada, goal, kind="out", gone=nurse.lead.id)
    assert await ids(school, nurse) == []
