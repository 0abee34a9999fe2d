"""SQLite: a database file with one writer, and readers that cannot write."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite
from sqlalchemy import URL, Connection, Select, Table, bindparam, delete, event, insert, select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.dml import UpdateBase

from storage.database.clock_guard import last_written
from storage.database.engines.engine import EXPECTED, KEY, NEW, Bound, Change, Failure, SessionLock, Warned
from storage.database.schema.chats import seen
from storage.database.turn import Cell
from storage.values.errors import Damaged, Unavailable

_T = TypeVar("_T")
_BUSY_MS = 10_000  # how long a lock of another process is waited for (SQLite, `busy_timeout`)
_READERS = 4  # connections
_ROWS_AT_ONCE = 64  # aiosqlite's own default, for iterating over a cursor
_ALONE: Final = "hark_alone"  # an option of SQLAlchemy's for a statement that needs no transaction
_QUICK: Final = 32 * 1024 * 1024  # bytes that are looked through in about a tenth of a second
_IN_ONE: Final = 500  # marks asked for in one statement; SQLite takes 32,766 parameters
_SEEN: Final = select(seen.c.mark).where(seen.c.mark.in_(bindparam("earlier", expanding=True))).limit(1)
_SEE: Final = insert(seen)
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class SqliteEngine:
    """A database file; see `DatabaseEngine`. One process writes at a time: whoever writes holds the only lock."""

    errors = (SQLAlchemyError, sqlite3.Error, OSError)

    def __init__(self, url: URL) -> None:
        """Take the URL of the file."""
        self._url = url

    def open_writer(self) -> AsyncEngine:
        """Give an engine with a single connection, whose transactions take the lock as they begin."""
        engine = self._engine(_InlineWriter, 1)
        _prepare(engine, "PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON")
        # The default mode begins late and lost 177 of 200 concurrent updates without a word.
        _begin_with(engine, "BEGIN IMMEDIATE")
        return engine

    def open_readers(self) -> AsyncEngine:
        """Give an engine that waits for no lock, since the database is in write-ahead mode."""
        engine = self._engine(_InlineReader, _READERS)
        _prepare(engine, "PRAGMA query_only=ON", "PRAGMA cache_size=-32768")
        _begin_with(engine, "BEGIN")
        return engine

    def for_one_statement(self, reader: AsyncEngine) -> AsyncEngine:
        """Give the same connections, whose transactions are not begun: a statement sees one state by itself."""
        return reader.execution_options(**{_ALONE: True})

    def is_broken(self, _connection: AsyncConnection) -> bool:
        """Give false: a file ends no connection."""
        return False

    def open_for_migration(self) -> AsyncEngine:
        """Give an engine like the writer's, with foreign keys off: batch migrations would delete every child row."""
        engine = create_async_engine(self._url, pool_size=1, max_overflow=0, hide_parameters=True)
        _prepare(engine, "PRAGMA foreign_keys=OFF", "PRAGMA synchronous=FULL")
        _begin_with(engine, "BEGIN IMMEDIATE")
        return engine

    def open_for_copying(self) -> AsyncEngine:
        """Give the readers' engine: nothing of it is cut off."""
        return self.open_readers()

    def check_migrated(self, connection: Connection) -> None:
        """Check the foreign keys, which were off meanwhile.

        Raises:
            Unavailable: A row is left without its parent.
        """
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise Unavailable

    async def refuse_unfit(self, reader: AsyncEngine) -> None:
        """Look a small database through, and a large one's first pages: the rest is for `doctor` and `backup`.

        Raises:
            Damaged: It is no whole database. What else is wrong is told when it is opened for good.
        """
        small = _is_small(Path(self._url.database or ""))
        try:
            async with reader.connect() as connection:
                asked = "PRAGMA quick_check(1)" if small else "PRAGMA schema_version"
                found = (await connection.execute(text(asked))).scalar()
        except DBAPIError as error:
            if self.failure(error) is Failure.DAMAGED:
                raise Damaged from None
            return
        if small and found != "ok":
            raise Damaged

    async def last_written(self, _reader: AsyncEngine) -> datetime | None:
        """Give the time of the newest of its files."""
        return last_written(Path(self._url.database)) if self._url.database else None

    @property
    def folder(self) -> Path | None:
        """The folder that the file lies in."""
        return Path(self._url.database).parent if self._url.database else None

    def insert_quietly(self, table: Table) -> UpdateBase:
        """Give `INSERT … ON CONFLICT DO NOTHING`."""
        return sqlite.insert(table).on_conflict_do_nothing()

    def add_marks(self, connection: Connection, marks: Sequence[Mapping[str, Cell]], earlier: Sequence[bytes]) -> bool:
        """Ask for the earlier marks, some hundred at a time, and insert with one prepared statement."""
        for begin in range(0, len(earlier), _IN_ONE):
            if connection.execute(_SEEN, {"earlier": earlier[begin : begin + _IN_ONE]}).first():
                return False
        connection.execute(_SEE, marks)
        return True

    async def add_rows(self, connection: AsyncConnection, table: Table, rows: Sequence[Sequence[Cell]]) -> None:
        """Insert rows with one prepared statement."""
        names = table.columns.keys()
        await connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])

    async def advance_counters(self, _connection: AsyncConnection) -> None:
        """Do nothing: the next number is one more than the largest."""

    def lock_rows(self, _connection: Connection, _changes: Mapping[Change, Bound]) -> None:
        """Do nothing: the transaction holds the lock of the whole database."""

    def change_rows(self, connection: Connection, change: Change, rows: Bound) -> int:
        """Change or delete the rows with one prepared statement; return how many there were."""
        return connection.execute(_statement(change), rows).rowcount

    def lock_audit(self, _connection: Connection) -> str | None:
        """Give None, likewise."""

    def transaction_id(self, _connection: Connection) -> str | None:
        """Give None: there is no connection that could break."""
        return None

    async def is_committed(self, _writer: AsyncEngine, _transaction: str, _proof: Select[Any] | None) -> bool | None:
        """Give false, likewise."""
        return False

    async def erase_deleted(self, writer: AsyncEngine) -> None:
        """Bring the write-ahead log into the database, whose deleted rows are overwritten, and empty it."""
        async with writer.connect() as connection:
            raw = await connection.get_raw_connection()
            if raw.driver_connection is not None:
                told = await raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                await told.close()  # a row that nobody reads would keep the next transaction from its end

    def session_lock(self) -> SessionLock:
        """Give a lock that is always had: that of a file is held beside it, in `bot/deployment/data_directory`."""
        return _NoLock()

    async def warnings(self, _connection: AsyncConnection) -> tuple[Warned, ...]:
        """Give nothing: a file has no server."""
        return ()

    def failure(self, error: BaseException) -> Failure:
        """Tell by SQLite's codes; see https://www.sqlite.org/rescode.html."""
        code = _code(error)
        if code & 0xFF == sqlite3.SQLITE_BUSY:
            return Failure.BUSY
        if code in _FULL:
            return Failure.FULL
        return Failure.DAMAGED if code & 0xFF in _DAMAGED else Failure.OTHER

    def _engine(self, kind: type[_InlineReader], size: int) -> AsyncEngine:
        def create(*args: Any, **kwargs: Any) -> aiosqlite.Connection:
            made = kind(partial(sqlite3.connect, *args, **kwargs), _ROWS_AT_ONCE)
            made._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does it where it opens the connection itself
            return made

        opening = {"async_creator_fn": create}
        return create_async_engine(
            self._url, pool_size=size, max_overflow=0, hide_parameters=True, connect_args=opening
        )


