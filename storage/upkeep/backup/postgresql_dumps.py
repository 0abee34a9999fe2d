"""Databases of a PostgreSQL server in backups: `pg_dump` writes one, `pg_restore` reads it into an SQLite file.

Both are programs of the operating system. A dump is checked by what it holds, without the server: its rows are put into
an SQLite file with the schema of the dump, which Hark opens as any other database.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import URL, text

from storage.database.copying.unfinished_copy import refuse_marked
from storage.database.engines import reading, sqlite_url
from storage.database.migrate import migrate
from storage.sealing.keys.private_files import create_private
from storage.upkeep.backup.copy_text import Kinds, read_rows
from storage.upkeep.backup.sqlite_files import left_out
from storage.values.errors import Unavailable, Unfit

_ASKED: Final = text(
    "SELECT current_setting('server_version_num')::int / 10000 AS version, current_schema() AS schema,"
    " to_regclass('alembic_version') IS NOT NULL AS ours"
)
_SIZE: Final = text("SELECT pg_database_size(current_database())")
_REVISION: Final = text("SELECT version_num FROM alembic_version")
_INSTALL: Final = (
    "install the PostgreSQL client programs (the package postgresql-client) of the server's version or newer"
)
_FAILED: Final = (
    "pg_dump could not copy the database: look at the server's log, at the room, and whether the role of "
    "HARK_DATABASE_URL owns all of Hark's tables"
)
_UNREADABLE: Final = (
    "pg_restore could not read the backup's dump: it has to be of the version of pg_dump that made it, or newer"
)
_OTHER_ROWS: Final = "the backup's dump does not hold what its manifest tells of"
_DUMPS: Final = "pg_dump"
_RESTORES: Final = "pg_restore"
_SYSTEM_ROOTS: Final = 16  # the first libpq that knows the system's own authorities
_LOCK_WAIT: Final = "10000"  # milliseconds


class _Server(NamedTuple):
    version: int
    schema: str
    revision: str


def missing_programs() -> list[str]:
    """Give the names of the programs that a backup or a restore needs and that are not on the PATH."""
    return [name for name in (_DUMPS, _RESTORES) if shutil.which(name) is None]


def dump_beside(copy: Path) -> Path:
    """Give where the dump lies from which a copy is made, while it is."""
    return copy.with_name(f"{copy.name}.dump")


async def dump_database(source: URL, target: Path) -> str:
    """Write a dump of one state of a database to a new file (mode 0600), while others read and write it.

    Rows that a backup leaves out are not in it; their tables are.

    Returns:
        The revision of its schema.

    Raises:
        Unfit: `pg_dump` is missing, older than the server, or fails; or nothing of Hark's is in the database.
        UnfitDatabase: It is a copy that has not come to its end.
        Unavailable: The server does not answer.
        OSError: The file cannot be made.
    """
    server = await _look_at(source)
    program, connecting = _find(_DUMPS), connection_of(source)
    version = _version(program)
    if version < server.version:
        raise Unfit(f"pg_dump is older than the server, which is PostgreSQL {server.version}: {_INSTALL}")
    if version < _SYSTEM_ROOTS and connecting.get("PGSSLROOTCERT") == "system":
        raise Unfit(f"pg_dump of before PostgreSQL {_SYSTEM_ROOTS} needs &sslrootcert=FILE in HARK_DATABASE_URL")
    create_private(target).close()
    left = [f'--exclude-table-data="{server.schema}"."{name}"' for name in sorted(left_out())]
    chosen = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", f'--schema="{server.schema}"', *left]
    command = [program, "--no-password", f"--lock-wait-timeout={_LOCK_WAIT}", *chosen, f"--file={target}"]
    ran = await asyncio.to_thread(_run, command, {**_bare(), **connecting})
    if ran != 0:
        raise Unfit(_FAILED)
    return server.revision


def connection_of(url: URL) -> dict[str, str]:
    """Give the variables by which the programs connect, with the password: unlike arguments, others cannot read them.

    Source: PostgreSQL manual, libpq, "Environment Variables".
    """
    mode = url.query.get("sslmode", "disable")
    given = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGDATABASE": url.database,
        "PGPASSWORD": url.password,
        "PGSSLMODE": mode,
        "PGSSLROOTCERT": url.query.get("sslrootcert", "system") if mode == "verify-full" else None,
        "PGOPTIONS": "-c bytea_output=hex",
        "PGAPPNAME": "hark backup",
    }
    return {name: str(value) for name, value in given.items() if value is not None}


async def database_size(database: URL) -> int:
    """Give how many bytes the server counts for a database; other schemas in it count too.

    Raises:
        Unavailable: The server does not answer.
    """
    async with reading(database) as connection:
        return int((await connection.execute(_SIZE)).scalar_one())


async def load_dump(dump: Path, copy: Path, schema: str) -> None:
    """Put the rows of a dump into a new SQLite file (mode 0600), which gets the schema of this revision.

    Raises:
        Unfit: `pg_restore` is missing or cannot read the dump, or this is not of that schema.
        Unavailable: The file cannot be written, or there is no such schema.
        OSError: The file cannot be made.
    """
    program = _find(_RESTORES)
    create_private(copy).close()
    await migrate(sqlite_url(copy), schema)
    try:
        await asyncio.to_thread(_fill, program, dump, copy)
    except sqlite3.OperationalError:
        raise Unavailable from None
    except (sqlite3.Error, ValueError):
        raise Unfit(_OTHER_ROWS) from None


def _fill(program: str, dump: Path, copy: Path) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=MEMORY")
        connection.execute("BEGIN")
        kinds = _kinds(connection)
        for name in kinds:
            connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - read from the schema that was just made
        with _printed(program, dump) as lines:
            for table, columns, rows in read_rows(lines, kinds):
                named, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
                connection.executemany(f'INSERT INTO "{table}" ({named}) VALUES ({places})', rows)  # noqa: S608 - likewise
        connection.execute("COMMIT")


def _kinds(connection: sqlite3.Connection) -> Kinds:
    asked = "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(asked):
        found.setdefault(table, {})[column] = "TEXT" if kind.startswith("VARCHAR") else kind
    return found


@contextmanager
def _printed(program: str, dump: Path) -> Iterator[Any]:
    """Give what `pg_restore` prints of a dump's rows, line by line; raises `Unfit` where it has not come to its end."""
    command = [program, "--data-only", "--file=-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_bare()) as running:  # noqa: S603 - a program of the system
        yield running.stdout
        if running.wait() != 0:
            raise Unfit(_UNREADABLE)


async def _look_at(url: URL) -> _Server:
    async with reading(url) as connection:
        await refuse_marked(connection)
        found = (await connection.execute(_ASKED)).one()
        if not found.ours:
            raise Unfit("there is nothing of Hark's in the database")
        return _Server(found.version, found.schema, (await connection.execute(_REVISION)).scalar_one())


def _find(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise Unfit(f"{name} is not installed: {_INSTALL}")
    return program


def _version(program: str) -> int:
    """Give the major version of a client program; 0 where it tells of none."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, env=_bare(), check=False)  # noqa: S603 - a program of the system
    found = re.search(r"\) (\d+)", told.stdout)
    return int(found[1]) if found else 0


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    return subprocess.run(  # noqa: S603 - a program of the system
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        check=False,
    ).returncode  # fmt: skip


def _bare() -> dict[str, str]:
    """Give our environment without what would send a client elsewhere; the file of passwords stays."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG") or name == "PGPASSFILE"}
