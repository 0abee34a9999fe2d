"""A PostgreSQL server: which one is refused, what its failures come to, and how Hark comes back after it was away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, select, text

from storage.database.apply import apply, proof_of
from storage.database.engines import engine_for, postgresql, postgresql_connection, postgresql_fitness
from storage.database.migrate import migrate
from storage.database.schema.chats import drafts
from storage.database.schema.sites import audit
from storage.database.turn import Insert, Logged, Row, Turn, Unseen, Update, UpdateAll
from storage.database.writer import Writer
from storage.values.errors import AlreadySeen, Conflict, Unavailable, Undecided, UnfitDatabase
from tests.database_proxies import deaf_at_commit
from tests.database_relay import relay
from tests.postgres import Server, own_server


@pytest.fixture
async def url(server: Server) -> AsyncIterator[str]:
    async with server.database() as url:
        yield url


@pytest.fixture
async def away() -> AsyncIterator[Server]:
    """A server that the test may stop and set up in its own way."""
    async with own_server() as server:
        yield server


def name_of(url: str) -> str:
    return str(make_url(url).database)


def draft(number: int, version: int = 1) -> Row:
    values = {"address": bytes([number]), "version": version, "day": "2026-11-23", "touched_hour": 0, "sealed": b"x"}
    return Insert(drafts, values)


def redraft(number: int, old: int) -> Row:
    return Update(drafts, {"address": bytes([number])}, {"version": old + 1}, {"version": old})


def touch(number: int) -> Row:
    return UpdateAll(drafts, {"address": bytes([number])}, {"touched_hour": 1})


def link(before: bytes, number: int, _row: Logged) -> bytes:
    return before[-1:] + bytes([number % 256])


async def fitness(url: str) -> str:
    """Give the sentence with which a database is refused, or nothing."""
    kind = engine_for(url)
    reader = kind.open_readers()
    try:
        await kind.refuse_unfit(reader)
    except UnfitDatabase as unfit:
        return unfit.sentence
    finally:
        await reader.dispose()
    return ""


async def test_a_server_as_it_comes_is_fit(url: str) -> None:
    assert await fitness(url) == ""


async def test_one_that_may_lose_what_was_committed_is_refused(server: Server, url: str) -> None:
    await server.execute(f"ALTER DATABASE {name_of(url)} SET synchronous_commit = off")
    assert await fitness(url) == (
        "synchronous_commit is off for this role or server: what Hark has said is kept could be lost; turn it on"
    )


async def test_one_that_takes_no_changes_is_refused(server: Server, url: str) -> None:
    await server.execute(f"ALTER DATABASE {name_of(url)} SET default_transaction_read_only = on")
    assert await fitness(url) == ("default_transaction_read_only is on for this role, database or server: turn it off")


async def test_one_without_fsync_is_refused(away: Server) -> None:
    away.start(fsync="off")
    assert await fitness(away.url("postgres")) == (
        "fsync is off on the server: what Hark has said is kept could be lost; turn it on"
    )


async def test_one_that_is_not_in_unicode_is_refused(server: Server) -> None:
    await server.execute("DROP DATABASE IF EXISTS latin", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    assert "not in UTF8" in await fitness(server.url("latin"))


async def test_one_that_is_too_old_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_fitness, "OLDEST", 99)  # no server of before 15 comes as a package
    assert await fitness(url) == "the server is PostgreSQL 18; Hark needs 99 or newer"


async def test_a_role_that_may_not_create_tables_is_refused_on_the_first_start_only(server: Server, url: str) -> None:
    await server.execute("DROP ROLE IF EXISTS meek", "CREATE ROLE meek LOGIN", "CREATE DATABASE hark_meek")
    try:
        assert "may not create tables" in await fitness(server.url("hark_meek").replace("postgres@", "meek@"))
        assert await fitness(url.replace("postgres@", "meek@")) == ""
    finally:
        await server.execute("DROP DATABASE hark_meek", "DROP ROLE meek")


async def test_two_that_migrate_at_once_do_it_one_after_the_other(server: Server) -> None:
    async with server.database("template0") as url:
        await asyncio.gather(*(migrate(url) for _ in range(3)))


async def test_a_schema_of_a_newer_hark_is_refused(server: Server, url: str) -> None:
    await server.execute("UPDATE alembic_version SET version_num = '9999'", database=name_of(url))
    with pytest.raises(UnfitDatabase, match="newer Hark"):
        await migrate(url)


@pytest.mark.parametrize("url", ["mysql://canary", "postgresql+psycopg://canary@/x", "canary", "sqlite:///canary"])
def test_another_driver_is_refused_without_its_address(url: str) -> None:
    with pytest.raises(UnfitDatabase) as refused:
        engine_for(url)
    assert "canary" not in str(refused.value)


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    nowhere = f"postgresql+asyncpg://canary:canary@/canary?host={tmp_path}"
    with pytest.raises(Unavailable) as refused:
        await fitness(nowhere)
    assert "canary" not in f"{refused.value!r}{refused.value.__cause__!r}"


async def test_a_reader_cannot_write_and_sees_one_state(url: str) -> None:
    reader, writer = engine_for(url).open_readers(), engine_for(url).open_writer()
    async with reader.begin() as connection:
        assert not (await connection.execute(select(drafts))).all()
        async with writer.begin() as writing:
            await writing.execute(drafts.insert(), [dict(draft(1).values)])  # type: ignore[union-attr]
        assert not (await connection.execute(select(drafts))).all()
    with pytest.raises(Exception, match="read-only transaction"):
        async with reader.begin() as connection:
            await connection.execute(text("DELETE FROM drafts"))
    for engine in (reader, writer):
        await engine.dispose()


async def test_two_processes_that_write_lose_nothing_and_fork_no_chain(url: str) -> None:
    writers = [Writer(engine_for(url).open_writer(), link) for _ in range(3)]
    for writer in writers:
        writer.start()
    turns = [Turn((draft(n), Logged(0, "ada", "x"))) for n in range(150)]
    await asyncio.gather(*(writers[n % 3].commit(turn) for n, turn in enumerate(turns)))
    for version in range(1, 11):  # two statements each, and the same two rows: in this order, and in the other
        turns = [Turn((redraft(one, version), touch(other))) for one, other in ((1, 2), (2, 1))]
        await asyncio.gather(*(writer.commit(turn) for writer, turn in zip(writers, turns, strict=False)))
    for writer in writers:
        assert writer.failures.counts == {}
        await writer.close()
    reader = engine_for(url).open_readers()
    async with reader.begin() as connection:
        links = (await connection.execute(select(audit.c.number, audit.c.mac).order_by(audit.c.number))).all()
    await reader.dispose()
    assert [one.number for one in links] == list(range(1, 151))
    assert all(one.mac[1] == one.number % 256 for one in links[1:])


async def test_a_number_that_another_transaction_got_after_a_crash_proves_nothing(url: str) -> None:
    """PostgreSQL gives the number of a transaction of which nothing had reached the disk to another one."""
    kind = engine_for(url)
    writer = kind.open_writer()
    there, gone = Turn((draft(1),)), Turn((draft(2),))
    async with writer.begin() as connection:
        number = await connection.run_sync(apply, [there], link, kind)
    assert number is not None
    assert await kind.is_committed(writer, number, proof_of([there])) is True
    assert await kind.is_committed(writer, number, proof_of([gone])) is False
    await writer.dispose()


@pytest.mark.parametrize(
    "row", [Unseen(b"m", "2026-01-01"), draft(1), redraft(1, 1), UpdateAll(drafts, {"address": b"\1"}, {"version": 2})]
)
async def test_whatever_a_turn_writes_proves_that_it_was_kept(url: str, row: Row) -> None:
    kind, writer = engine_for(url), engine_for(url).open_writer()
    if not isinstance(row, Unseen | Insert):
        async with writer.begin() as connection:
            await connection.run_sync(apply, [Turn((draft(1),))], link, kind)
    proof = proof_of([Turn((row,))])
    assert proof is not None
    async with writer.begin() as connection:
        assert (await connection.execute(proof)).first() is None
        await connection.run_sync(apply, [Turn((row,))], link, kind)
        assert (await connection.execute(proof)).first() is not None
    await writer.dispose()


async def test_a_turn_that_another_transaction_overtook_is_tried_once_more(url: str, server: Server) -> None:
    """A deadlock is made by hand: the other holds what the turn wants, and wants what the turn holds."""
    writer = Writer(engine_for(url).open_writer(), link)
    writer.start()
    for _ in range(5):  # on a busy server the turn may be back before the other has woken, and be overtaken again
        before = writer.failures.counts.get("database", 0)
        with suppress(Unavailable):
            await overtaken_once(writer, url, server)
            assert writer.failures.counts == {"database": before + 1}
            break
    else:
        pytest.fail("it was overtaken twice, five times")
    await writer.close()


async def overtaken_once(writer: Writer, url: str, server: Server) -> None:
    await writer.commit(Turn((draft(1), draft(2))))
    other = await asyncpg.connect(user="postgres", database=name_of(url), host=str(server.folder))
    await other.execute("SET deadlock_timeout = '60s'; BEGIN; DELETE FROM drafts WHERE address = '\\x02'")
    turn = asyncio.create_task(writer.commit(Turn((redraft(1, 1), Insert(drafts, {**draft(2).values})))))  # type: ignore[union-attr]
    await waits(server, name_of(url))
    deadlock = asyncio.create_task(other.execute("DELETE FROM drafts WHERE address = '\\x01'"))
    try:
        with pytest.raises(Conflict):  # the second try waits for the other's end, and finds the first draft gone
            await commit_then(turn, deadlock, other)
    finally:
        await other.close()


async def commit_then(turn: asyncio.Task[None], deadlock: asyncio.Task[Any], other: Any) -> None:
    await deadlock
    await other.execute("COMMIT")
    await turn


async def waits(server: Server, database: str) -> None:
    """Return once a session of the database waits for a lock."""
    watching = await asyncpg.connect(user="postgres", database="postgres", host=str(server.folder))
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while not await watching.fetchval(asked, database):  # noqa: ASYNC110 - the condition is the server's
            await asyncio.sleep(0.01)
    await watching.close()


async def test_a_lock_that_somebody_holds_is_waited_for_only_so_long(url: str, server: Server) -> None:
    await server.execute(f"ALTER ROLE postgres IN DATABASE {name_of(url)} SET lock_timeout = '10s'")
    writer = Writer(engine_for(url).open_writer(), link)
    writer.start()
    other = await asyncpg.connect(user="postgres", database=name_of(url), host=str(server.folder))
    await other.execute("BEGIN; LOCK TABLE drafts IN EXCLUSIVE MODE")
    async with writer._connections.begin() as connection:  # the one connection that it has
        await connection.execute(text("SET lock_timeout = '50ms'"))
        await connection.commit()
    with pytest.raises(Unavailable):
        await writer.commit(Turn((draft(1),)))
    await other.execute("ROLLBACK")
    await writer.commit(Turn((draft(1),)))
    await other.close()
    await writer.close()


@pytest.mark.parametrize("how", ["immediate", "fast"])
async def test_hark_is_back_within_five_seconds_of_its_server(away: Server, how: str) -> None:
    away.start()
    await migrate(away.url("postgres"))
    writer, reader = (
        Writer(engine_for(away.url("postgres")).open_writer(), link),
        engine_for(away.url("postgres")).open_readers(),
    )
    writer.start()
    await writer.commit(Turn((draft(1),)))
    async with reader.begin() as connection:
        assert len((await connection.execute(select(drafts))).all()) == 1
    away.stop(how)
    with pytest.raises(Unavailable):
        await writer.commit(Turn((draft(2),)))
    away.start()
    async with asyncio.timeout(5):
        await writer.commit(Turn((draft(3),)))
        async with reader.begin() as connection:
            assert [row.address for row in (await connection.execute(select(drafts))).all()] == [b"\x01", b"\x03"]
    await writer.close()
    await reader.dispose()


@pytest.mark.parametrize("idle", [0.0, 60.0], ids=["asked", "not asked"])
async def test_another_connection_takes_the_place_of_one_that_broke_whether_or_not_it_is_asked(
    url: str, server: Server, monkeypatch: pytest.MonkeyPatch, idle: float
) -> None:
    monkeypatch.setattr(postgresql_connection, "_IDLE", idle)
    reader = engine_for(url).open_readers()
    for _ in range(2):
        async with reader.begin() as connection:
            first = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    await server.execute(f"SELECT pg_terminate_backend({first}, 5000)")
    async with reader.begin() as connection:
        assert (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one() != first
    await reader.dispose()


@pytest.mark.parametrize("reaches", [True, False])
async def test_where_the_answer_to_a_commit_is_lost_it_is_found_out(
    url: str, server: Server, tmp_path: Path, *, reaches: bool
) -> None:
    async with deaf_at_commit(server.folder / ".s.PGSQL.5432", tmp_path, reaches=reaches) as cut:
        writer = Writer(engine_for(url.replace(str(server.folder), str(tmp_path))).open_writer(), link)
        writer.start()
        await writer.commit(Turn((draft(1), Logged(0, "ada", "before"))))
        cut.clear()
        told = await asyncio.gather(
            *(writer.commit(Turn((draft(n), Logged(0, "ada", "cut")))) for n in (2, 3)), return_exceptions=True
        )
        assert len(cut) == 1
        assert told == [None, None]  # committed, or written once more each for itself
        assert writer.failures.counts == {"database": 1}
        cut.clear()
        last = await asyncio.gather(writer.commit(Turn((draft(4), Logged(0, "ada", "cut")))), return_exceptions=True)
        assert [type(one) for one in last] == [type(None) if reaches else Unavailable]
        await writer.close()
    reader = engine_for(url).open_readers()
    async with reader.begin() as connection:
        kept = (await connection.execute(select(drafts.c.address).order_by(drafts.c.address))).scalars().all()
        links = (await connection.execute(select(audit.c.number).order_by(audit.c.number))).scalars().all()
    await reader.dispose()
    assert kept == [b"\x01", b"\x02", b"\x03", *([b"\x04"] if reaches else [])]
    assert links == list(range(1, len(kept) + 1))


async def test_a_commit_of_which_nobody_can_tell_is_undecided_and_its_redelivery_does_nothing(
    url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_ASKED_FOR", 0.2)
    async with relay(server.folder) as between:
        writer = Writer(engine_for(between.url(url)).open_writer(), link)
        writer.start()
        await writer.commit(Turn((draft(1),)))
        between.lose, between.leaves = 1, True
        turns = [Turn((Unseen(bytes([n]), "2026-11-23"), draft(n))) for n in (2, 3)]
        told = await asyncio.gather(*(writer.commit(turn) for turn in turns), return_exceptions=True)
        assert [type(one) for one in told] == [Undecided, Undecided]
        between.away = False
        told = await asyncio.gather(*(writer.commit(turn) for turn in turns), return_exceptions=True)
        assert [type(one) for one in told] == [AlreadySeen, AlreadySeen]
        await writer.close()


async def test_failures_are_told_by_sqlstate(url: str) -> None:
    class Told(Exception):  # noqa: N818 - a stand-in for what a driver raises
        def __init__(self, sqlstate: str | None) -> None:
            self.sqlstate = sqlstate

    kind = engine_for(url)
    told = {
        "40001": "AGAIN",
        "40P01": "AGAIN",
        "55P03": "BUSY",
        "53100": "FULL",
        "XX001": "DAMAGED",
        "57P01": "OTHER",
        None: "OTHER",
    }
    assert {state: kind.failure(Told(state)).name for state in told} == told
