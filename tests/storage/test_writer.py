"""The writer: many turns in one transaction, none lost, none half, and the odd one out alone refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from storage.database.engines import engine_for
from storage.database.schema.chats import definitions, drafts, seen
from storage.database.schema.sites import audit
from storage.database.turn import Delete, Insert, Logged, Row, Turn, Unseen, Update
from storage.database.writer import Writer
from storage.values.errors import AlreadySeen, Conflict, Unavailable


@pytest.fixture
async def writer(database_url: str) -> AsyncIterator[Writer]:
    writer = Writer(
        engine_for(database_url).open_writer(), lambda before, number, _row: before[-1:] + bytes([number % 256])
    )
    writer.start()
    yield writer
    await writer.close()


def draft(address: int, version: int = 1) -> Row:
    values = {"address": bytes([address % 256, address // 256]), "version": version}
    return Insert(drafts, {**values, "day": "2026-11-23", "touched_hour": 0, "sealed": b"x"})


def redraft(address: int, old: int) -> Row:
    key = {"address": bytes([address % 256, address // 256])}
    return Update(drafts, key, {"version": old + 1}, {"version": old})


async def rows(url: str, table: object) -> int:
    engine = engine_for(url).open_readers()
    async with engine.begin() as connection:
        count = (await connection.execute(select(func.count()).select_from(table))).scalar_one()  # type: ignore[arg-type]
    await engine.dispose()
    return int(count)


async def test_two_hundred_writers_at_once_lose_nothing_and_share_transactions(
    writer: Writer, database_url: str
) -> None:
    mark = "2026-11-23"
    turns = (Turn((Unseen(bytes([n]), mark), draft(n), Logged(0, "ada", "test"))) for n in range(200))
    await asyncio.gather(*(writer.commit(turn) for turn in turns))
    assert await rows(database_url, drafts) == 200
    assert await rows(database_url, seen) == 200
    assert await rows(database_url, audit) == 200
    assert writer.transactions < 10


async def test_two_hundred_updates_of_one_row_all_happen_in_order(writer: Writer, database_url: str) -> None:
    await writer.commit(Turn((draft(1),)))
    await asyncio.gather(*(writer.commit(Turn((redraft(1, version),))) for version in range(1, 201)))
    engine = engine_for(database_url).open_readers()
    async with engine.begin() as connection:
        assert (await connection.execute(select(drafts.c.version))).scalar_one() == 201
    await engine.dispose()


async def test_a_conflict_in_a_batch_refuses_that_turn_alone(writer: Writer, database_url: str) -> None:
    await writer.commit(Turn((draft(1), draft(2))))
    stale = Turn((Unseen(b"stale", "2026-11-23"), redraft(1, 7), draft(99), Logged(0, "ada", "stale")))
    turns = [Turn((draft(n), Logged(0, "ada", "fine"))) for n in range(10, 40)]
    turns[15:15] = [stale, Turn((draft(2),))]
    results = await asyncio.gather(*(writer.commit(turn) for turn in turns), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [Conflict, Conflict]
    assert await rows(database_url, drafts) == 32
    assert await rows(database_url, audit) == 30
    assert await rows(database_url, seen) == 0


async def test_a_seen_update_is_refused_also_under_an_earlier_days_mark(writer: Writer) -> None:
    await writer.commit(Turn((Unseen(b"one", "2026-11-22"),)))
    with pytest.raises(AlreadySeen):
        await writer.commit(Turn((Unseen(b"one", "2026-11-22"), draft(1))))
    with pytest.raises(AlreadySeen):
        await writer.commit(Turn((Unseen(b"of today", "2026-11-23", (b"one",)), draft(1))))
    await writer.commit(Turn((draft(1),)))


async def test_the_same_update_twice_at_once_counts_once(writer: Writer, database_url: str) -> None:
    twice = [Turn((Unseen(b"tap", "2026-11-23"), Insert(definitions, {"hash": str(n), "text": ""}))) for n in range(2)]
    results = await asyncio.gather(*(writer.commit(turn) for turn in twice), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), AlreadySeen]
    assert await rows(database_url, definitions) == 1


async def test_a_quiet_row_that_is_there_is_no_matter(writer: Writer, database_url: str) -> None:
    text = Insert(definitions, {"hash": "a", "text": "b"}, quiet=True)
    for _ in range(2):
        await writer.commit(Turn((text,)))
    assert await rows(database_url, definitions) == 1


async def test_removing_and_drafting_again_in_two_turns_keeps_the_second(writer: Writer, database_url: str) -> None:
    gone = Turn((Delete(drafts, {"address": bytes([1, 0])}),))
    turns = [Turn((draft(2),)), gone, Turn((draft(1),))]
    await asyncio.gather(*(writer.commit(turn) for turn in turns))
    assert await rows(database_url, drafts) == 2


async def test_a_cancelled_caller_does_not_undo_a_turn(writer: Writer, database_url: str) -> None:
    tasks = [asyncio.create_task(writer.commit(Turn((draft(n),)))) for n in range(50)]
    await asyncio.sleep(0)  # every turn is handed over now
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await writer.commit(Turn((draft(60),)))
    assert await rows(database_url, drafts) == 51


async def test_closing_writes_what_waits_and_refuses_what_comes(writer: Writer, database_url: str) -> None:
    waiting = [asyncio.create_task(writer.commit(Turn((draft(n),)))) for n in range(20)]
    await asyncio.sleep(0)
    await writer.close()
    await asyncio.gather(*waiting)
    with pytest.raises(Unavailable):
        await writer.commit(Turn((draft(30),)))
    await writer.close()
    assert await rows(database_url, drafts) == 20


@pytest.mark.sqlite_only("a pragma makes the disk full")
async def test_a_full_disk_is_unavailable_without_a_word_and_recovers(writer: Writer, database_url: str) -> None:
    async with writer._connections.begin() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.execute("PRAGMA max_page_count=1")
        pages = (await (await raw.driver_connection.execute("PRAGMA max_page_count")).fetchone())[0]
    secret = "zebrafish" * 100_000
    with pytest.raises(Unavailable) as refused:
        await writer.commit(Turn((Insert(definitions, {"hash": "big", "text": secret}),)))
    assert "zebrafish" not in f"{refused.value!r}{refused.value.__cause__!r}{refused.value.__context__!r}"
    async with writer._connections.begin() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.execute(f"PRAGMA max_page_count={pages + 10_000}")
    await writer.commit(Turn((Insert(definitions, {"hash": "big", "text": secret}),)))
    assert await rows(database_url, definitions) == 1


async def test_the_chain_of_the_audit_has_neither_forks_nor_gaps(writer: Writer, database_url: str) -> None:
    await asyncio.gather(*(writer.commit(Turn((Logged(0, "ada", str(n)),))) for n in range(100)))
    engine = engine_for(database_url).open_readers()
    async with engine.begin() as connection:
        found = (await connection.execute(select(audit.c.number, audit.c.mac).order_by(audit.c.number))).all()
    await engine.dispose()
    assert [row.number for row in found] == list(range(1, 101))
    assert all(after.mac[0] == before.mac[-1] for before, after in pairwise(found))


async def test_what_may_wait_goes_along_with_the_next_turn(writer: Writer, database_url: str) -> None:
    writer.later(draft(1), draft(2))
    assert writer.transactions == 0
    await writer.commit(Turn((draft(3),)))
    assert await rows(database_url, drafts) == 3
    assert writer.transactions == 1


async def test_what_may_wait_is_written_by_itself_soon_and_before_the_end(database_url: str, writer: Writer) -> None:
    writer.later(draft(1))
    async with asyncio.timeout(5):
        while not await rows(database_url, drafts):  # noqa: ASYNC110 - the condition is on disk
            await asyncio.sleep(0.01)
    writer.later(draft(2))
    await writer.close()
    assert await rows(database_url, drafts) == 2


async def test_what_may_wait_stands_in_nobodys_way(writer: Writer, database_url: str) -> None:
    await writer.commit(Turn((draft(1),)))
    writer.later(draft(1))  # there is one already
    await writer.commit(Turn((draft(2),)))
    await writer.settle()
    assert await rows(database_url, drafts) == 2


async def test_what_may_wait_is_kept_where_the_turn_that_it_goes_along_with_is_refused(
    writer: Writer, database_url: str
) -> None:
    await writer.commit(Turn((Unseen(b"1", "2026-11-23"),)))
    writer.later(draft(1))
    with pytest.raises(AlreadySeen):
        await writer.commit(Turn((Unseen(b"1", "2026-11-23"),)))
    assert await rows(database_url, drafts) == 1
