"""Brings a database to the newest schema, or back to an older one, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.engines import migration_engine
from storage.refusals import Unavailable

_SCRIPTS = Path(__file__).parent / "migrations"


async def migrate(url: str | URL, revision: str = "head", *, back: bool = False) -> None:
    """Migrate the database at an SQLAlchemy URL; killed in the middle, nothing has changed.

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
