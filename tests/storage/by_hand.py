"""A hand that writes the database file beside Hark: whole tables read, changed, and written in their own place."""

# ruff: noqa: S608 - the statements are made of the names of our own tables and columns

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

from storage.database.schema.tables import metadata

#: The rows of tables, by name.
Rows: TypeAlias = "dict[str, list[dict[str, Any]]]"


def read_tables(folder: Path) -> Rows:
    with closing(sqlite3.connect(folder / "hark.db")) as database:
        database.row_factory = sqlite3.Row
        return {name: [dict(row) for row in database.execute(f"SELECT * FROM {name}")] for name in metadata.tables}


def write_tables(folder: Path, rows: Rows) -> bool:
    """Put these rows in the place of the tables' own; false where the database refuses them."""
    with closing(sqlite3.connect(folder / "hark.db")) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        try:
            for name, of in rows.items():
                database.execute(f"DELETE FROM {name}")
                for row in of:
                    marks = ", ".join("?" * len(row))
                    database.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", (*row.values(),))
        except sqlite3.IntegrityError:
            return False
        database.commit()
    return True


def changed(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    return [{**row, column: _other(column, row[column])} for row in rows]


def _other(column: str, value: Any) -> Any:
    choices = {"rank": {0: 1, 1: 2, 2: 3, 3: 0}, "kind": {"talk": "desk", "desk": "talk", "lead": "recovery"}}
    if value in choices.get(column, {}):
        return choices[column][value]
    match value:
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case bytes():
            return value[:-1] + bytes([(value[-1] if value else 0) ^ 1])
        case _:
            return {"offered": "x", "case_id": "x", "lead_id": "x", "return_id": "x", "owner": "x"}.get(column, b"x")


def copied(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Give the same row under another key."""
    keys = [column.name for column in metadata.tables[name].primary_key]
    unique = [column.name for column in metadata.tables[name].columns if column.unique]
    fresh = {key: row[key] + 1000 if isinstance(row[key], int) else _other("", row[key]) for key in {keys[-1], *unique}}
    return {**row, **fresh}
