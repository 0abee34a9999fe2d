"""What PostgreSQL does with whole tables: rows by COPY, and numbers that go on after those that are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.schema import metadata
from storage.database.turn import Cell

_SEQUENCE: Final = text("SELECT pg_get_serial_sequence(:name, :numbered)")
_ADVANCE: Final = text("SELECT setval(CAST(CAST(:sequence AS text) AS regclass), :last)")


async def add_rows(connection: AsyncConnection, table: Table, rows: Sequence[Sequence[Cell]]) -> None:
    """Add rows by COPY, within the transaction that a statement of the connection has begun before.

    Raises:
        asyncpg.PostgresError, asyncpg.InterfaceError: They are refused, or the connection broke; none was added.
    """
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is not None:
        await raw.copy_records_to_table(table.name, records=rows, columns=table.columns.keys())


async def advance_counters(connection: AsyncConnection) -> None:
    """Set the sequence of each table that numbers its rows to the largest number in it."""
    for table in metadata.sorted_tables:
        numbered = table.autoincrement_column
        if numbered is None:
            continue
        asked = {"name": table.name, "numbered": numbered.name}
        sequence = (await connection.execute(_SEQUENCE, asked)).scalar()
        last = (await connection.execute(select(func.max(numbered)))).scalar()
        if sequence is not None and last is not None:
            await connection.execute(_ADVANCE, {"sequence": sequence, "last": last})
