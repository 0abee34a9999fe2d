"""A queue goes by urgency, then by how many the same source sent that day: one voice among many from a few is first."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from storage.database.schema.cases import cases
from storage.database.schema.chats import sources
from storage.values import CaseId
from tests.raw_database import count_rows, fetch, tamper


@pytest.fixture
async def ada(school: Any) -> Any:
    return await school.join("Ada Byron", chat=500)


@pytest.fixture
async def eve(school: Any) -> Any:
    return await school.join("Eve Moneypenny", "deputy", chat=501)


async def order(school: Any, lead: Any) -> list[CaseId]:
    """The open queue, read in pages of three."""
    found: list[CaseId] = []
    after = None
    while True:
        page = await school.store.desk.queues.page(lead, "open", after, 3)
        assert not page.forged
        found += [row.id for row in page.rows]
        after = page.next
        if after is None:
            return found


async def send(school: Any, *leads: Any, chat: int, **changes: Any) -> CaseId:
    school.later(seconds=1)
    sent = await school.send(leads, chat=chat, **changes)
    return CaseId(sent.talk.found.case)


async def test_who_sends_the_second_and_the_sixth_sinks_with_all_that_was_sent_before(school: Any, ada: Any) -> None:
    mine = [await send(school, ada, chat=1)]
    theirs = await send(school, ada, chat=2)
    assert await order(school, ada) == [mine[0], theirs], "the same band: what is due first"
    mine.append(await send(school, ada, chat=1))
    assert await order(school, ada) == [theirs, *mine]
    others = [await send(school, ada, chat=2) for _ in range(2)]
    assert await order(school, ada) == [*mine, theirs, *others], "two sink below one, three below two"
    mine += [await send(school, ada, chat=1) for _ in range(4)]
    assert await order(school, ada) == [theirs, *others, *mine]
    mine += [await send(school, ada, chat=1) for _ in range(2)]
    assert await order(school, ada) == [theirs, *others, *mine], "nothing is hidden, and nothing is lost"
    assert (await school.store.watch.verify()).forged == 0


async def test_urgency_comes_before_everything(school: Any, ada: Any) -> None:
    debouncer = await send(school, ada, chat=1)
    urgent = [await send(school, ada, chat=2, urgency="immediate") for _ in range(6)]
    assert await order(school, ada) == [*urgent, debouncer]


async def test_a_new_day_begins_anew_and_what_was_counted_goes_with_the_old_one(school: Any, ada: Any) -> None:
    old = [await send(school, ada, chat=1) for _ in range(2)]
    school.later(hours=24)
    await school.store.watch.sweep()
    assert await count_rows(school.url, sources) == 0
    ada = await school.unlock("Ada Byron")
    new = await send(school, ada, chat=1)
    assert await order(school, ada) == [new, *old]


async def test_a_lead_whom_one_concern_is_about_sees_no_other_one_move(school: Any, ada: Any, eve: Any) -> None:
    shared = await send(school, ada, eve, chat=1)
    later = await send(school, ada, eve, chat=2)
    hidden = await send(school, ada, eve, chat=1, excluded=(eve.lead.id,))
    assert await order(school, eve) == [shared, later], "as if there were no other"
    assert await order(school, ada) == [later, shared, hidden]


async def test_the_database_names_no_source_and_joins_no_cases(school: Any, ada: Any) -> None:
    sent = [await send(school, ada, chat=77_000_123) for _ in range(2)]
    kept = b"".join(row.mark + row.sealed for row in await fetch(school.url, select(sources)))
    assert kept
    assert not [said for said in ("77000123", *sent) if said.encode() in kept]
    assert [row.bands for row in await fetch(school.url, select(cases))] == [f"{ada.lead.id}=2"] * 2


async def test_a_count_that_was_spoilt_or_taken_away_changes_the_order_and_refuses_nobody(
    school: Any, ada: Any
) -> None:
    for spoil in (update(sources).values(sealed=b"\0"), delete(sources)):
        sent = await send(school, ada, chat=1)
        await tamper(school.url, spoil)
        assert {sent, await send(school, ada, chat=1)} <= set(await order(school, ada))
    assert (await school.store.watch.verify()).forged == 0
