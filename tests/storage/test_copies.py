"""The numbers that a lead is told: rows of queues that somebody wrote are found by the count itself, which is right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from storage.database.schema.cases import readers
from storage.deeds.ownership import Claim
from storage.desk.queue import queue
from storage.values import Brief, Which
from tests.raw_database import read_tables, tamper, write_tables

#: What somebody might write into the rows of a queue, so that a number is another one or a case is not in sight.
WRITTEN: tuple[dict[str, Any], ...] = (
    {"open": 0},
    {"rank": 3},
    {"due_at": 0},
    {"unread": 1 - readers.c.unread},
    {"version": readers.c.version + 1},
    {"mac": None},
)
#: The same in other columns, or with other values: it is found by the MAC of the row, in which an engine has no part.
LIKEWISE: tuple[dict[str, Any], ...] = (
    {"open": 0, "unread": 0, "status": "closed"},
    {"band": 4},
    {"due_at": 9_999_999_999},
    {"status": "new"},
    {"status": "open"},
    {"owner": "EVE"},
    {"rung": 7},
    {"read_to": 99, "unread": 0},
)
ONCE = pytest.mark.sqlite_only("a like case runs on a server")


@pytest.fixture
async def ada(school: Any) -> Any:
    """A lead with three cases: one that she took up and read, one new, and one with words that she has not read."""
    lead = await school.join("Ada Byron", chat=500)
    for chat in (1, 2, 3):
        sent = await school.send((lead,), chat=chat)
        if chat != 2:
            await school.reads(lead, sent.talk.found.case)
        if chat == 3:
            await school.say(sent.talk, "and more", chat=chat)
    [row, *_] = (await school.store.desk.queues.page(lead)).rows
    await school.store.desk.act(lead, school.arrival(500), row.id, row.version, Claim())
    return lead


async def numbers(school: Any, lead: Any) -> tuple[int, ...]:
    brief: Brief = await school.store.desk.queues.brief(lead, school.now + timedelta(hours=8))
    return brief.new, brief.unread, brief.overdue, brief.due_today, brief.open


@pytest.mark.parametrize("seen", [True, False], ids=["seen before", "first seen"])
@pytest.mark.parametrize("written", [*WRITTEN, *(pytest.param(one, marks=ONCE) for one in LIKEWISE)], ids=", ".join)
async def test_a_number_that_somebody_wrote_is_found_and_right(
    school: Any, ada: Any, written: dict[str, Any], *, seen: bool
) -> None:
    before = await numbers(school, ada)
    assert not school.store.tampered
    if not seen:
        ada.proved.clear()
    await tamper(school.url, update(readers).values(written))
    assert await numbers(school, ada) == before
    assert school.store.tampered


@pytest.mark.parametrize("which", ["open", "new", "unread"])
async def test_the_total_of_a_page_is_of_genuine_rows(school: Any, ada: Any, which: Which) -> None:
    total = (await school.store.desk.queues.page(ada, which, None, 1)).total
    values = {"open": 1, "status": "new", "unread": 1, "rank": 3 - readers.c.rank}
    await tamper(school.url, update(readers).values(values))
    assert (await school.store.desk.queues.page(ada, which, None, 1)).total == total
    assert school.store.tampered


@pytest.mark.parametrize("tables", [("readers",), ("readers", "cases")], ids=["the row", "the row and its case"])
async def test_a_row_that_is_put_back_is_found_by_the_count(school: Any, ada: Any, tables: tuple[str, ...]) -> None:
    await numbers(school, ada)
    before = await read_tables(school.url)
    [row, *_] = (await school.store.desk.queues.page(ada, "unread")).rows
    await school.reads(ada, row.id)
    after = await numbers(school, ada)
    assert not school.store.tampered
    assert await write_tables(school.url, {name: before[name] for name in tables})
    counted = await numbers(school, ada)
    assert school.store.tampered
    assert counted == after or "cases" in tables  # nothing is left that could tell how it was


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the brief count as it does for a lead with more than 1,000 cases."""
    monkeypatch.setattr(queue, "COUNTED", 0)


@pytest.mark.usefixtures("many")
async def test_many_are_counted_as_few_are_and_as_the_time_goes_on(school: Any, ada: Any) -> None:
    for _ in range(16):  # steps that no desk is idle for
        school.later(minutes=5)
        counted = await numbers(school, ada)
        assert await numbers(school, ada) == counted  # what is kept tells the same
        with pytest.MonkeyPatch.context() as few:
            few.setattr(queue, "COUNTED", 1_000)
            assert await numbers(school, ada) == counted
    assert counted[2]  # by now something is overdue
    assert not school.store.tampered


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "written",
    [{"due_at": 0}, {"status": "new"}, {"unread": 1}, {"version": readers.c.version + 1}, {"open": 1, "mac": None}],
    ids=", ".join,
)
async def test_of_many_a_row_that_somebody_wrote_into_a_queue_is_not_counted(
    school: Any, ada: Any, written: dict[str, Any]
) -> None:
    before = await numbers(school, ada)
    await tamper(school.url, update(readers).values(written))
    # What was taken out of a queue is missed by the recheck, where there are too many to read them all.
    assert all(now <= then for now, then in zip(await numbers(school, ada), before, strict=True))
    assert school.store.tampered


@pytest.mark.usefixtures("many")
async def test_of_many_a_row_that_is_put_back_is_found_though_it_was_counted(school: Any, ada: Any) -> None:
    await numbers(school, ada)
    before = await read_tables(school.url)
    [row, *_] = (await school.store.desk.queues.page(ada, "unread")).rows
    await school.reads(ada, row.id)
    after = await numbers(school, ada)
    assert await write_tables(school.url, {"readers": before["readers"]})
    assert await numbers(school, ada) == after
    assert school.store.tampered


async def test_behind_the_curtain_nothing_is_left_of_what_was_counted_and_shown(school: Any, ada: Any) -> None:
    await school.store.desk.queues.page(ada)
    assert ada.counted
    assert len(ada.loaded)
    ada.draw()
    assert not ada.counted
    assert not len(ada.loaded)


async def test_rows_of_before_are_copied_anew_at_the_start_and_nobody_is_alarmed(school: Any, ada: Any) -> None:
    before = await numbers(school, ada)
    key = school.store._core.server_key
    for row in (await read_tables(school.url))["readers"]:
        mac = key.mac("reader/1", row["lead_id"], row["case_id"])
        own = readers.c.case_id == row["case_id"]
        await tamper(school.url, update(readers).where(own).values(version=0, mac=mac))
    await school.store.close()
    await school.open()
    school.later(minutes=1)
    again = await school.unlock("Ada Byron")
    assert await numbers(school, again) == before
    assert (await school.store.watch.verify()).holds
    assert not school.store.tampered


@pytest.mark.usefixtures("ada")
async def test_a_made_up_row_is_counted_for_nobody(school: Any) -> None:
    eve = await school.join("Eve Moneypenny", chat=502)
    assert await numbers(school, eve) == (0, 0, 0, 0, 0)
    await tamper(school.url, update(readers).values(lead_id=eve.lead.id))
    assert await numbers(school, eve) == (0, 0, 0, 0, 0)
    assert school.store.tampered
