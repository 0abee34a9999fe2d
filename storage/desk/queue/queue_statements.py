"""The statements by which queues are paged and counted, each made once: that takes longer than their answers do."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import BindParameter, Column, ColumnElement, Select, String, bindparam, cast, func, select, true, tuple_
from sqlalchemy import literal_column as literal

from storage.cases.rows.case_row import Copy
from storage.database.schema.cases import readers
from storage.deeds.loading import QUEUED
from storage.values import Which

#: A queue, or what is due today in the open one.
Counted: TypeAlias = "Which | Literal['today']"
#: How far a queue is counted.
COUNTED: Final = 1_000

_ORDER: Final = (readers.c.rank, readers.c.band, readers.c.due_at, readers.c.case_id)
_OPEN: Final = readers.c.open == literal("1")
_LEAD: Final[BindParameter[str]] = bindparam("lead")
_NOW: Final[BindParameter[int]] = bindparam("now")
# Written as literals: SQLite uses a partial index only where it sees the index's own condition.
_BELONGING: Final[dict[Counted, ColumnElement[bool]]] = {
    "open": _OPEN,
    "closed": readers.c.open == literal("0"),
    "new": readers.c.status == literal("'new'"),
    "unread": readers.c.unread == literal("1"),
    "mine": (readers.c.owner == _LEAD) & _OPEN,
    "overdue": _OPEN & (readers.c.due_at <= _NOW),
    "today": _OPEN & (readers.c.due_at > _NOW) & (readers.c.due_at <= bindparam("end")),
}
_STATE: Final = readers.c.case_id + ":" + cast(readers.c.version, String) + ":" + cast(readers.c.due_at, String)


@cache
def page_statement(which: Which, *, begun: bool) -> Select[Any]:
    """Give the statement for a page of a queue.

    It takes `lead`, `most` and, for what is overdue, `now` (seconds since 1970); where a queue was `begun` also `rank`,
    `band`, `due_at` and `case_id`, after which the page starts.
    """
    after = tuple_(*_ORDER) > tuple_(*map(_bound, _ORDER)) if begun else true()
    return QUEUED.where(_mine(which), after).order_by(*_ORDER).limit(bindparam("most"))


@cache
def count_statement(which: Counted) -> Select[Any]:
    """Give the statement for the states of the first 1,000 rows of a queue (see `state_of`), with commas between.

    It takes `lead`, `now`, and `end` for what is due today. One text is read: a row for each would cost ten times as
    much as the database takes to find them. They come in the order of an index, so that they are the same again.
    """
    order = (readers.c.due_at,) if which in {"overdue", "today"} else _ORDER
    some = select(_STATE.label("state")).where(_mine(which)).order_by(*order).limit(COUNTED).subquery()
    return select(func.aggregate_strings(some.c.state, ","))


def state_of(row: Copy) -> str:
    """Give what tells one state of a row of a queue from another: its case, version and due time."""
    return f"{row.case_id}:{row.version}:{row.due_at}"


def case_of(state: str) -> str:
    """Give the case of what `state_of` gave."""
    return state.partition(":")[0]


def _mine(which: Counted) -> ColumnElement[bool]:
    return (readers.c.lead_id == _LEAD) & _BELONGING[which]


def _bound(column: Column[Any]) -> BindParameter[Any]:
    return bindparam(column.name, type_=column.type)
