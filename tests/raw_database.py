"""The rows and bytes of a database, read and written beside Hark on a connection of its own, whichever engine keeps it.

It does what somebody could who may write the database, and gives what somebody would find who may read all of it. A
database is named by its URL. What is one engine's own (a copied file, a pragma, a page) is left to tests that are
marked `sqlite_only`, with the reason.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import URL, Executable, Row, Select, Table, delete, func, insert, make_url, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.database.schema import metadata
from storage.database.writer import Writer

#: The rows of tables, by name.
Rows: TypeAlias = "dict[str, list[dict[str, Any]]]"

_LOCK_WAIT: Final = 10  # seconds that another writer is waited for
#: What is said first to each engine: to read all tables as they were at one time, to write rows whose parents are
#: missing, and to keep everybody else from writing.
_READ: Final = {"sqlite": "BEGIN", "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"}
_WRITE: Final = {"sqlite": "PRAGMA foreign_keys=OFF", "postgresql": "SET LOCAL session_replication_role = replica"}
_HOLD: Final = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"LOCK TABLE {', '.join(metadata.tables)} IN EXCLUSIVE MODE",
}
_SERVER: Final = text("SELECT current_setting('data_directory')")
_OWN: Final = text("SELECT oid FROM pg_database WHERE datname = current_database()")
_END_OTHERS: Final = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name AND pid != pg_backend_pid()"
)


async def read_tables(url: str | URL) -> Rows:
    """Give every table that Hark has, each in the order of its primary key."""
    async with _connected(_read_only(url), _READ) as connection:
        return {
            name: [dict(row) for row in (await connection.execute(_whole(table))).mappings()]
            for name, table in metadata.tables.items()
        }


async def write_tables(url: str | URL, rows: Rows) -> bool:
    """Put these rows in the place of the tables' own; false where a constraint refuses them, and nothing is changed."""
    try:
        async with _connected(url, _WRITE) as connection:
            for name, of in rows.items():
                await connection.execute(delete(metadata.tables[name]))
                if of:
                    await connection.execute(insert(metadata.tables[name]), of)
    except IntegrityError:
        return False
    return True


async def fetch(url: str | URL, asked: Select[Any]) -> Sequence[Row[Any]]:
    """Give the rows that a query finds."""
    async with _connected(_read_only(url), _READ) as connection:
        return (await connection.execute(asked)).all()


async def count_rows(url: str | URL, table: Table) -> int:
    """Give how many rows a table has."""
    [(number,)] = await fetch(url, select(func.count()).select_from(table))
    return int(number)


async def tamper(url: str | URL, *statements: Executable) -> None:
    """Change rows with these statements, in one transaction; each of them has to find something to change."""
    async with _connected(url, _WRITE) as connection:
        for statement in statements:
            assert (await connection.execute(statement)).rowcount, str(statement)


async def rename_tables(url: str | URL, names: Mapping[str, str]) -> None:
    """Give tables other names, so that what asks for them finds none."""
    async with _connected(url) as connection:
        for old, new in names.items():
            await connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


