"""Writes the rows of one or many turns within a transaction, merged into one statement per table and kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeAlias

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import UpdateBase

from storage.database import instrumentation
from storage.database.schema import chats
from storage.database.schema.sites import audit
from storage.database.schema.tables import metadata
from storage.database.turn import Cells, Delete, Insert, Logged, Row, Turn, Unseen, Update, UpdateAll
from storage.values.errors import AlreadySeen, Conflict

#: Gives the MAC of an audit row from the one before and the row's own values.
Link: TypeAlias = Callable[[bytes, int, Logged], bytes]

_ORDER = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
#: A statement for each shape of row there is: SQLAlchemy then knows it again by itself, and need not compare it.
_WRITTEN: dict[tuple[str, tuple[Any, ...]], UpdateBase] = {}
_SEEN_BEFORE = select(chats.seen.c.mark).where(chats.seen.c.mark.in_(bindparam("earlier", expanding=True))).limit(1)
_SEE = insert(chats.seen)
_NEWEST = select(audit.c.number, audit.c.mac).order_by(audit.c.number.desc()).limit(1)
_LOG = insert(audit)
_IN_ONE = 500  # marks asked for in one statement; SQLite takes 32,766 parameters

_Merged: TypeAlias = "tuple[UpdateBase, list[dict[str, Any]], bool]"


async def apply(connection: AsyncConnection, turns: Sequence[Turn], link: Link) -> None:
    """Write all rows of the turns; the caller commits, or rolls back on any error.

    Raises:
        AlreadySeen: One of the turns' updates was committed before.
        Conflict: A row is there already, or is not as it was expected.
    """
    rows = list(chain.from_iterable(turn.rows for turn in turns))
    await _see(connection, [row for row in rows if isinstance(row, Unseen)])
    try:
        for statement, values, expected in _statements(connection, rows):
            result = await connection.execute(statement, values)
            instrumentation.reach("commit.midway")
            if expected and result.rowcount != len(values):
                raise Conflict
    except IntegrityError:
        raise Conflict from None
    await _log(connection, [row for row in rows if isinstance(row, Logged)], link)


async def _see(connection: AsyncConnection, rows: Sequence[Unseen]) -> None:
    if not rows:
        return
    earlier = list(chain.from_iterable(row.earlier for row in rows))
    for begin in range(0, len(earlier), _IN_ONE):
        if (await connection.execute(_SEEN_BEFORE, {"earlier": earlier[begin : begin + _IN_ONE]})).first():
            raise AlreadySeen
    try:
        await connection.execute(_SEE, [{"mark": row.mark, "day": row.day} for row in rows])
    except IntegrityError:
        raise AlreadySeen from None
    instrumentation.reach("commit.midway")


async def _log(connection: AsyncConnection, rows: Sequence[Logged], link: Link) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":  # without it two workers would fork the chain
        await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4841)")
    number, mac = (await connection.execute(_NEWEST)).first() or (0, b"")
    links = []
    for number, row in enumerate(rows, number + 1):  # noqa: B020 - counts on from the last number
        mac = link(mac, number, row)
        links.append(_audit_row(number, row, mac))
    await connection.execute(_LOG, links)


def _audit_row(number: int, row: Logged, mac: bytes) -> dict[str, Any]:
    return {
        "number": number,
        "hour": row.hour,
        "lead_id": row.lead,
        "action": row.action,
        "case_id": row.case,
        "mac": mac,
    }


def _statements(connection: AsyncConnection, rows: Iterable[Row]) -> list[_Merged]:
    """Group rows that need the same statement; changes first, then new rows (parents first), then what goes."""
    groups: dict[tuple[Any, ...], list[Insert | Update | UpdateAll | Delete]] = defaultdict(list)
    for row in rows:
        if not isinstance(row, Unseen | Logged):
            groups[_shape(row)].append(row)
    return [_merge(connection.dialect.name, shape, groups[shape]) for shape in sorted(groups, key=_turn_of)]


def _turn_of(shape: tuple[Any, ...]) -> tuple[int, int]:
    kind, table = shape[0], shape[1]
    if kind is Delete:
        return (2, -_ORDER[table])
    return (1 if kind is Insert else 0, _ORDER[table])


def _shape(row: Insert | Update | UpdateAll | Delete) -> tuple[Any, ...]:
    if isinstance(row, Insert):
        return (Insert, row.table.name, row.quiet, tuple(row.values))
    values = () if isinstance(row, Delete) else tuple(row.values)
    expected = () if isinstance(row, UpdateAll) else tuple(row.expected)
    return (type(row), row.table.name, tuple(row.key), values, expected)


def _merge(dialect: str, shape: tuple[Any, ...], rows: Sequence[Insert | Update | UpdateAll | Delete]) -> _Merged:
    first = rows[0]
    statement = _WRITTEN.get((dialect, shape))
    if statement is None:
        made = _insertion(dialect, first) if isinstance(first, Insert) else _changing(first)
        statement = _WRITTEN.setdefault((dialect, shape), made)
    if isinstance(first, Insert):
        return statement, [dict(row.values) for row in rows if isinstance(row, Insert)], False
    checked = isinstance(first, Update) or bool(isinstance(first, Delete) and first.expected)
    return statement, [_bound(row) for row in rows if not isinstance(row, Insert)], checked


def _insertion(dialect: str, row: Insert) -> UpdateBase:
    if not row.quiet:
        return insert(row.table)
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - whoever is on SQLite need not wait for it

        return postgresql.insert(row.table).on_conflict_do_nothing()
    return sqlite.insert(row.table).on_conflict_do_nothing()


def _changing(row: Update | UpdateAll | Delete) -> UpdateBase:
    held = {} if isinstance(row, UpdateAll) else row.expected
    where = [*_equal(row.table, "k_", row.key), *_equal(row.table, "e_", held)]
    if isinstance(row, Delete):
        return delete(row.table).where(*where)
    return update(row.table).where(*where).values({name: bindparam(f"v_{name}") for name in row.values})


def _equal(table: Table, prefix: str, cells: Cells) -> list[Any]:
    return [table.c[name] == bindparam(f"{prefix}{name}") for name in cells]


def _bound(row: Update | UpdateAll | Delete) -> dict[str, Any]:
    bound: dict[str, Any] = {f"k_{name}": value for name, value in row.key.items()}
    if not isinstance(row, UpdateAll):
        bound |= {f"e_{name}": value for name, value in row.expected.items()}
    if not isinstance(row, Delete):
        bound |= {f"v_{name}": value for name, value in row.values.items()}
    return bound
