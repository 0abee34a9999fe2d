"""Brings a database to the newest schema; says first whether it already has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.engines.engine import engine_for
from storage.values.errors import Unavailable, UnfitDatabase

_SCRIPTS = Path(__file__).parent / "migrations"

#: The revision that the newest file of `storage/migrations/versions` leads to; a test holds it so.
NEWEST: Final = "0014"
_NEWER: Final = "the database is of a newer Hark: start that one, or restore a backup of before"


async def migrate(url: str | URL, revision: str = "head", *, back: bool = False) -> None:
    """Migrate the database at an SQLAlchemy URL, in one transaction: if it is killed, nothing has changed.

    Args:
        url: Of an asynchronous driver.
        revision: Where to go.
        back: Whether `revision` (or `base`) is an older one; what the newer ones added is lost.

    Raises:
        Unavailable: It cannot be opened or written, or rows would be left without their parents.
        UnfitDatabase: A newer Hark has migrated it.
    """
    kind = engine_for(url)
    engine = kind.open_for_migration()
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run, command.downgrade if back else command.upgrade, revision)
            await connection.run_sync(kind.check_migrated)
    except CommandError:
        raise UnfitDatabase(_NEWER) from None
    except kind.errors:
        raise Unavailable from None
    finally:
        await engine.dispose()


def _run(connection: Connection, go: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    go(config, revision)


async def holds_tables(url: str | URL) -> bool:
    """Return whether a server's database was migrated before, by whichever Hark.

    Raises:
        Unavailable: It cannot be read.
        UnfitDatabase: The URL is of no database that Hark knows.
    """
    kind = engine_for(url)
    reader = kind.open_readers()
    try:
        async with reader.connect() as connection:
            return await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version"))
    except kind.errors:
        raise Unavailable from None
    finally:
        await reader.dispose()


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
