"""Brings a database to the newest schema; says first whether it already has it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, inspect, literal, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.database.engines import engine_for, reading
from storage.database.schema import metadata
from storage.values.errors import Unavailable, UnfitDatabase

_SCRIPTS = Path(__file__).parent / "migrations"

#: The revision that the newest file of `storage/migrations/versions` leads to; a test holds it so.
NEWEST: Final = "0029"
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
    from alembic.util import CommandError  # noqa: PLC0415 - a tenth of a second that only the first start has to wait

    kind = engine_for(url)
    engine = kind.open_for_migration()
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run, revision, back)
            await connection.run_sync(kind.check_migrated)
    except CommandError:
        raise UnfitDatabase(_NEWER) from None
    except kind.errors:
        raise Unavailable from None
    finally:
        await engine.dispose()


def _run(connection: Connection, revision: str, back: bool) -> None:  # noqa: FBT001 - `run_sync` gives no names
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    (command.downgrade if back else command.upgrade)(config, revision)


async def holds_tables(url: str | URL) -> bool:
    """Return whether a server's database was migrated before, by whichever Hark.

    Raises:
        Unavailable: It cannot be read.
        UnfitDatabase: The URL is of no database that Hark knows.
    """
    async with reading(url) as connection:
        return await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version"))


async def holds_rows(connection: AsyncConnection) -> bool:
    """Tell whether there is a row in any table of a database that is at `NEWEST`."""
    for table in metadata.sorted_tables:
        if (await connection.execute(select(literal(1)).select_from(table).limit(1))).first() is not None:
            return True
    return False


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