@asynccontextmanager
async def writes_held(url: str | URL) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Keep everybody else from writing until the end of the block, or until what it is given is called."""
    async with _connected(url, _HOLD) as connection:
        yield connection.rollback


async def under_way(writer: Writer) -> None:
    """Wait until a writer has a transaction under way: its only connection is out, and not merely kept."""
    connections = writer._connections
    pool: Any = connections.engine.pool
    while connections._kept or not pool.checkedout():  # noqa: ASYNC110 - neither tells anybody
        await asyncio.sleep(0)


async def raw_bytes(url: str | URL) -> bytes:
    """Give all that is on the disk of a database: its rows, what is left of deleted ones, and the write-ahead log.

    Of a PostgreSQL server that is everything but its other databases; its role has to be a superuser on this machine.
    """
    if (file := _sqlite_file(url)) is not None:
        return _joined(file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm", "-journal"))
    async with _connected(url) as connection:
        await connection.execute(text("CHECKPOINT"))  # what is in memory alone; nothing is emptied by that
        server = Path((await connection.execute(_SERVER)).scalar_one())
        own = str((await connection.execute(_OWN)).scalar_one())
    return await asyncio.to_thread(_joined, _files_of(server, own))


async def all_bytes(folder: Path, url: str | URL) -> bytes:
    """Give every byte that Hark keeps: the files below its folder, and those of its database, wherever they are."""
    return _joined(_below(folder)) + await raw_bytes(url)


async def damage(url: str | URL, *, begin: int = 0) -> None:
    """Spoil what is on the disk: SQLite's file from byte `begin` to its end, the files of all tables of PostgreSQL."""
    if (file := _sqlite_file(url)) is not None:
        content = file.read_bytes()
        file.write_bytes(content[:begin] + b"\x5a" * (len(content) - begin))
        return
    async with _connected(url) as connection:
        await connection.execute(text("CHECKPOINT"))  # nothing is left that the server would have to write there
        server = Path((await connection.execute(_SERVER)).scalar_one())
        paths = [select(func.pg_relation_filepath(name)) for name in metadata.tables]
        files = [server / (await connection.execute(path)).scalar_one() for path in paths]
        await connection.execute(_END_OTHERS, {"name": make_url(url).database})  # they have the files open
    for file in files:
        file.unlink()


@asynccontextmanager
async def unreachable(url: str | URL) -> AsyncIterator[None]:
    """Let nobody connect to the database until the end of the block; who is connected to PostgreSQL is cut off."""
    if (file := _sqlite_file(url)) is not None:
        away = file.rename(file.with_name("away.db"))
        file.mkdir()
        yield
        file.rmdir()
        away.rename(file)
        return
    name, beside = make_url(url).database, make_url(url).set(database="postgres")
    async with _connected(beside) as connection:
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        await connection.execute(_END_OTHERS, {"name": name})
    yield
    async with _connected(beside) as connection:
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))


@asynccontextmanager
async def _connected(url: str | URL, first: Mapping[str, str] | None = None) -> AsyncIterator[AsyncConnection]:
    """Connect, say what is to be said first to this engine, and commit at the end of the block unless it fails."""
    engine = _engine(make_url(url))
    async with engine.begin() as connection:
        if first is not None:
            await connection.exec_driver_sql(first[engine.dialect.name])
        yield connection


@lru_cache(8)
def _engine(url: URL) -> AsyncEngine:
    """It keeps no connection, only the statements that it has compiled: any event loop may use it, and none ends it."""
    waits = {"timeout": _LOCK_WAIT} if url.get_backend_name() == "sqlite" else {}
    return create_async_engine(url, poolclass=NullPool, connect_args=waits)


def _whole(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key)


def _sqlite_file(url: str | URL) -> Path | None:
    given = make_url(url)
    return Path(given.database or "") if given.get_backend_name() == "sqlite" else None


def _read_only(url: str | URL) -> str | URL:
    """SQLite's last connection that may write empties the log, which Hark has to find as a kill left it."""
    if (file := _sqlite_file(url)) is None:
        return url
    return URL.create("sqlite+aiosqlite", database=file.absolute().as_uri(), query={"mode": "ro", "uri": "true"})


def _files_of(server: Path, own: str) -> Iterator[Path]:
    databases = server / "base"
    return (path for path in _below(server) if databases not in path.parents or databases / own in path.parents)


def _below(folder: Path) -> Iterator[Path]:
    """Give every file below; a folder that is taken away meanwhile has none, as `os.walk` sees it."""
    return (Path(where, name) for where, _, names in os.walk(folder) for name in names)


def _joined(paths: Iterator[Path]) -> bytes:
    found = []
    for path in paths:
        if path.is_file():
            with suppress(FileNotFoundError):  # a server that runs takes files away
                found.append(path.read_bytes())
    return b"".join(found)
