"""The mark of a database that is being filled from another one, and how far that has come; Hark does not start on it.

The mark is a table of its own: it is there before any other, its rows change with the rows that they tell of, and it
goes once everything was checked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from sqlalchemy import Column, MetaData, Table, Text, delete, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.database.engines.engine import DatabaseEngine
from storage.database.turn import Cell
from storage.values.errors import UnfitDatabase

#: The name of the mark's table.
MARK: Final = "unfinished_copy"
#: By table: the key of the last row that was copied, as JSON; bytes are an object with their hexadecimal.
_progress: Final = Table(MARK, MetaData(), Column("name", Text, primary_key=True), Column("last", Text, nullable=False))
_UNFINISHED: Final = (
    "is of a database whose copying has not come to its end: give hark database copy again, with the same two databases"
)


async def refuse_unfinished(kind: DatabaseEngine, reader: AsyncEngine) -> None:
    """Return quietly unless a database has the mark; also where it cannot be read, as whoever opens it finds out.

    Raises:
        UnfitDatabase: It has.
    """
    with suppress(*kind.errors):
        async with reader.connect() as connection:
            await refuse_marked(connection)


async def refuse_marked(connection: AsyncConnection) -> None:
    """Return quietly unless the connection's database has the mark.

    Raises:
        UnfitDatabase: It has.
    """
    if await is_marked(connection):
        raise UnfitDatabase(_UNFINISHED)


async def is_marked(connection: AsyncConnection) -> bool:
    """Tell whether a database has the mark."""
    return await connection.run_sync(lambda sync: inspect(sync).has_table(MARK))


async def set_mark(connection: AsyncConnection) -> None:
    """Set the mark, within the connection's transaction."""
    await connection.run_sync(_progress.create)


async def remove_mark(connection: AsyncConnection) -> None:
    """Remove the mark, and with it all that was noted."""
    await connection.run_sync(_progress.drop)


async def note_last(connection: AsyncConnection, table: Table, key: Sequence[Cell]) -> None:
    """Note the key of the last row that was copied; it counts if the transaction is committed."""
    noted = json.dumps([{"bytes": cell.hex()} if isinstance(cell, bytes) else cell for cell in key])
    await connection.execute(delete(_progress).where(_progress.c.name == table.name))
    await connection.execute(insert(_progress), {"name": table.name, "last": noted})


async def last_noted(connection: AsyncConnection, table: Table) -> tuple[Cell, ...] | None:
    """Give what was noted last for a table; None where nothing was."""
    noted = (await connection.execute(select(_progress.c.last).where(_progress.c.name == table.name))).scalar()
    if noted is None:
        return None
    return tuple(bytes.fromhex(cell["bytes"]) if isinstance(cell, dict) else cell for cell in json.loads(noted))