class _NoLock:
    async def acquire(self) -> None:
        """Do nothing."""

    async def watch(self, lost: Callable[[], None]) -> None:
        """Do nothing."""

    async def release(self) -> None:
        """Do nothing."""


class _InlineReader(aiosqlite.Connection):
    """A read-only connection whose calls run in the event loop's own thread: in write-ahead mode it waits for no lock.

    aiosqlite gives each call of a cursor to a thread and waits for the answer; under load each of those some fifty hops
    a turn waits for the interpreter lock as well, and they cost more than all the work (decision 0003).
    """

    async def _execute(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Make a call of the connection or of one of its cursors; aiosqlite has all of them come through here."""
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        return fn(*args, **kwargs)


class _InlineWriter(_InlineReader):
    """A connection that writes: waiting for the lock, for the disk and for a checkpoint is left to its thread.

    The lock is asked for in the loop's thread, and waited for in the other one only where another process has it.
    """

    async def _execute(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        if _begins(args):
            with suppress(_Locked):
                return await self._begin(fn, *args, **kwargs)
        if _waits(fn, args):
            in_thread: Callable[..., Awaitable[_T]] = super(_InlineReader, self)._execute
            return await in_thread(fn, *args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)

    async def _begin(self, fn: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        [waits] = self._conn.execute("PRAGMA busy_timeout").fetchone()
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            return await super()._execute(fn, *args, **kwargs)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise _Locked from None
            raise
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={waits}")


class _Locked(Exception):  # noqa: N818 - says what is
    """Another process writes."""


def _begins(args: tuple[Any, ...]) -> bool:
    return bool(args) and isinstance(args[0], str) and args[0].startswith("BEGIN IMMEDIATE")


def _waits(fn: Callable[..., object], args: tuple[Any, ...]) -> bool:
    if fn.__name__ == "commit" or _begins(args):
        return True
    return bool(args) and isinstance(args[0], str) and args[0].startswith("PRAGMA wal_checkpoint")


def _prepare(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"PRAGMA busy_timeout={_BUSY_MS}", "PRAGMA journal_mode=WAL", *pragmas):
            cursor.execute(pragma)
        cursor.close()


def _begin_with(engine: AsyncEngine, statement: str) -> None:
    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        if not connection.get_execution_options().get(_ALONE):
            cursor = connection.connection.cursor()  # past SQLAlchemy, for which it would be a statement like any
            cursor.execute(statement)
            cursor.close()


@cache  # SQLAlchemy knows a statement again by itself, and need not compare it; shapes are few
def _statement(change: Change) -> UpdateBase:
    table = change.table
    where = [table.c[name] == bindparam(f"{KEY}{name}") for name in change.key]
    where += [table.c[name] == bindparam(f"{EXPECTED}{name}") for name in change.expected]
    if not change.values:
        return delete(table).where(*where)
    return update(table).where(*where).values({name: bindparam(f"{NEW}{name}") for name in change.values})


def _code(error: BaseException) -> int:
    """Give SQLite's code of an error, also of one that SQLAlchemy has wrapped; 0 if it has none."""
    return int(getattr(getattr(error, "orig", None) or error, "sqlite_errorcode", None) or 0)


def _is_small(file: Path) -> bool:
    return file.is_file() and file.stat().st_size <= _QUICK
