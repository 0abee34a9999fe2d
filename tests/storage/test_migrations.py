"""Every migration up and down; the schema that they lead to is the one that the code is written for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from storage.database import migrate as module
from storage.database.engines import engine_for
from storage.database.migrate import NEWEST, is_newest, migrate
from storage.database.schema import metadata
from storage.values.errors import Unavailable

#: What compares the text that SQLite keeps of its schema, or is about a file.
OF_A_FILE = pytest.mark.sqlite_only("its schema is compared as it is written in the file")

REVISIONS = [one.revision for one in reversed(list(ScriptDirectory(str(module._SCRIPTS)).walk_revisions()))]


def shape(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sql for name, sql in found if not name.startswith("alembic")}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hark.db"


@OF_A_FILE
async def test_every_step_goes_up_down_and_up_again(file: Path) -> None:
    url = f"sqlite+aiosqlite:///{file}"
    before: dict[str, str] = {}
    for revision, earlier in zip(REVISIONS, ["base", *REVISIONS], strict=False):
        await migrate(url, revision)
        after = shape(file)
        assert after != before
        await migrate(url, earlier, back=True)
        assert shape(file) == before
        await migrate(url, revision)
        assert shape(file) == after
        before = after
    await migrate(url, "base", back=True)
    assert shape(file) == {}


@OF_A_FILE
async def test_the_newest_is_known_without_the_migration_tool(file: Path) -> None:
    url = f"sqlite+aiosqlite:///{file}"
    assert REVISIONS[-1] == NEWEST
    reader = engine_for(url).open_readers()
    assert not await is_newest(reader)
    for revision in REVISIONS:
        await migrate(url, revision)
        assert await is_newest(reader) == (revision == NEWEST)
    await reader.dispose()


@OF_A_FILE
async def test_the_migrated_schema_is_the_one_in_the_code(file: Path) -> None:
    await migrate(f"sqlite+aiosqlite:///{file}")
    migrated = shape(file)
    with create_engine(f"sqlite:///{file}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    fresh = file.with_name("fresh.db")
    metadata.create_all(create_engine(f"sqlite:///{fresh}"))
    created = shape(fresh)
    assert set(migrated) == set(created)
    for name, sql in created.items():
        assert sorted(words(sql)) == sorted(words(migrated[name])), name


def words(sql: str) -> list[str]:
    return sql.replace("(", " ( ").replace(")", " ) ").replace(",", " ").replace('"', "").split()


@OF_A_FILE
async def test_all_tables_are_strict_and_all_constraints_named(file: Path) -> None:
    await migrate(f"sqlite+aiosqlite:///{file}")
    tables = {name: sql for name, sql in shape(file).items() if sql.startswith("CREATE TABLE")}
    assert set(tables) == set(metadata.tables)
    assert all(sql.rstrip().endswith("STRICT") for sql in tables.values())
    for table in metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints)


@OF_A_FILE
async def test_a_second_start_changes_nothing(file: Path) -> None:
    await migrate(f"sqlite+aiosqlite:///{file}")
    once = shape(file)
    await migrate(f"sqlite+aiosqlite:///{file}")
    assert shape(file) == once


@pytest.fixture
def damaged(file: Path) -> Path:
    file.write_bytes(b"this is not a database at all" * 100)
    return file


@OF_A_FILE
async def test_a_damaged_file_is_unavailable(damaged: Path) -> None:
    with pytest.raises(Unavailable):
        await migrate(f"sqlite+aiosqlite:///{damaged}")


async def test_a_server_gets_the_schema_in_the_code_and_every_step_back() -> None:
    from tests.postgres import shared_server

    server = await shared_server()
    url = await server.new_database("template0")
    for revision, earlier in zip(REVISIONS, ["base", *REVISIONS], strict=False):
        await migrate(url, revision)
        after = await columns(url)
        await migrate(url, earlier, back=True)
        await migrate(url, revision)
        assert await columns(url) == after
    reader = engine_for(url).open_readers()
    async with reader.connect() as connection:
        assert await connection.run_sync(differences) == []
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%WHERE%' ORDER BY 1"
        partial = {row[0]: row[1].partition(" WHERE ")[2] for row in await connection.execute(text(indexes))}
    await reader.dispose()
    assert partial == {
        "ix_cases_keep_until": "(keep_until < '253402300799'::bigint)",
        "ix_cases_remind_at": "(remind_at < '253402300799'::bigint)",
        "ix_cases_retention": "(retention <> ''::text)",
        "ix_cases_unacknowledged": "(due = 'acknowledge'::text)",
        "ix_readers_new": "(status = 'new'::text)",
        "ix_readers_unread": "(unread = 1)",
        "ix_shares_remind_at": "(remind_at > 0)",
        "ix_spoken_due": "(delete_at IS NOT NULL)",
    }
    await migrate(url, "base", back=True)
    assert {table for table, *_ in await columns(url)} == {"alembic_version"}
    await server.drop_database(url)


async def columns(url: str) -> list[tuple[str, ...]]:
    reader = engine_for(url).open_readers()
    asked = (
        "SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, '')"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    async with reader.connect() as connection:
        found = [tuple(row) for row in await connection.execute(text(asked))]
    await reader.dispose()
    return found


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))
