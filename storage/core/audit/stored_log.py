"""Reads the audit log of a database that no store has open: of a running Hark, of a copy, or of a backup."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, func, select

from storage.core.audit.log_rows import NAMES, AuditRow, rows_after
from storage.database.engines.engine import engine_for
from storage.database.schema.sites import audit
from storage.values.errors import Unavailable, Unfit

_AT_ONCE: Final = 2_000
_BUSY: Final = 10.0  # seconds
#: A backup or a copy may be of a schema that had fewer columns.
_HAS: Final = "SELECT name FROM pragma_table_info('audit')"
_NONE: Final = "there is no audit log of Hark in that database"


@dataclass(frozen=True, slots=True)
class StoredLog:
    """The log of one database: its file, which nothing is written to, or the URL of a server's."""

    database: Path | URL

    async def rows(self) -> AsyncIterator[tuple[list[AuditRow], int]]:
        """Give all rows in order, 2,000 in one go, with how many there are; all of one state of the database.

        Raises:
            Unfit: The file is not there, or holds no audit log.
            Unavailable: The database cannot be read.
        """
        if isinstance(self.database, Path):
            for some in _file_rows(self.database):
                yield some
            return
        kind = engine_for(self.database)
        engine, after = kind.open_for_copying(), 0
        try:
            async with engine.begin() as connection:
                total = (await connection.execute(select(func.count()).select_from(audit))).scalar_one()
                while rows := await rows_after(connection, after, _AT_ONCE):
                    yield rows, total
                    after = rows[-1]["number"]
        except kind.errors:
            raise Unavailable from None
        finally:
            await engine.dispose()


def _file_rows(path: Path) -> Iterator[tuple[list[AuditRow], int]]:
    with _opened(path) as connection:
        connection.execute("BEGIN")
        (total,) = connection.execute("SELECT count(*) FROM audit").fetchone()
        there = {name for (name,) in connection.execute(_HAS)}
        asked = ", ".join(name if name in there else f"NULL AS {name}" for name in NAMES)
        found = connection.execute(f"SELECT {asked} FROM audit ORDER BY number")  # noqa: S608 - names of our own
        while rows := found.fetchmany(_AT_ONCE):
            yield [dict(zip(NAMES, row, strict=True)) for row in rows], total


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    address = path.absolute().as_uri()
    try:
        # Whatever lies beside it belongs to it while a Hark writes; of a copy that is kept read-only there is nothing.
        alone = not path.with_name(f"{path.name}-wal").exists()
        mode = "mode=ro&immutable=1" if alone else "mode=ro"
        with closing(sqlite3.connect(f"{address}?{mode}", uri=True, timeout=_BUSY, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error:
        raise Unfit(_NONE) from None
