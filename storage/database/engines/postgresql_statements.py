"""Statements of PostgreSQL that take many rows at once: an array for each cell, turned into rows by `unnest`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Column,
    FromClause,
    Select,
    Table,
    and_,
    any_,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert, UpdateBase

from storage.database.engines.engine import EXPECTED, KEY, NEW, Bound, Change
from storage.database.schema.chats import seen


def may_be_many(change: Change) -> bool:
    """Tell whether one key may be that of several rows."""
    return not {column.name for column in change.table.primary_key}.issubset(change.key)


def cells_of(change: Change) -> dict[str, Column[Any]]:
    """Give the columns of a change by the names that its cells are bound as."""
    parts = ((KEY, change.key), (EXPECTED, change.expected), (NEW, change.values))
    return {f"{prefix}{name}": change.table.c[name] for prefix, names in parts for name in names}


def keys_of(changes: Iterable[tuple[Change, Bound]]) -> dict[tuple[str, ...], dict[str, list[Any]]]:
    """Give the keys that rows of one table are found by, with an array of cells for each column."""
    arrays: dict[tuple[str, ...], dict[str, list[Any]]] = {}
    for change, rows in changes:
        own = arrays.setdefault(tuple(sorted(change.key)), {f"{KEY}{name}": [] for name in change.key})
        for row in rows:
            for name in change.key:
                own[f"{KEY}{name}"].append(row[f"{KEY}{name}"])
    return arrays


def _given(columns: Mapping[str, Column[Any]]) -> FromClause:
    """Give the rows that are bound as one array for each column; see `unnest` of several arrays."""
    arrays = [bindparam(name, type_=ARRAY(of.type)) for name, of in columns.items()]
    return (
        func.unnest(*arrays)
        .table_valued(*(column(name, of.type) for name, of in columns.items()), name="given")
        .render_derived()
    )


@cache  # SQLAlchemy knows a statement again by itself, and need not compare it; shapes are few
def change_statement(change: Change) -> UpdateBase:
    """Give the one statement that changes or deletes rows, and returns a row for each; it takes an array a cell."""
    table, given = change.table, _given(cells_of(change))
    where = [table.c[name] == given.c[f"{KEY}{name}"] for name in change.key]
    where += [table.c[name] == given.c[f"{EXPECTED}{name}"] for name in change.expected]
    if not change.values:
        return delete(table).where(*where).returning(literal_column("1"))
    new = {name: given.c[f"{NEW}{name}"] for name in change.values}
    return update(table).where(*where).values(new).returning(literal_column("1"))


def arrays_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Give an array of cells for each column of rows of one shape, of which there is at least one."""
    return {name: [row[name] for row in rows] for name in rows[0]}


_SEEN: Final = {name: seen.c[name] for name in ("mark", "day")}
_EARLIER: Final = exists().where(seen.c.mark == any_(bindparam("earlier", type_=ARRAY(seen.c.mark.type))))
#: Inserts rows of `seen`, none of them where one of the marks `earlier` is there, and returns a row for each; it takes
#: an array a column.
ADD_MARKS: Final[ReturningInsert[Any]] = (
    insert(seen).from_select(list(_SEEN), select(_given(_SEEN)).where(~_EARLIER)).returning(literal_column("1"))
)


@cache
def lock_statement(table: Table, keys: tuple[str, ...]) -> Select[Any]:
    """Give the statement that locks rows of a table, found by these columns, in the order of its key."""
    given = _given({f"{KEY}{name}": table.c[name] for name in keys})
    where = and_(true(), *(table.c[name] == given.c[f"{KEY}{name}"] for name in keys))
    return (
        select(literal_column("1"))
        .select_from(table.join(given, where))
        .order_by(*table.primary_key)
        .with_for_update(of=table, key_share=True)
    )
