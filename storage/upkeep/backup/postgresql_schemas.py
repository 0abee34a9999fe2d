"""Puts a restored database in place on a PostgreSQL server: filled in a schema of its own, then moved in at once."""

from __future__ import annotations

from typing import Final

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.copying.unfinished_copy import MARK
from storage.database.engines import writing
from storage.database.schema import metadata
from storage.values.errors import Unfit

#: The schema that a restore fills; what is in it when a restore begins was left by one that was killed.
_BESIDE: Final = "hark_restoring"
_MAY: Final = text(
    "SELECT has_database_privilege(current_database(), 'CREATE')"
    " AND coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
)
_CURRENT: Final = text("SELECT current_schema()")
_TABLES: Final = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename")
#: Those that are Hark's; of others in the same schema nothing is known, and they stay where they are.
_OURS: Final = frozenset({*metadata.tables, "alembic_version", MARK})


async def begin_beside(database: URL) -> URL:
    """Make an empty schema in a database, and give the URL that works in it.

    Raises:
        Unfit: The role may not make one.
        Unavailable: The server does not answer.
    """
    async with writing(database) as connection:
        if not (await connection.execute(_MAY)).scalar():
            raise Unfit("the role of HARK_DATABASE_URL may not make a schema: make it the owner of the database")
        await _drop(connection)
        await connection.execute(text(f"CREATE SCHEMA {_BESIDE}"))
    return database.update_query_dict({"search_path": _BESIDE})


async def drop_beside(database: URL) -> None:
    """Remove the schema, if it is there.

    Raises:
        Unavailable: The server does not answer.
    """
    async with writing(database) as connection:
        await _drop(connection)


async def put_in_place(database: URL, aside: str) -> bool:
    """Move the tables that are there to a schema `aside`, and those of the schema that was filled to their place.

    All of it is one transaction. Tables move with their rows, indexes and sequences, and nothing is copied.

    Returns:
        Whether there was something to put aside.

    Raises:
        Unavailable: The server does not answer, or somebody uses the tables. Nothing changed.
    """
    async with writing(database) as connection:
        here = (await connection.execute(_CURRENT)).scalar_one()
        old = await _tables(connection, here)
        if old:
            await connection.execute(text(f'CREATE SCHEMA "{aside}"'))
            await _move(connection, f'"{here}"', old, f'"{aside}"')
        await _move(connection, _BESIDE, await _tables(connection, _BESIDE), f'"{here}"')
        await _drop(connection)
        return bool(old)


async def _tables(connection: AsyncConnection, schema: str) -> list[str]:
    there = (await connection.execute(_TABLES, {"schema": schema})).scalars()
    return [name for name in there if name in _OURS]


async def _move(connection: AsyncConnection, here: str, tables: list[str], there: str) -> None:
    for name in tables:
        await connection.execute(text(f"ALTER TABLE {here}.{name} SET SCHEMA {there}"))


async def _drop(connection: AsyncConnection) -> None:
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {_BESIDE} CASCADE"))
