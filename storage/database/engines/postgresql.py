"""PostgreSQL, by asyncpg: writers at READ COMMITTED that lock the rows they change, readers that see one state.

Nothing here leans on there being one process that writes. Errors are told apart by SQLSTATE (PostgreSQL, appendix A).
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import URL, Connection, Select, Table, event, func, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.dml import UpdateBase

from storage.database.engines.engine import Bound, Change, Failure, Warned
from storage.database.engines.postgresql_bulk import add_rows, advance_counters
from storage.database.engines.postgresql_connection import connect_to, is_closed, look_after, sqlstate
from storage.database.engines.postgresql_fitness import find_warnings, refuse_unfit
from storage.database.engines.postgresql_lock import AdvisoryLock
from storage.database.engines.postgresql_statements import (
    ADD_MARKS,
    arrays_of,
    change_statement,
    keys_of,
    lock_statement,
    may_be_many,
)
from storage.database.schema import metadata
from storage.database.schema.sites import audit
from storage.database.turn import Cell
from storage.values.errors import Unavailable

_READERS: Final = 8  # connections
_COMMANDS: Final = 30.0  # seconds after which a server that does not answer counts as gone
_ASKED_FOR: Final = 5.0  # seconds in which it can be told whether a transaction was committed
_ASK_EVERY: Final = 0.1  # seconds
_CHAIN: Final = 4841  # of the advisory lock on the end of the audit chain
_SCHEMA: Final = 4842  # of that on a change of the schema
_SERIALIZATION, _DEADLOCK = "40001", "40P01"
_BUSY: Final = frozenset({"55P03", "57014"})  # lock_not_available, query_canceled
_FULL: Final = "53100"  # disk_full
_DAMAGED: Final = frozenset({"XX001", "XX002"})  # data_corrupted, index_corrupted


class PostgresqlEngine:
    """A database of a server; see `DatabaseEngine`. Connections that broke are opened again when they are next used."""

    errors = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
    folder: Path | None = None

    def __init__(self, url: URL) -> None:
        """Take the URL; its query may hold `host` (a folder: that of a Unix socket), `sslmode` and `sslrootcert`."""
        self._url = url.set(drivername="postgresql+asyncpg")

    def open_writer(self) -> AsyncEngine:
        """Give an engine with a single connection; each of its transactions is on disk once committed."""
        return self._engine(pool_size=1, isolation_level="READ COMMITTED")

    def open_readers(self) -> AsyncEngine:
        """Give an engine whose transactions are REPEATABLE READ and READ ONLY."""
        engine = self._engine(pool_size=_READERS, isolation_level="REPEATABLE READ")
        engine.sync_engine.update_execution_options(postgresql_readonly=True)
        return engine

    def for_one_statement(self, reader: AsyncEngine) -> AsyncEngine:
        """Give the same connections in AUTOCOMMIT: beginning and ending a transaction takes two round trips."""
        return reader.execution_options(isolation_level="AUTOCOMMIT")

    def is_broken(self, connection: AsyncConnection) -> bool:
        """Tell what the event loop has seen."""
        return is_closed(connection)

    def open_for_migration(self) -> AsyncEngine:
        """Give an engine like the writer's, which waits as long as a change of the schema takes; one at a time."""
        engine = self._engine(pool_size=1, commands=None)

        @event.listens_for(engine.sync_engine, "begin")
        def begun(connection: Connection) -> None:
            connection.execute(_LOCK, {"lock": _SCHEMA})

        return engine

    def open_for_copying(self) -> AsyncEngine:
        """Give an engine like the readers', with one connection and no time in which a statement has to end."""
        engine = self._engine(pool_size=1, isolation_level="REPEATABLE READ", commands=None)
        engine.sync_engine.update_execution_options(postgresql_readonly=True)
        return engine

    def check_migrated(self, _connection: Connection) -> None:
        """Do nothing: foreign keys hold throughout."""

    async def refuse_unfit(self, reader: AsyncEngine) -> None:
        """Return quietly if the server is fit; see `postgresql_fitness.py`.

        Raises:
            UnfitDatabase: It is not.
            Unavailable: It does not answer.
        """
        try:
            async with reader.connect() as connection:
                await refuse_unfit(connection)
        except self.errors:
            raise Unavailable from None

    async def last_written(self, reader: AsyncEngine) -> datetime | None:
        """Give the hour of the newest link of the audit chain: a server tells of no time that outlives a copy.

        Raises:
            Unavailable: The server does not answer.
        """
        try:
            async with reader.connect() as connection:
                if not (await connection.execute(select(func.to_regclass("audit").is_not(None)))).scalar():
                    return None
                newest = select(audit.c.hour).order_by(audit.c.number.desc()).limit(1)
                hour = (await connection.execute(newest)).scalar()
        except self.errors:
            raise Unavailable from None
        return None if hour is None else datetime.fromtimestamp(hour, UTC)

    def insert_quietly(self, table: Table) -> UpdateBase:
        """Give `INSERT … ON CONFLICT DO NOTHING`."""
        return postgresql.insert(table).on_conflict_do_nothing()

    def add_marks(self, connection: Connection, marks: Sequence[Mapping[str, Cell]], earlier: Sequence[bytes]) -> bool:
        """Ask and insert by one statement."""
        return len(connection.execute(ADD_MARKS, arrays_of(marks) | {"earlier": earlier}).all()) == len(marks)

    async def add_rows(self, connection: AsyncConnection, table: Table, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows by COPY; see `postgresql_bulk.py`."""
        await add_rows(connection, table, rows)

    async def advance_counters(self, connection: AsyncConnection) -> None:
        """Set the tables' sequences."""
        await advance_counters(connection)

    def lock_rows(self, connection: Connection, changes: Mapping[Change, Bound]) -> None:
        """Lock rows by table and key with a statement for each table; a single row is locked as it is changed."""
        if sum(map(len, changes.values())) < 2 and not any(may_be_many(change) for change in changes):
            return
        by_table: dict[Table, list[tuple[Change, Bound]]] = defaultdict(list)
        for change, rows in changes.items():
            by_table[change.table].append((change, rows))
        for table in metadata.sorted_tables:
            for keys, bound in sorted(keys_of(by_table.get(table, ())).items()):
                connection.execute(lock_statement(table, keys), bound)

    def change_rows(self, connection: Connection, change: Change, rows: Bound) -> int:
        """Change or delete all the rows with one statement; asyncpg tells of no count where it runs one many times."""
        return len(connection.execute(change_statement(change), arrays_of(rows)).all())

    def lock_audit(self, connection: Connection) -> str | None:
        """Wait for an advisory lock that ends with the transaction."""
        return str(connection.execute(_LOCK_CHAIN, {"lock": _CHAIN}).scalar_one())

    def transaction_id(self, connection: Connection) -> str | None:
        """Give the 64-bit id of the transaction."""
        return str(connection.execute(_TRANSACTION).scalar_one())

    async def is_committed(self, writer: AsyncEngine, transaction: str, proof: Select[Any] | None) -> bool | None:
        """Ask until the server answers, and the session of the broken connection has ended (`pg_xact_status`).

        That alone is not enough: after a crash of the server the number of a transaction of which nothing had reached
        the disk is given to another one, which may well be committed. So what it wrote has to be there too.
        """
        until = time.monotonic() + _ASKED_FOR
        while time.monotonic() < until:
            with suppress(*self.errors):
                async with writer.connect() as connection:
                    status = (await connection.execute(_STATUS, {"transaction": transaction})).scalar()
                    if status == "committed":
                        return proof is None or (await connection.execute(proof)).first() is not None
                if status != "in progress":
                    return False
            await asyncio.sleep(_ASK_EVERY)
        return None

    async def erase_deleted(self, _writer: AsyncEngine) -> None:
        """Vacuum every table over a connection of its own; what stays then is told in decision 22."""
        engine = self._open_alone(commands=None)
        try:
            async with engine.connect() as connection:
                await connection.exec_driver_sql(f"VACUUM (SKIP_LOCKED) {', '.join(metadata.tables)}")
        finally:
            await engine.dispose()

    def session_lock(self) -> AdvisoryLock:
        """Give a session advisory lock."""
        return AdvisoryLock(self._open_alone(commands=_COMMANDS))

    async def warnings(self, connection: AsyncConnection) -> tuple[Warned, ...]:
        """Give what the server writes into its log, and what it leaves out, that Hark would have otherwise."""
        return await find_warnings(connection)

    def failure(self, error: BaseException) -> Failure:
        """Tell by SQLSTATE; what has none is a connection that broke."""
        state = sqlstate(error)
        if state in {_SERIALIZATION, _DEADLOCK}:
            return Failure.AGAIN
        if state in _BUSY:
            return Failure.BUSY
        if state == _FULL:
            return Failure.FULL
        return Failure.DAMAGED if state in _DAMAGED else Failure.OTHER

    def _open_alone(self, *, commands: float | None) -> AsyncEngine:
        """Give an engine that opens a connection each time, and begins no transaction."""
        return self._engine(poolclass=NullPool, isolation_level="AUTOCOMMIT", commands=commands)

    def _engine(self, *, commands: float | None = _COMMANDS, **options: Any) -> AsyncEngine:
        connecting = {"async_creator_fn": connect_to, "command_timeout": commands}
        pool = {} if "poolclass" in options else {"max_overflow": 0}
        engine = create_async_engine(self._url, hide_parameters=True, connect_args=connecting, **pool, **options)
        if pool:
            look_after(engine.sync_engine)
        return engine


_TRANSACTION: Final = text("SELECT pg_current_xact_id()::text")
_STATUS: Final = text("SELECT pg_xact_status(CAST(CAST(:transaction AS text) AS xid8))")
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:lock)")
_LOCK_CHAIN: Final = text("SELECT pg_current_xact_id()::text, pg_advisory_xact_lock(:lock)")
