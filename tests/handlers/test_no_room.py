"""The disk is full, the database locked or broken: the person is told so, no receipt is shown, and it ends well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiosqlite
import pytest

from storage.database.disk_space import LOW, SCARCE, DiskSpace
from storage.database.engines import sqlite
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import load_server_key
from storage.store import Store
from storage.values.errors import Damaged
from tests.handlers.messenger import Person
from tests.handlers.paths import STORY, to_the_readers, to_the_story, to_the_words, words_of
from tests.handlers.world import World
from tests.raw_database import damage, under_way, writes_held

#: Where nothing more fits into the database because SQLite is told how many pages there may be.
FULL = pytest.mark.sqlite_only("its bound on pages stands for a full disk")


def shown_words(person: Person) -> bool:
    """Whether words to come back are on the screen."""
    return any(one["type"] == "code" for shown in person.messages for one in shown.entities)


#: Too much for what is left over in pages that hold something.
LONG = "Ben laughs at me every day. " * 120


def owned_up(person: Person, adult: str = "Ms Okafor") -> bool:
    """Whether the last screen says that it was not saved, with a helpline and an adult."""
    return all(words in person.screen.text for words in ("not saved", "Childline: 0800 1111", adult))


@asynccontextmanager
async def full_disk(world: World) -> AsyncIterator[None]:
    """No page more than there are."""
    await _limit(world, 1)  # SQLite takes the least that it can
    try:
        yield
    finally:
        await _limit(world, 1_000_000)


async def _limit(world: World, pages: int) -> None:
    await world.store._core.writer.checkpoint()
    async with aiosqlite.connect(world.where / "hark.db") as beside:
        await beside.execute("VACUUM")  # no page is left over
    async with world.store._core.writer._connections.begin() as connection:
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def has(world: World, free: int) -> None:
    """Say how many bytes are free."""
    world.store._core.room = DiskSpace(world.where, lambda _: free)


async def kinds(world: World) -> list[str]:
    """The alerts that stand."""
    return [alert.kind for alert in await world.store.alerts.standing()]


@FULL
async def test_a_full_disk_is_told_no_receipt_is_shown_and_send_works_once_there_is_room(
    world: World, ann: Person
) -> None:
    await to_the_readers(ann, story=LONG)
    async with full_disk(world):
        await ann.taps("Send")
        assert owned_up(ann)
        assert not shown_words(ann)
    assert (await world.store.watch.verify()).cases == 0
    await ann.taps("Send")
    assert words_of(ann)
    assert (await world.store.watch.verify()).cases == 1
    await world.store.fault_alerts.tell()
    assert "disk" in await kinds(world)


@FULL
async def test_whom_the_reporter_left_out_is_not_named_where_it_could_not_be_saved(world: World, ann: Person) -> None:
    await to_the_readers(ann, story=LONG)
    await ann.taps("✓ Grace Okafor")
    async with full_disk(world):
        await ann.taps("Send")
        assert owned_up(ann, adult="an adult you trust.")
        assert "Ms Okafor" not in ann.screen.text


@FULL
async def test_whom_the_words_name_that_could_not_be_saved_is_not_named(world: World, ann: Person) -> None:
    await to_the_story(ann)
    async with full_disk(world):
        await ann.types("Ms Okafor hits me")
        assert owned_up(ann, adult="an adult you trust.")
        assert "Ms Okafor" not in ann.screen.text


@FULL
async def test_words_that_did_not_fit_are_told_and_can_be_said_again(world: World, ann: Person) -> None:
    await to_the_story(ann)
    long = "They do it every day, and nobody looks. " * 100
    async with full_disk(world):
        await ann.types(long)
        assert owned_up(ann)
    await ann.types(long)
    await ann.taps("Done")
    await ann.taps("No")
    await ann.taps("Send")
    assert words_of(ann)
    assert "nobody looks" in str(await world.opened_by_lead())


async def test_where_room_is_scarce_whoever_has_begun_can_send_and_nobody_begins(world: World, ann: Person) -> None:
    await to_the_story(ann)
    has(world, SCARCE - 1)
    ben = world.person(chat=7_000_002)
    await ben.types("/start")
    await ben.taps("12 to 17")
    assert owned_up(ben)
    await ann.types(STORY)
    await ann.taps("Done")
    await ann.taps("No")
    await ann.taps("Send")
    assert words_of(ann)
    await ann.types("And one thing more.")
    assert "one thing more" in str(await world.opened_by_lead())
    has(world, LOW)
    await ben.taps("12 to 17")
    assert await world.store.drafts.get(ben.address) is not None


async def test_low_room_is_an_alert_that_goes_when_it_is_over(world: World) -> None:
    has(world, LOW - 1)
    await world.store.fault_alerts.tell()
    assert await kinds(world) == ["disk"]
    has(world, LOW)
    await world.store.fault_alerts.tell()
    world.clock.pass_(16)
    await world.store.fault_alerts.tell()
    assert await kinds(world) == []


async def test_too_many_drafts_keep_only_new_ones_out(world: World, ann: Person) -> None:
    await to_the_story(ann)
    world.store._core.room = DiskSpace(world.where, most=(1, 10**9))
    await world.store.watch.sweep()  # counts them
    ben = world.person(chat=7_000_002)
    await ben.types("/start")
    await ben.taps("12 to 17")
    assert owned_up(ben)
    await ann.types(STORY)
    assert not owned_up(ann)


async def test_one_source_that_fills_what_drafts_may_hold_keeps_nobody_from_beginning_writing_and_sending(
    world: World, ann: Person
) -> None:
    world.store._core.room = DiskSpace(world.where, most=(10**9, 40_000))
    flood = [world.person(chat=7_100_000 + number) for number in range(3)]
    for one in flood:
        await to_the_story(one)
        for _ in range(5):
            await one.types("x" * 4000)
    await world.store.watch.sweep()
    await world.store.fault_alerts.tell()
    assert "disk" in await kinds(world)
    await to_the_story(ann)
    await ann.types(STORY)
    await ann.taps("Done")
    await ann.taps("No")
    await ann.taps("Send")
    assert words_of(ann)
    for one in flood:
        await one.types("y" * 4000)
        assert "did not keep it" in one.screen.text
    await flood[0].types("I want to kill myself")
    assert "0800 1111" in flood[0].screen.text
    kept = await world.store.drafts.get(flood[0].address)
    assert kept is not None
    assert "I want to kill myself" in str(kept.draft.answers)
    assert "yyyy" not in str(kept.draft.answers)


async def test_a_turn_waits_for_another_writer_and_goes_through(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    async with writes_held(world.url) as release:
        sending = asyncio.create_task(ann.taps("Send"))
        await under_way(world.store._core.writer)
        assert not sending.done()
        await release()
        await sending
    assert words_of(ann)


async def test_a_lock_that_is_never_let_go_is_told_and_the_next_try_works(
    world: World, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_MS", 50)
    await world.crash()
    await to_the_readers(ann)
    async with writes_held(world.url):
        await asyncio.gather(ann.taps("Send"), *(world.person(chat=7_100_000 + n).types("/start") for n in range(5)))
        assert owned_up(ann)
        assert not shown_words(ann)
    await ann.taps("Send")
    assert words_of(ann)
    await world.store.fault_alerts.tell()
    assert await kinds(world) == ["database"]


@pytest.mark.sqlite_only("its file is looked through at the start")
@pytest.mark.parametrize("begin", [0, 8192])
async def test_a_damaged_database_is_refused_at_the_start_and_left_as_it_is(world: World, begin: int) -> None:
    await world.store.close()
    file = world.where / "hark.db"
    whole = file.read_bytes()
    await damage(world.url, begin=begin)
    broken = file.read_bytes()
    with pytest.raises(Damaged):
        await Store.open(
            world.url,
            server_key=load_server_key(world.where / "server.key"),
            day_keys=DayKeys(world.where / "days"),
            checkpoint=world.where / "checkpoint",
            clock=world.clock,
        )
    assert file.read_bytes() == broken
    file.write_bytes(whole)
    await world.start()


async def test_a_database_that_breaks_while_hark_runs_is_told_and_never_shown_as_saved(
    world: World, ann: Person
) -> None:
    await to_the_words(ann)
    await world.store._core.writer.checkpoint()
    ben = world.person(chat=7_000_002)
    await to_the_readers(ben)
    await world.restart()  # nothing of it is in memory
    await world.store._core.writer.checkpoint()
    await damage(world.url, begin=8192)
    await ben.taps("Send")
    assert owned_up(ben, adult="an adult you trust.")  # nobody can tell whether it is about Ms Okafor
    assert not shown_words(ben)
    assert world.store._core.failures.counts["database"] > 0


async def test_a_concern_whose_commit_was_not_confirmed_is_there_once_and_its_words_are_shown(
    world: World, ann: Person
) -> None:
    await to_the_readers(ann)
    with unconfirmed(world):
        await ann.taps("Send")
    assert not shown_words(ann)
    await ann.taps("Send")
    assert (await world.store.watch.verify()).cases == 1
    await world.handlers.send_pending_receipts()
    words = words_of(ann)
    await ann.types("/return")
    await ann.types(words)
    assert "received" in ann.messages[-2].text
    await world.opened_by_lead()


@contextmanager
def unconfirmed(world: World) -> Iterator[None]:
    """Every commit is done, and then the connection breaks before anybody is told."""
    dialect = world.store._core.writer._connections.engine.sync_engine.dialect
    commit = dialect.do_commit

    def and_break(connection: Any) -> None:
        commit(connection)
        raise dialect.loaded_dbapi.OperationalError("disk I/O error")

    dialect.do_commit = and_break  # type: ignore[method-assign]
    try:
        yield
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]
