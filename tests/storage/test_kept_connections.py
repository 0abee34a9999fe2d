"""Connections are kept from one transaction to the next, and after an error, in a crowd or a while later are not."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError

from storage.database.engines import engine_for, kept_connections
from storage.database.engines.kept_connections import KeptConnections
from tests.postgres import Server

ONE = text("SELECT 1")


@pytest.fixture
async def readers(database_url: str) -> AsyncIterator[KeptConnections]:
    kind = engine_for(database_url)
    made = KeptConnections(kind, kind.open_readers())
    yield made
    await made.close()


@pytest.fixture
def fetched(readers: KeptConnections) -> list[str]:
    """What became of connections at the pool, in order."""
    seen: list[str] = []
    pool = readers.engine.sync_engine.pool
    event.listen(pool, "checkout", lambda *_: seen.append("out"))
    event.listen(pool, "checkin", lambda *_: seen.append("in"))
    return seen


async def asks(readers: KeptConnections, *, once: bool = False) -> Any:
    async with readers.begin(once=once) as connection:
        assert (await connection.execute(ONE)).scalar() == 1
        return connection


async def test_one_is_kept_for_transactions_and_one_for_single_statements(
    readers: KeptConnections, fetched: list[str]
) -> None:
    first, alone = await asks(readers), await asks(readers, once=True)
    for _ in range(3):
        assert await asks(readers) is first
        assert await asks(readers, once=True) is alone
    assert fetched == ["out", "out"]
    await readers.close()
    assert fetched == ["out", "out", "in", "in"]


async def test_each_transaction_is_ended_before_the_next(readers: KeptConnections) -> None:
    connection = await asks(readers)
    assert not connection.in_transaction()
    raw = (await connection.get_raw_connection()).driver_connection
    assert not (raw.in_transaction if hasattr(raw, "execute_fetchall") else raw.is_in_transaction())


async def test_more_than_are_kept_at_once_go_back(readers: KeptConnections, fetched: list[str]) -> None:
    together = asyncio.Barrier(3)

    async def one() -> None:
        async with readers.begin() as connection:
            await connection.execute(ONE)
            await together.wait()

    await asyncio.gather(*(one() for _ in range(3)))
    assert fetched == ["out", "out", "out", "in", "in"]


async def test_after_an_error_all_of_them_go_back(readers: KeptConnections, fetched: list[str]) -> None:
    await asks(readers, once=True)
    with pytest.raises(SQLAlchemyError):
        async with readers.begin() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))
    assert fetched == ["out", "out", "in", "in"]
    await asks(readers)


async def test_one_whose_task_is_cancelled_is_rolled_back_and_goes_back(
    readers: KeptConnections, fetched: list[str]
) -> None:
    begun = asyncio.Event()

    async def never_ends() -> None:
        async with readers.begin() as connection:
            await connection.execute(ONE)
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ends())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert fetched == ["out", "in"]


async def test_whoever_waits_at_the_pool_gets_one_as_soon_as_it_is_free(database_url: str) -> None:
    kind = engine_for(database_url)
    writer = KeptConnections(kind, kind.open_writer())  # it has one
    await asks(writer)

    async def beside() -> None:
        async with writer.lend() as engine, engine.connect() as connection:
            await connection.execute(ONE)

    async with writer.begin() as connection:
        await connection.execute(ONE)
        waiting = asyncio.create_task(beside())
        await asyncio.sleep(0)
    await asyncio.wait_for(waiting, 5)
    await asks(writer)
    await asyncio.wait_for(beside(), 5)  # also where nothing is under way that could give it back
    await writer.close()


async def test_one_that_was_idle_is_looked_after_by_the_pool(
    readers: KeptConnections, fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await asks(readers)
    monkeypatch.setattr(kept_connections, "_IDLE", 0.0)
    await asks(readers)
    assert fetched == ["out", "in", "out"]


async def test_one_that_the_server_has_ended_is_never_used(server: Server) -> None:
    url = await server.new_database()
    kind = engine_for(url)
    readers = KeptConnections(kind, kind.open_readers())
    ended = await asks(readers)
    ends = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    await server.execute(f"{ends} AND pid != pg_backend_pid()", database=str(readers.engine.url.database))
    while not kind.is_broken(ended):  # noqa: ASYNC110 - the loop has to see it
        await asyncio.sleep(0.01)
    assert await asks(readers) is not ended
    await readers.close()
    await server.drop_database(url)
