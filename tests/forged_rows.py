"""Rows as somebody would forge them who may write the database: one value another one, or the same row twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ClauseElement, Column, ColumnElement, LargeBinary, Table, Text, insert, literal, select
from sqlalchemy.sql.dml import Insert

from storage.database.schema import metadata

_CHOICES = {"rank": {0: 1, 1: 2, 2: 3, 3: 0}, "kind": {"talk": "desk", "desk": "talk", "lead": "recovery"}}


def changed(name: str, rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    """Give rows of a table with another value in a column, of the column's type."""
    of = metadata.tables[name].c[column]
    return [{**row, column: _other(of, row[column])} for row in rows]


def copied(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Give a row of a table under another key."""
    table = metadata.tables[name]
    keys = {list(table.primary_key)[-1], *(column for column in table.columns if column.unique)}
    return {**row, **{key.name: _fresh(key, row[key.name]) for key in keys}}


def insert_like(table: Table, *where: ColumnElement[bool], **changes: Any) -> Insert:
    """Insert the first row that is found once more, with other values or what a query gives in these columns."""
    values = {
        name: literal(value, table.c[name].type)
        for name, value in changes.items()
        if not isinstance(value, ClauseElement)
    }
    row = [{**changes, **values}.get(name, column) for name, column in table.c.items()]
    return insert(table).from_select(list(table.c.keys()), select(*row).where(*where).limit(1))


def _fresh(key: Column[Any], value: Any) -> Any:
    return value + 1000 if isinstance(value, int) else _other(key, value)


def _other(column: Column[Any], value: Any) -> Any:
    choices = _CHOICES.get(column.name, {})
    if value in choices:
        return choices[value]
    if isinstance(column.type, LargeBinary):
        return value[:-1] + bytes([value[-1] ^ 1]) if value else b"x"
    if isinstance(column.type, Text):
        return f"{value or ''}x"
    return (value or 0) + 1
