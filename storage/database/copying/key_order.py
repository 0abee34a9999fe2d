"""Rows of any table in the order of its key, from one row on or up to it: for reading a long table slice by slice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, literal, select, tuple_

from storage.database.turn import Cell


def rows_after(table: Table, last: Sequence[Cell] | None) -> Select[Any]:
    """Select all rows in the order of the primary key, from behind the key `last`, or from the first."""
    ordered = select(table).order_by(*table.primary_key)
    return ordered if last is None else ordered.where(_key(table) > _literal(table, last))


def rows_until(table: Table, last: Sequence[Cell]) -> Select[Any]:
    """Select the rows up to the key `last`, that one among them, in no order."""
    return select(table).where(_key(table) <= _literal(table, last))


def _key(table: Table) -> ColumnElement[Any]:
    return tuple_(*table.primary_key)


def _literal(table: Table, key: Sequence[Cell]) -> ColumnElement[Any]:
    return tuple_(*(literal(cell, column.type) for cell, column in zip(key, table.primary_key, strict=True)))
