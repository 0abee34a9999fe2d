"""What headers tell for figures: opened once a session, of her own cases alone, and what older headers do not tell."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, update

from flows.values.deeds import AddAnswer, Answered
from flows.values.draft import Chose
from flows.values.text import Text
from storage.cases.header import header_row
from storage.database.schema.cases import cases
from storage.deeds.loading import load_one
from storage.deeds.readers.exclude import Exclude
from storage.deeds.status import CloseCase, ReopenCase
from storage.deeds.words import SendReply
from storage.sealing.keys.pin_lock import Curtain
from storage.values.errors import NotOffered, SessionOver
from tests.raw_database import tamper
from tests.storage.conftest import SITE


async def does(school: Any, lead: Any, case: Any, *deeds: Any) -> None:
    await school.reads(lead, case)
    for deed in deeds:
        await school.store.desk.act(lead, school.arrival(500), case, None, deed)


@contextmanager
def counted(school: Any) -> Iterator[list[str]]:
    """What the database is asked inside the block."""
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    engines = [school.store._core.reader.engine.sync_engine, school.store._core.reader.once.sync_engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_header_tells_when_a_human_answered_first_and_how_it_was_closed_last(school: Any) -> None:
    ada = await school.join("Ada")
    case = (await school.send((ada,))).talk.found.case
    [fresh] = await school.store.desk.case_figures(ada, SITE)
    assert (fresh.counted, fresh.sent, fresh.answered, fresh.closed) == (True, school.now, None, None)
    school.later(minutes=3)
    first = school.now
    await does(school, ada, case, SendReply(ready="read"))
    school.later(minutes=3)
    await does(school, ada, case, SendReply(text="And more."), CloseCase("health", "Settled."))
    [closed] = await school.store.desk.case_figures(ada, SITE)
    assert (closed.answered, closed.closed, closed.outcome) == (first, school.now, "health")
    await does(school, ada, case, ReopenCase("More came."))
    [again] = await school.store.desk.case_figures(ada, SITE)
    assert (again.answered, again.closed, again.outcome) == (first, None, "")


async def test_what_headers_of_before_do_not_tell_is_learnt_when_somebody_opens_the_case(school: Any) -> None:
    """A header as an older version wrote it, whose case was answered and closed."""
    ada = await school.join("Ada")
    case = (await school.send((ada,))).talk.found.case
    await does(school, ada, case, SendReply(ready="read"), CloseCase("police", "Settled."))
    core, told = school.store.desk._core, await school.store.desk.case_figures(ada, SITE)
    async with core.read() as connection:
        loaded = await load_one(core, connection, ada, case)
    old = replace(loaded.glance, answered=None, closed=None, outcome="")
    await core.commit(header_row(loaded.clear, loaded.desk_key, old))
    ada = await school.unlock("Ada")
    [before] = await school.store.desk.case_figures(ada, SITE)
    assert (before.answered, before.closed, before.outcome) == (None, None, "")
    await school.reads(ada, case)
    assert await school.store.desk.case_figures(ada, SITE) == told


async def test_the_second_time_nothing_is_opened_and_what_changed_alone_is(school: Any) -> None:
    ada = await school.join("Ada")
    sent = [(await school.send((ada,), chat=chat)).talk.found.case for chat in range(1, 6)]
    with counted(school) as first:
        assert len(await school.store.desk.case_figures(ada, SITE)) == 5
    with counted(school) as again:
        assert len(await school.store.desk.case_figures(ada, SITE)) == 5
    assert len(again) < len(first)
    assert not any("FROM readers LEFT OUTER JOIN cases" in one for one in again)
    await does(school, ada, sent[0], SendReply(ready="read"))
    found = await school.store.desk.case_figures(ada, SITE)
    assert sum(one.answered is not None for one in found) == 1


async def test_what_is_kept_from_her_later_is_out_of_it_and_what_is_not_genuine_too(school: Any) -> None:
    ada, bea = await school.join("Ada"), await school.join("Bea", chat=501)
    both = [(await school.send((ada, bea), chat=chat)).talk.found.case for chat in (1, 2, 3)]
    assert len(await school.store.desk.case_figures(bea, SITE)) == 3
    await does(school, ada, both[0], Exclude(bea.lead.id, "It is about her."))
    assert len(await school.store.desk.case_figures(bea, SITE)) == 2
    assert [one.counted for one in await school.store.desk.case_figures(ada, SITE)].count(False) == 1
    await tamper(school.url, update(cases).where(cases.c.id == both[1]).values(rank=0))
    ada = await school.unlock("Ada")
    assert len(await school.store.desk.case_figures(ada, SITE)) == 2


async def test_what_its_reporter_told_since_counts_before_anybody_has_read_it(school: Any) -> None:
    ada = await school.join("Ada")
    sent = await school.send((ada,))
    told = Answered("C10", Text("What is it mostly about?"), Chose(("staff_conduct.allegation",)))
    deed = AddAnswer(told, None, (), categories=("staff_conduct.allegation",))
    await school.store.talks.add(school.arrival(1), sent.talk, [deed], school.clocks)
    [one] = await school.store.desk.case_figures(ada, SITE)
    assert not one.counted


async def test_behind_the_curtain_and_for_other_roles_there_is_nothing(school: Any) -> None:
    ada, fay = await school.join("Ada"), await school.join("Fay", "auditor", 501)
    await school.send((ada,))
    await school.store.desk.case_figures(ada, SITE)
    with pytest.raises(NotOffered):
        await school.store.desk.case_figures(fay, SITE)
    ada.draw()
    assert (ada.figures, ada.figure_versions, ada.boxes) == ({}, {}, {})
    with pytest.raises(SessionOver):
        await school.store.desk.case_figures(ada, SITE)


async def test_between_ten_cases_others_run(school: Any) -> None:
    """All of it is in the loop's own thread: what it does in one go is all that anybody waits for."""
    ada = await school.join("Ada")
    for chat in range(1, 26):
        await school.send((ada,), chat=chat)
    turns: list[int] = []

    async def beside() -> None:
        while True:
            turns.append(len(ada.figures))
            await asyncio.sleep(0)

    running = asyncio.create_task(beside())
    assert len(await school.store.desk.case_figures(ada, SITE)) == 25
    running.cancel()
    assert {0, 10, 20} <= {*turns}


@pytest.mark.parametrize("lifted", [False, True])
async def test_a_curtain_drawn_between_two_slices_ends_the_reading_and_leaves_nothing(
    school: Any, *, lifted: bool
) -> None:
    ada = await school.join("Ada")
    for chat in range(1, 26):
        await school.send((ada,), chat=chat)
    curtain, again = Curtain(ada.seed_copy(), "4071"), Curtain(ada.seed_copy(), "4071")
    reading = asyncio.create_task(school.store.desk.case_figures(ada, SITE))
    while not ada.figures:  # noqa: ASYNC110 - a session tells nobody
        await asyncio.sleep(0)
    ada.draw()
    if lifted:
        ada.lift(curtain.lift("4071"), again, school.now)
    with pytest.raises(SessionOver):
        await reading
    assert (ada.figures, ada.figure_versions, ada.figures_state) == ({}, {}, ())
