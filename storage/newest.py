"""Whether a database has the newest schema already: nearly every start finds that, and needs no migration tool."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

#: The revision that the newest file of `storage/migrations/versions` leads to; a test holds it so.
NEWEST: Final = "0007"


async def is_newest(reader: AsyncEngine) -> bool:
    """Whether a reader's database is at `NEWEST`; false for one that is new, older, newer, or cannot be read."""
    try:
        async with reader.connect() as connection:
            found = await connection.execute(text("SELECT version_num FROM alembic_version"))
            return found.scalars().all() == [NEWEST]
    except (SQLAlchemyError, OSError):
        return False
