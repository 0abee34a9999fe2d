"""Copies every row from one database to another, of whichever kinds; it goes on where it was interrupted.

Rows are read in the order of the primary key, as the source has it, and written in batches. With each batch the target
notes its last key, in the same transaction. What was copied before an interruption is compared before it goes on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from hashlib import sha256
from typing import Any, Final, TypeAlias

from sqlalchemy import Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.database.copying.key_order import rows_after, rows_until
from storage.database.copying.unfinished_copy import last_noted, note_last
from storage.database.engines.engine import DatabaseEngine
from storage.database.schema import metadata
from storage.database.turn import Cell
from storage.values.errors import Unavailable, Unfit

_READ: Final = 250  # rows that are read in one go; some have a megabyte
_AT_ONCE: Final = 4_000  # rows that are written in one go, and all that is held in memory
_MOST: Final = 8_000_000  # bytes of them, beyond which no more are read
_CHANGED: Final = (
    "what was copied before is not what is there now: empty the database that is copied to, and begin again"
)
_FEWER: Final = "not every row has come to the other database: empty it, and begin again"
_SUMS: Final = 2**256

#: Who is told how far it is: the table that is copied, the rows that are done, and all rows of all tables.
Tell: TypeAlias = Callable[[str, int, int], None]
#: How many rows there are, and the sum of their SHA-256: the same in whichever order they are read.
_Content: TypeAlias = tuple[int, int]


async def copy_tables(source: DatabaseEngine, target: DatabaseEngine, tell: Tell) -> dict[str, int]:
    """Copy all rows of all tables; nobody else may write to either database meanwhile.

    Args:
        source: Has the newest schema.
        target: Has the newest schema and the mark of `unfinished_copy`; it holds no row but those that this copied.
        tell: Called after each batch.

    Returns:
        How many rows each table has, in both databases.

    Raises:
        Unfit: The source has changed since a first part was copied, or the target is not as it was left.
        Unavailable: One of the two cannot be read or written. What was copied stays, and the next call goes on.
    """
    reader, writer, checker = source.open_for_copying(), target.open_writer(), target.open_for_copying()
    try:
        async with reader.begin() as reading:  # one state from first to last
            counts = await _counts(reading)
            done, total = 0, sum(counts.values())
            for table in metadata.sorted_tables:
                last, copied = await _copied_before(reading, checker, table)
                tell(table.name, done + copied, total)
                async for rows in _batches(reading, rows_after(table, last)):
                    async with writer.begin() as writing:
                        await note_last(writing, table, _key_of(table, rows[-1]))
                        await target.add_rows(writing, table, rows)
                    copied += len(rows)
                    tell(table.name, done + copied, total)
                done += copied
        async with checker.begin() as checking:
            if await _counts(checking) != counts:
                raise Unfit(_FEWER)
        async with writer.begin() as writing:
            await target.advance_counters(writing)
    except (*source.errors, *target.errors):
        raise Unavailable from None
    finally:
        for engine in (reader, writer, checker):
            await engine.dispose()
    return counts


async def _copied_before(
    reading: AsyncConnection, checker: AsyncEngine, table: Table
) -> tuple[tuple[Cell, ...] | None, int]:
    """Give the key of the last row that was copied, and how many were; raises `Unfit` where they differ by now."""
    async with checker.begin() as checking:
        last = await last_noted(checking, table)
        if last is None:
            return None, 0
        there = await _content(checking, select(table))
    if await _content(reading, rows_until(table, last)) != there:
        raise Unfit(_CHANGED)
    return last, there[0]


async def _content(connection: AsyncConnection, asked: Select[Any]) -> _Content:
    count = content = 0
    async for rows in _batches(connection, asked):
        count += len(rows)
        content += sum(int.from_bytes(sha256(repr(row).encode()).digest()) for row in rows)
    return count, content % _SUMS


async def _batches(connection: AsyncConnection, asked: Select[Any]) -> AsyncIterator[list[tuple[Cell, ...]]]:
    rows: list[tuple[Cell, ...]] = []
    size = 0
    async with connection.stream(asked, execution_options={"yield_per": _READ}) as found:
        async for some in found.partitions():
            rows += map(tuple, some)
            size += sum(map(_size, some))
            if len(rows) >= _AT_ONCE or size >= _MOST:
                yield rows
                rows, size = [], 0
    if rows:
        yield rows


def _size(row: Iterable[Cell]) -> int:
    return sum(len(cell) for cell in row if isinstance(cell, str | bytes))


async def _counts(connection: AsyncConnection) -> dict[str, int]:
    asked = {table.name: select(func.count()).select_from(table) for table in metadata.sorted_tables}
    return {name: int((await connection.execute(one)).scalar_one()) for name, one in asked.items()}


def _key_of(table: Table, row: tuple[Cell, ...]) -> list[Cell]:
    names = table.columns.keys()
    return [row[names.index(column.name)] for column in table.primary_key]
