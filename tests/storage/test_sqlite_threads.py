"""Quick work on SQLite is done in the loop's thread, and only what waits for the disk in another."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.engines import engine_for

pytestmark = pytest.mark.sqlite_only("the threads of its driver")
#: How long it waits for a lock is set to nothing while it asks for one, and back.
_ASKED = ["PRAGMA busy_timeout here", "PRAGMA busy_timeout=0 here"]
_WAITS = "PRAGMA busy_timeout=10000 here"


async def threads_of(engine: AsyncEngine, *statements: str, hear: Callable[[str], None] = lambda _: None) -> list[str]:
    """Where SQLite ran each statement: `here` or `there`; what it runs for itself (BEGIN, COMMIT) too.

    `hear` is told of each before it runs.
    """
    here, seen = threading.current_thread(), []

    def traced(statement: str) -> None:
        place = "here" if threading.current_thread() is here else "there"
        seen.append(f"{statement.partition('(')[0].strip()} {place}")
        hear(seen[-1])

    async with engine.connect() as connection:
        raw: Any = await connection.get_raw_connection()
        await raw.driver_connection.set_trace_callback(traced)
        await connection.rollback()
        seen.clear()
        for statement in statements:
            await connection.execute(text(statement))
        await connection.commit()
        await raw.driver_connection.set_trace_callback(None)
    return seen


async def test_a_reader_never_hops_between_threads(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite+aiosqlite:///{tmp_path}/h.db").open_readers()
    assert await threads_of(engine, "SELECT 1") == ["BEGIN here", "SELECT 1 here", "COMMIT here"]
    await engine.dispose()


async def test_a_writer_leaves_the_disk_to_its_thread(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite+aiosqlite:///{tmp_path}/h.db").open_writer()
    seen = await threads_of(engine, "CREATE TABLE one (n INTEGER)")
    assert seen == [*_ASKED, "BEGIN IMMEDIATE here", _WAITS, "CREATE TABLE one here", "COMMIT there"]
    await engine.dispose()


async def test_a_writer_waits_in_its_thread_for_whoever_has_the_lock(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite+aiosqlite:///{tmp_path}/h.db").open_writer()
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE one (n INTEGER)"))
    other = sqlite3.connect(tmp_path / "h.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def release(told: str) -> None:
        if told == "BEGIN IMMEDIATE there":
            other.execute("COMMIT")

    seen = await threads_of(engine, "SELECT n FROM one", hear=release)
    waited = [*_ASKED, "BEGIN IMMEDIATE here", _WAITS, "BEGIN IMMEDIATE there", "SELECT n FROM one here"]
    assert seen == [*waited, "COMMIT there"]
    other.close()
    await engine.dispose()
