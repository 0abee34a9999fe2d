"""A database that is put back to an earlier time, or takes no changes, while Hark runs: nobody is told it was kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.handlers.messenger import Person
from tests.handlers.paths import to_the_readers, to_the_words, words_of
from tests.handlers.test_no_room import kinds, owned_up, shown_words
from tests.handlers.world import World
from tests.newest import Engine
from tests.postgres import drop_below, shared_server
from tests.raw_database import read_tables, write_tables


@pytest.fixture
async def world(tmp_path: Path, engine: Engine) -> AsyncIterator[World]:
    where = tmp_path / "hark"
    where.mkdir()
    made = World(where, engine=engine)
    await made.start()
    for name, role, title in (("Grace Okafor", "lead", "Safeguarding lead"), ("Helen Marsh", "head", "Headteacher")):
        await made.joined(name, role, title)
    yield made
    await made.handlers.finish(0)
    await made.store.close()
    await drop_below(tmp_path)


@asynccontextmanager
async def changes_refused(world: World) -> AsyncIterator[None]:
    """The operator of the database has it take no changes; connections that are open are cut, as by a restart."""
    name = make_url(world.url).database
    if world.engine == "sqlite":
        async with world.store._core.writer._connections.begin() as connection:  # it has no other
            driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("PRAGMA query_only=1")
        yield
        await driver.execute("PRAGMA query_only=0")
        return
    server = await shared_server()
    cut = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - our own name
    await server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on", cut)
    yield
    await server.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only", cut)


async def test_words_for_a_concern_that_is_not_there_any_more_are_not_shown_as_kept(world: World, ann: Person) -> None:
    yesterday = await read_tables(world.url)
    words = await to_the_words(ann)
    await world.store.watch.sweep()  # which notes the end of the audit chain, each minute
    assert await write_tables(world.url, yesterday)
    await ann.types("He did it again.")
    assert owned_up(ann)
    assert not (await world.store.watch.verify()).audit
    await world.store.fault_alerts.tell()
    assert "tampered" in await kinds(world)
    await ann.types("/return")
    await ann.types(words)
    assert "received" not in ann.screen.text


async def test_a_draft_that_is_not_there_any_more_is_not_sent_and_what_is_begun_anew_is_kept(
    world: World, ann: Person
) -> None:
    yesterday = await read_tables(world.url)
    await to_the_readers(ann)
    assert await write_tables(world.url, yesterday)
    await ann.taps("Send")
    assert not shown_words(ann)
    assert "not sent" in ann.screen.text
    ben = world.person(chat=7_000_002)
    await to_the_words(ben)
    assert (await world.store.watch.verify()).cases == 1


async def test_a_database_that_takes_no_changes_is_told_and_the_same_button_works_afterwards(
    world: World, ann: Person
) -> None:
    await to_the_readers(ann)
    async with changes_refused(world):
        await ann.taps("Send")
        assert owned_up(ann)
        assert not shown_words(ann)
        assert world.store._core.failures.counts["database"] > 0
    await ann.taps("Send")
    assert words_of(ann)
    assert (await world.store.watch.verify()).cases == 1
    await world.store.fault_alerts.tell()
    assert await kinds(world) == ["database"]
