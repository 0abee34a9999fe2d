"""Writes the rows of one or many turns within a transaction, merged into one statement per table and kind of row.

Every process takes its locks in one order, so that two that write at once wait for each other in turn: marks of
updates, changed rows by table and key, new rows by table and key, and the end of the audit chain last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, Select, Table, insert, literal, select
from sqlalchemy.exc import IntegrityError

from storage.database import instrumentation
from storage.database.engines.engine import EXPECTED, KEY, NEW, Change, DatabaseEngine
from storage.database.schema import chats, metadata
from storage.database.schema.sites import audit
from storage.database.turn import Cell, Cells, Delete, Insert, Logged, Row, Turn, Unseen, Update, UpdateAll
from storage.values.errors import AlreadySeen, Conflict

#: Gives the MAC of an audit row from the one before and the row's own values.
Link: TypeAlias = Callable[[bytes, int, Logged], bytes]

_ORDER = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
_NEWEST = select(audit.c.number, audit.c.mac).order_by(audit.c.number.desc()).limit(1)
_LOG = insert(audit)

_Changing: TypeAlias = Update | UpdateAll | Delete
_Values: TypeAlias = "list[dict[str, Cell]]"


class _New(NamedTuple):
    """The shape of rows that one statement inserts; a row that is there is kept as it was if it is `quiet`."""

    table: Table
    quiet: bool
    columns: tuple[str, ...]


class _Changed(NamedTuple):
    """The shape of rows that one statement changes or deletes; each has to be there if it is `checked`."""

    change: Change
    checked: bool


_Shape: TypeAlias = _New | _Changed


def apply(connection: Connection, turns: Sequence[Turn], link: Link, engine: DatabaseEngine) -> str | None:
    """Write all rows of the turns; the caller commits, or rolls back on any error.

    Returns:
        What `DatabaseEngine.transaction_id` gives of the connection.

    Raises:
        AlreadySeen: One of the turns' updates was committed before.
        Conflict: A row is there already, or is not as it was expected.
    """
    rows = list(chain.from_iterable(turn.rows for turn in turns))
    _see(connection, [row for row in rows if isinstance(row, Unseen)], engine)
    merged = _merge(rows)
    try:
        engine.lock_rows(connection, {shape.change: rows for shape, rows in merged if isinstance(shape, _Changed)})
        for shape, values in merged:
            _write(connection, shape, values, engine)
            instrumentation.reach("commit.midway")
    except IntegrityError:
        raise Conflict from None
    logged = [row for row in rows if isinstance(row, Logged)]
    return _log(connection, logged, link, engine) if logged else engine.transaction_id(connection)


def proof_of(turns: Sequence[Turn]) -> Select[Any] | None:
    """Give a statement that finds a row as only these turns leave it; None where they do nothing but delete.

    A mark of an update, or another new row, is nobody else's; a changed one has a version or a MAC that it had not.
    """
    rows = [row for turn in turns for row in turn.rows]
    for row in rows:
        if isinstance(row, Unseen):
            return _found(chats.seen, {"mark": row.mark})
    for row in rows:
        if isinstance(row, Insert) and not row.quiet and (key := _key_of(row)):
            return _found(row.table, key)
    for row in rows:
        if isinstance(row, Update | UpdateAll):
            return _found(row.table, {**row.key, **row.values})
    return None


def _key_of(row: Insert) -> Cells:
    """Give the key of a new row; nothing where the database draws its number."""
    names = [column.name for column in row.table.primary_key]
    return {name: row.values[name] for name in names} if row.values.keys() >= set(names) else {}


def _found(table: Table, cells: Cells) -> Select[Any]:
    same = (table.c[name].is_(None) if value is None else table.c[name] == value for name, value in cells.items())
    return select(literal(1)).select_from(table).where(*same).limit(1)


def _write(connection: Connection, shape: _Shape, values: _Values, engine: DatabaseEngine) -> None:
    if isinstance(shape, _New):
        statement = engine.insert_quietly(shape.table) if shape.quiet else _insertion(shape.table)
        connection.execute(statement, values)
    elif engine.change_rows(connection, shape.change, values) != len(values) and shape.checked:
        raise Conflict


def _see(connection: Connection, rows: Sequence[Unseen], engine: DatabaseEngine) -> None:
    if not rows:
        return
    marks: _Values = [{"mark": mark, "day": day} for mark, day in sorted((row.mark, row.day) for row in rows)]
    try:
        if not engine.add_marks(connection, marks, list(chain.from_iterable(row.earlier for row in rows))):
            raise AlreadySeen
    except IntegrityError:
        raise AlreadySeen from None
    instrumentation.reach("commit.midway")


def _log(connection: Connection, rows: Sequence[Logged], link: Link, engine: DatabaseEngine) -> str | None:
    transaction = engine.lock_audit(connection)  # without it two processes would fork the chain
    number, mac = connection.execute(_NEWEST).first() or (0, b"")
    links = []
    for number, row in enumerate(rows, number + 1):  # noqa: B020 - counts on from the last number
        mac = link(mac, number, row)
        links.append(_audit_row(number, row, mac))
    connection.execute(_LOG, links)
    return transaction


def _audit_row(number: int, row: Logged, mac: bytes) -> dict[str, Any]:
    return {
        "number": number,
        "hour": row.hour,
        "lead_id": row.lead,
        "action": row.action,
        "case_id": row.case,
        "mac": mac,
    }


def _merge(rows: Iterable[Row]) -> list[tuple[_Shape, _Values]]:
    """Group rows that need the same statement; changes first, then new rows (parents first), then what goes."""
    groups: dict[_Shape, _Values] = defaultdict(list)
    for row in rows:
        if isinstance(row, Insert):
            groups[_New(row.table, row.quiet, tuple(row.values))].append(dict(row.values))
        elif isinstance(row, Update | UpdateAll | Delete):
            groups[_shape(row)].append(_bound(row))
    return [(shape, _sorted(shape, groups[shape])) for shape in sorted(groups, key=_turn_of)]


def _turn_of(shape: _Shape) -> tuple[int, int]:
    if isinstance(shape, _New):
        return (1, _ORDER[shape.table.name])
    place = _ORDER[shape.change.table.name]
    return (0, place) if shape.change.values else (2, -place)


def _sorted(shape: _Shape, values: _Values) -> _Values:
    """Give new rows by their keys; a row whose number the database draws has none, and stays in its place."""
    if isinstance(shape, _Changed):
        return values
    keys = [column.name for column in shape.table.primary_key]
    return sorted(values, key=lambda row: [row[key] for key in keys]) if set(keys).issubset(shape.columns) else values


def _shape(row: _Changing) -> _Changed:
    values = () if isinstance(row, Delete) else tuple(row.values)
    expected = () if isinstance(row, UpdateAll) else tuple(row.expected)
    checked = isinstance(row, Update) or bool(expected)
    return _Changed(Change(row.table, tuple(row.key), values, expected), checked)


def _bound(row: _Changing) -> dict[str, Cell]:
    bound = _named(KEY, row.key)
    if not isinstance(row, UpdateAll):
        bound |= _named(EXPECTED, row.expected)
    if not isinstance(row, Delete):
        bound |= _named(NEW, row.values)
    return bound


def _named(prefix: str, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {f"{prefix}{name}": value for name, value in cells.items()}


@cache  # SQLAlchemy knows a statement again by itself, and need not compare it
def _insertion(table: Table) -> Any:
    return insert(table)
