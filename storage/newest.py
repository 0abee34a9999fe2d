"""What every start looks at first: whether the database is whole, and whether it has the newest schema already.

Nearly every start finds both, and needs no migration tool.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.refusals import Damaged

#: The revision that the newest file of `storage/migrations/versions` leads to; a test holds it so.
NEWEST: Final = "0014"
_QUICK: Final = 32 * 1024 * 1024  # bytes that are looked through in about a tenth of a second
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


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
    """Whether a reader's database is at `NEWEST`; false for one that is new, older, newer, or cannot be read."""
    try:
        async with reader.connect() as connection:
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return found.scalars().all() == [NEWEST]
    except (SQLAlchemyError, OSError):
        return False


def _is_small(file: Path) -> bool:
    return file.is_file() and file.stat().st_size <= _QUICK
