"""Quick work on SQLite is done in the loop's thread, and only what waits for the disk in another."""

import threading
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.engines import engine_for


async def threads_of(engine: AsyncEngine, *statements: str) -> list[str]:
    """Where SQLite ran each statement: `here` or `there`; what it runs for itself (BEGIN, COMMIT) too."""
    here, seen = threading.current_thread(), []

    def traced(statement: str) -> None:
        place = "here" if threading.current_thread() is here else "there"
        seen.append(f"{statement.partition('(')[0].strip()} {place}")

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


async def test_a_writer_leaves_the_lock_and_the_disk_to_its_thread(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite+aiosqlite:///{tmp_path}/h.db").open_writer()
    seen = await threads_of(engine, "CREATE TABLE one (n INTEGER)")
    assert seen == ["BEGIN IMMEDIATE there", "CREATE TABLE one here", "COMMIT there"]
    await engine.dispose()
