"""SQLite files as a whole: copied while others write, looked through, and moved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from storage.database.schema import metadata
from storage.sealing.keys.private_files import create_private
from storage.values.errors import Unfit

_BUSY: Final = 10.0  # seconds
#: What a backup leaves out beside all that day keys seal: the texts that drafts were begun with; invites, since a used
#: one would be good again; addresses of pagers, since one that was withdrawn would be used again, and passkeys, since
#: one of a lost device would; and what is wrong with, or was tried from, one machine, which another one need not have.
_LEFT: Final = frozenset({"definitions", "invites", "pagers", "passkeys", "reached"})
_DAMAGED: Final = "the database file is damaged"


def left_out() -> frozenset[str]:
    """Name the tables that a backup has no rows of. What has a day is sealed, or keyed, by that day's key."""
    return _LEFT | {name for name, table in metadata.tables.items() if "day" in table.c}


def copy_database(source: Path, target: Path) -> None:
    """Copy one state of a database to a new file (mode 0600), while others read and write it.

    Raises:
        Unfit: It cannot be read, or the copy not be written.
    """
    create_private(target).close()
    with _opened(source) as old, _opened(target) as new:
        old.backup(new)  # all pages in one step: one state, and writers go on in their log


def strip(path: Path) -> None:
    """Take out what a backup leaves out, also from the pages that are free.

    Raises:
        Unfit: The file cannot be opened, read or written as a database.
    """
    with _opened(path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA secure_delete=ON")
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in sorted(left_out() & there):
            connection.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of our own tables
        connection.execute("VACUUM")


def look_through(path: Path) -> tuple[str, dict[str, int]]:
    """Check a database's own structure, leave it as one file, and give its schema's revision and its rows by table.

    Raises:
        Unfit: It is damaged, or no database of Hark's.
    """
    with _opened(path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not sound or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise Unfit(_DAMAGED)
        (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith(("sqlite_", "alembic_"))
        ]
        return str(schema), {name: _count(connection, name) for name in tables}


def fold(path: Path) -> None:
    """Bring the write-ahead log into the database, so that it is one file.

    Raises:
        Unfit: Somebody has it open.
    """
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError:
        raise Unfit("the database is in use: stop Hark first") from None
    except sqlite3.DatabaseError:
        return  # damaged beyond that: it is kept as it is, with its log


def siblings(path: Path) -> tuple[Path, ...]:
    """Give the files that belong to a database, itself first, whether they are there or not."""
    return path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))


def _count(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - read from the schema


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"{path.absolute().as_uri()}?mode=rw"  # never made anew
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_BUSY, isolation_level=None)) as connection:
            yield connection
    except sqlite3.OperationalError:
        raise Unfit("the database cannot be read, or the copy not be written: is the disk full?") from None
    except sqlite3.Error:
        raise Unfit(_DAMAGED) from None
