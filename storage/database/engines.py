"""The two SQLite engines: one writer and readers that cannot write; quick work runs in the event loop's own thread.

aiosqlite gives each call of a cursor to a thread and waits for the answer; under load each of those some fifty hops a
turn waits for the interpreter lock as well, and they cost more than all the work (decision 0003).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_T = TypeVar("_T")
_ROWS_AT_ONCE = 64  # aiosqlite's own default, for iterating over a cursor

_BUSY_MS = 10_000  # how long a lock of another process is waited for (SQLite, `busy_timeout`)
_READERS = 4  # connections


class InlineReader(aiosqlite.Connection):
    """A read-only connection; in write-ahead mode it waits for no lock, so every call runs in the loop's thread."""

    async def _execute(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Make a call of the connection or of one of its cursors; aiosqlite has all of them come through here."""
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)


class InlineWriter(InlineReader):
    """A connection that writes: waiting for the lock, for the disk and for a checkpoint is left to its thread."""

    async def _execute(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        if _waits(fn, args):
            in_thread: Callable[..., Awaitable[_T]] = super(InlineReader, self)._execute
            return await in_thread(fn, *args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)


def _waits(fn: Callable[..., object], args: tuple[Any, ...]) -> bool:
    if fn.__name__ == "commit":
        return True
    return bool(args) and isinstance(args[0], str) and args[0].startswith(("BEGIN IMMEDIATE", "PRAGMA wal_checkpoint"))


def opened_by(kind: type[InlineReader]) -> Callable[..., aiosqlite.Connection]:
    """Give what SQLAlchemy's `async_creator_fn` takes: it opens a connection of this kind.

    The thread of the connection is a daemon, so that one that is never closed keeps no process from ending.
    """

    def create(*args: Any, **kwargs: Any) -> aiosqlite.Connection:
        made = kind(partial(sqlite3.connect, *args, **kwargs), _ROWS_AT_ONCE)
        made._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does it where it opens the connection itself
        return made

    return create


def sqlite_url(database: Path) -> URL:
    """Give the URL of a database file, whatever signs are in its path; as a text it would have to be read again.

    Args:
        database: Its path; one that is relative is taken from the working directory of now.
    """
    return URL.create("sqlite+aiosqlite", database=str(database.absolute()))


def writer_engine(url: str | URL) -> AsyncEngine:
    """Give the engine through which everything is written, one transaction at a time.

    It has one connection, and each transaction takes the lock at its beginning (`BEGIN IMMEDIATE`). A lock of another
    process is waited for 10 seconds. What a commit has answered is on disk (`synchronous=FULL`). See decision 3.

    Args:
        url: An SQLAlchemy URL of an asynchronous driver (`sqlite+aiosqlite:///…`).
    """
    engine = _engine(url, InlineWriter, 1)
    _prepare(engine, "PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON")
    # The default mode begins late and lost 177 of 200 concurrent updates without a word.
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def migration_engine(url: str | URL) -> AsyncEngine:
    """Give an engine like the writer's, with foreign keys off: batch migrations would delete every child row.

    `migrate` looks for rows without their parents before it commits. Nothing is opened until it is used.

    Args:
        url: An SQLAlchemy URL of an asynchronous driver.
    """
    engine = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    _prepare(engine, "PRAGMA foreign_keys=OFF", "PRAGMA synchronous=FULL")
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def reader_engine(url: str | URL) -> AsyncEngine:
    """Give the engine for reading, with four connections; a write through it is an error (SQLite, `query_only`).

    Each transaction sees one state of the database, whatever is committed meanwhile. Nothing is opened until it is
    used.

    Args:
        url: An SQLAlchemy URL of an asynchronous driver.
    """
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
