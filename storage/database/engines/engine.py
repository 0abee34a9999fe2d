"""What each kind of database does in its own way, as one interface; and the choice of the kind by a URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from sqlalchemy import URL, Connection, Select, Table, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import UpdateBase

from storage.database.turn import Cell
from storage.values.errors import UnfitDatabase

#: What a cell is bound as: a part of the key, an expected value, a new value.
KEY, EXPECTED, NEW = "k_", "e_", "v_"


class Change(NamedTuple):
    """The shape of changed rows, by names of columns: a table's key, the new values, the values expected before.

    Without new values the rows are deleted.
    """

    table: Table
    key: tuple[str, ...]
    values: tuple[str, ...]
    expected: tuple[str, ...]


#: Cells by column name with `KEY`, `EXPECTED` or `NEW` in front; one mapping for each row of a `Change`.
Bound: TypeAlias = Sequence[Mapping[str, Cell]]


class Failure(Enum):
    """What an error of the database or of the system comes to."""

    AGAIN = auto()  #: another transaction came in between: the same one may succeed now
    BUSY = auto()  #: another process held a lock for as long as is waited for one
    FULL = auto()  #: no room on the disk
    DAMAGED = auto()  #: the database is not whole
    OTHER = auto()  #: it does not answer, or refuses for another reason


class Warned(NamedTuple):
    """Something about a database server that works, and that its operator should know."""

    what: str
    do: str


class SessionLock(Protocol):
    """A lock on a database that dies with its holder."""

    async def acquire(self) -> None:
        """Take it.

        Raises:
            DatabaseInUse: Another process holds it.
            UnfitDatabase: It cannot be held: something shares one session among many.
            Unavailable: The server does not answer.
        """

    async def watch(self, lost: Callable[[], None]) -> None:
        """Take it again whenever its connection breaks; return after a call of `lost` once another process has it."""

    async def release(self) -> None:
        """Give it back; harmless if it is not held."""


class DatabaseEngine(Protocol):
    """One kind of database, at one URL; it holds no connection itself."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What may be raised by what uses the database, past SQLAlchemy too; their texts may hold values."""

    def open_writer(self) -> AsyncEngine:
        """Give the engine through which everything is written: one transaction at a time, durable once committed."""

    def open_readers(self) -> AsyncEngine:
        """Give the engine for reading: a transaction sees one state of the database; a write in it is an error."""

    def for_one_statement(self, reader: AsyncEngine) -> AsyncEngine:
        """Give what reads a single statement over the connections of `reader`, without a transaction around it.

        Nothing but a query may be run by it: a server does not refuse a write there.
        """

    def is_broken(self, connection: AsyncConnection) -> bool:
        """Tell whether a connection is known to have ended, without asking the other end."""

    def open_for_migration(self) -> AsyncEngine:
        """Give the engine over which the schema is changed."""

    def check_migrated(self, connection: Connection) -> None:
        """Return quietly if a migration has left the database whole; `connection` is within its transaction.

        Raises:
            Unavailable: A row is left without its parent.
        """

    async def refuse_unfit(self, reader: AsyncEngine) -> None:
        """Return quietly if the database can keep what Hark promises.

        Raises:
            Damaged: It is no whole database.
            UnfitDatabase: The server is too old, or set up so that it loses or changes what was committed.
            Unavailable: A server does not answer.
        """

    async def last_written(self, reader: AsyncEngine) -> datetime | None:
        """Give when it was last written (aware), by the clock of then; None for a new one or where nobody can tell.

        Call it before anything else has opened the database.
        """

    @property
    def folder(self) -> Path | None:
        """The folder of the database on this machine, whose room can be watched; None for a server's."""

    def insert_quietly(self, table: Table) -> UpdateBase:
        """Give the statement that inserts rows and leaves those that are there as they are."""

    def add_marks(self, connection: Connection, marks: Sequence[Mapping[str, Cell]], earlier: Sequence[bytes]) -> bool:
        """Insert rows of `seen`; insert none and return false where one of the `earlier` marks is there.

        Raises:
            IntegrityError: One of the marks is there.
        """

    def open_for_copying(self) -> AsyncEngine:
        """Give an engine like the readers', for whole tables: no statement is cut off, however long it takes."""

    async def add_rows(self, connection: AsyncConnection, table: Table, rows: Sequence[Sequence[Cell]]) -> None:
        """Insert many rows, each with its cells in the order of the table's columns.

        The connection's transaction has to have begun with another statement.
        """

    async def advance_counters(self, connection: AsyncConnection) -> None:
        """Have rows that the database numbers go on after the largest number in their table."""

    def lock_rows(self, connection: Connection, changes: Mapping[Change, Bound]) -> None:
        """Lock the rows that are about to be changed, in one order for every process, where the database locks rows."""

    def change_rows(self, connection: Connection, change: Change, rows: Bound) -> int:
        """Change or delete the rows with these keys and expected values; return how many there were."""

    def lock_audit(self, connection: Connection) -> str | None:
        """Wait until no other transaction adds to the audit chain; held until this one ends.

        Returns:
            What `transaction_id` gives.
        """

    def transaction_id(self, connection: Connection) -> str | None:
        """Give what `is_committed` knows this transaction by; None where a commit cannot succeed without its answer."""

    async def is_committed(self, writer: AsyncEngine, transaction: str, proof: Select[Any] | None) -> bool | None:
        """Find out whether a transaction was committed whose answer was lost; raises nothing.

        It is None where that cannot be told for 5 seconds.

        Args:
            writer: Over whose connection it is asked.
            transaction: As `transaction_id` gave it.
            proof: A statement that finds something where it was committed (`proof_of`); None where there is none.
        """

    async def erase_deleted(self, writer: AsyncEngine) -> None:
        """Take deleted rows out of the files of the database as far as it can; takes no lock that a turn waits for.

        Raises:
            Whatever is among `errors`; what was not erased is erased the next time.
        """

    def session_lock(self) -> SessionLock:
        """Give the lock that only one Hark may hold on this database; it is not held yet."""

    async def warnings(self, connection: AsyncConnection) -> tuple[Warned, ...]:
        """Give what an operator should know of the server: what is wrong, and what to do.

        Raises:
            Whatever is among `errors`.
        """

    def failure(self, error: BaseException) -> Failure:
        """Tell what an error comes to, also one that SQLAlchemy has wrapped."""


def engine_for(url: str | URL) -> DatabaseEngine:
    """Give the engine for an SQLAlchemy URL: `sqlite+aiosqlite:///…`, `postgresql+asyncpg://…` or `postgresql://…`.

    Raises:
        UnfitDatabase: The URL is of another database or driver, or none.
    """
    try:
        made = make_url(url)
    except ArgumentError:
        raise UnfitDatabase("is no address of a database") from None
    if made.drivername == "sqlite+aiosqlite":
        from storage.database.engines.sqlite import SqliteEngine  # noqa: PLC0415 - neither waits for the other's driver

        return SqliteEngine(made)
    if made.drivername in {"postgresql+asyncpg", "postgresql"}:
        from storage.database.engines.postgresql import PostgresqlEngine  # noqa: PLC0415 - likewise

        return PostgresqlEngine(made)
    raise UnfitDatabase("names a driver that Hark does not know: sqlite+aiosqlite or postgresql+asyncpg")
