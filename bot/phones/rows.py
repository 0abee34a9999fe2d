"""Reads the newest rows of a SQLite file as they lie there, for people who want to see that nothing can be read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final, TypeAlias

#: A row as the page shows it: table, number, and columns with name, value and whether it is sealed or a key.
Shown: TypeAlias = dict[str, object]
_NEWEST: Final = 2  # rows of each table
_BYTES: Final = 20  # of a long value


class Rows:
    """Looks at a database again and again; tables that changed come first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before: dict[str, list[Shown]] = {}
        self._order: list[str] = []

    def look(self) -> list[Shown]:
        """The newest rows of every table that has any, the table that changed last first. Blocking."""
        with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for table in _tables(connection):
                rows = _newest(connection, table)
                if rows != self._before.get(table, []):
                    self._before[table] = rows
                    self._order = [table, *(other for other in self._order if other != table)]
        return [row for table in self._order for row in self._before[table]]


def _tables(connection: sqlite3.Connection) -> list[str]:
    asked = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('alembic_version', 'sqlite_sequence')"
    return [str(name) for (name,) in connection.execute(f"{asked} AND name NOT LIKE 'sqlite_%'")]


def _newest(connection: sqlite3.Connection, table: str) -> list[Shown]:
    # The name comes from the schema, not from anybody's input.
    found = connection.execute(f'SELECT rowid, * FROM "{table}" ORDER BY rowid DESC LIMIT {_NEWEST}')  # noqa: S608
    names = [column[0] for column in found.description][1:]
    return [
        {"table": table, "number": number, "columns": [_column(*pair) for pair in zip(names, values, strict=True)]}
        for number, *values in found
    ]


def _column(name: str, value: object) -> dict[str, object]:
    if isinstance(value, bytes):
        cut = "…" if len(value) > _BYTES else ""
        return {"name": name, "value": f"{value[:_BYTES].hex()}{cut} ({len(value)} bytes)", "sealed": True}
    return {"name": name, "value": "NULL" if value is None else str(value), "sealed": False}
