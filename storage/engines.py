"""The two database engines: one writer with a single connection, and readers that cannot write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.inline_sqlite import InlineReader, InlineWriter, opened_by

_BUSY_MS = 10_000
_READERS = 4


def sqlite_url(database: Path) -> URL:
    """Give the URL of a database file, whatever signs are in its path; as a text it would have to be read again."""
    return URL.create("sqlite+aiosqlite", database=str(database.absolute()))


def writer_engine(url: str | URL) -> AsyncEngine:
    """Give the engine through which everything is written, one transaction at a time.

    Args:
        url: An SQLAlchemy URL of an asynchronous driver (`sqlite+aiosqlite:///…`).
    """
    engine = _engine(url, InlineWriter, 1)
    _prepare(engine, "PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON")
    # The default mode begins late and lost 177 of 200 concurrent updates without a word.
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def migration_engine(url: str | URL) -> AsyncEngine:
    """Give an engine like the writer's, with foreign keys off: batch migrations would delete every child row."""
    engine = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    _prepare(engine, "PRAGMA foreign_keys=OFF", "PRAGMA synchronous=FULL")
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def reader_engine(url: str | URL) -> AsyncEngine:
    """Give the engine for reading; a write through it is an error."""
    engine = _engine(url, InlineReader, _READERS)
    _prepare(engine, "PRAGMA query_only=ON", "PRAGMA cache_size=-32768")
    _begin_with(engine, "BEGIN")
    return engine


def _engine(url: str | URL, kind: type[InlineReader], size: int) -> AsyncEngine:
    sqlite = make_url(url).get_backend_name() == "sqlite"
    opening = {"async_creator_fn": opened_by(kind)} if sqlite else {}
    return create_async_engine(url, pool_size=size, max_overflow=0, hide_parameters=True, connect_args=opening)


def _prepare(engine: AsyncEngine, *pragmas: str) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"PRAGMA busy_timeout={_BUSY_MS}", "PRAGMA journal_mode=WAL", *pragmas):
            cursor.execute(pragma)
        cursor.close()


def _begin_with(engine: AsyncEngine, statement: str) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        connection.exec_driver_sql(statement)
