"""Brings a database to the newest schema; says first whether it is whole and already has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.engines import migration_engine
from storage.values.errors import Damaged, Unavailable

_SCRIPTS = Path(__file__).parent / "migrations"

#: The revision that the newest file of `storage/migrations/versions` leads to; a test holds it so.
NEWEST: Final = "0014"
_QUICK: Final = 32 * 1024 * 1024  # bytes that are looked through in about a tenth of a second
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


async def migrate(url: str | URL, revision: str = "head", *, back: bool = False) -> None:
    """Migrate the database at an SQLAlchemy URL, in one transaction: if it is killed, nothing has changed.

    Args:
        url: Of an asynchronous driver.
        revision: Where to go.
        back: Whether `revision` (or `base`) is an older one; what the newer ones added is lost.

    Raises:
        Unavailable: It cannot be opened or written, or rows would be left without their parents.
    """
    engine = migration_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run, command.downgrade if back else command.upgrade, revision)
    except (SQLAlchemyError, OSError, CommandError):  # the last: a database of a newer Hark
        raise Unavailable from None
    finally:
        await engine.dispose()


def _run(connection: Connection, go: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    go(config, revision)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise Unavailable


async def refuse_damaged(reader: AsyncEngine) -> None:
    """Look a small SQLite database through, and a large one's first pages: the rest is for `doctor` and `backup`.

    Raises:
        Damaged: It is no whole database.
    """
    if reader.dialect.name != "sqlite":
        return
    small = _is_small(Path(reader.url.database or ""))
    try:
        async with reader.connect() as connection:
            asked = "PRAGMA quick_check(1)" if small else "PRAGMA schema_version"
            found = (await connection.execute(text(asked))).scalar()
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise Damaged from None
        return  # what else is wrong is told when it is opened for good
    if small and found != "ok":
        raise Damaged


async def is_newest(reader: AsyncEngine) -> bool:
    """Return whether a reader's database is at `NEWEST`.

    Returns:
        False also for one that is new, older, newer, or cannot be read: `migrate` finds out which, and raises.
    """
    try:
        async with reader.connect() as connection:
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return found.scalars().all() == [NEWEST]
    except (SQLAlchemyError, OSError):
        return False


def _is_small(file: Path) -> bool:
    return file.is_file() and file.stat().st_size <= _QUICK
