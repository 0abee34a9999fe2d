"""The rows of a case: its clear row, under the server's MAC, and what of it is copied into the recipients' queues."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.values.ids import LeadId
from storage.cases.people.name_index import without_segments
from storage.cases.rows.clear_row import FIRST, ClearRow, read_bands
from storage.core.core import StoreCore, all_rows, one_row
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases, readers
from storage.database.turn import Cell, Delete, Insert, Row, Update, UpdateAll
from storage.sealing.primitives.errors import NotGenuine
from storage.values import CaseId
from storage.values.errors import Tampered

_QUEUED = ("rank", "due_at", "status", "owner", "version")

_AT_ONCE: Final = 100  # clear rows checked in one go: a few milliseconds


class Copy(NamedTuple):
    """A row of the queue of one recipient; see `schema.cases.readers`."""

    case_id: str
    version: int
    open: int
    rank: int
    band: int
    due_at: int
    status: str
    owner: str | None
    rung: int
    read_to: int
    unread: int
    mac: bytes | None


NAMES = tuple(field.name for field in fields(ClearRow))
#: Columns that a MAC of before schema 0020 does not cover, and those that one of before schema 0016 does not.
SINCE_ACTIONS: Final = ("actions", "remind_at")
SINCE_RETENTION: Final = ("keep_until", "retention", *SINCE_ACTIONS)
#: The cells that each form of the MAC covers, in order.
_ALL: Final = attrgetter(*NAMES)
_BEFORE_ACTIONS: Final = attrgetter(*(name for name in NAMES if name not in SINCE_ACTIONS))
_BEFORE_RETENTION: Final = attrgetter(*(name for name in NAMES if name not in SINCE_RETENTION))


def read_clear(core: StoreCore, row: Mapping[str, Any]) -> ClearRow:
    """Read a row of `cases`.

    Raises:
        Tampered: Its MAC does not hold.
    """
    try:
        clear = ClearRow(**{name: row[name] for name in NAMES})
        core.server_key.verify(row["mac"], *_bound(clear))
    except (NotGenuine, TypeError, UnicodeError):
        raise core.forgeries.record(row["id"]) from None
    core.known_cases.learn(row)
    return clear


def new_case_row(core: StoreCore, clear: ClearRow) -> Row:
    """Give the row of a new case, with its MAC; the commit raises `Conflict` where its reference is taken."""
    return Insert(cases, columns(core, clear))


def change_rows(core: StoreCore, old: ClearRow, new: ClearRow) -> tuple[Row, ...]:
    """Return the rows that turn `old` into `new`, which gets the next version.

    The commit raises `Conflict` if another turn has changed the case since `old` was read.
    """
    after = replace(new, version=old.version + 1, touched_hour=core.hour())
    return (Update(cases, {"id": old.id}, columns(core, after), {"version": old.version}), *_queued(old, after))


def _queued(old: ClearRow, new: ClearRow) -> tuple[Row, ...]:
    """Give the rows of the queues: each is a copy of the new version. Whoever reads it no more has none.

    Of the case nothing stays in the index of her names either.
    """
    before = old.named
    after = queue_rows(new)
    gone = before.keys() - after.keys()
    return (
        *(copied_row(new, lead, cells) if lead in before else reader_row(new, lead) for lead, cells in after.items()),
        *(Delete(readers, {"lead_id": lead, "case_id": new.id}) for lead in gone),
        *(row for lead in gone for row in without_segments(lead, new.id)),
    )


def queue_rows(clear: ClearRow) -> dict[LeadId, dict[str, Cell]]:
    """Give what the queue of each recipient holds of a case.

    Returns:
        By recipient, the columns of `readers` but the keys and the MAC, which `storage/core/row_binding.py` adds.
    """
    same: dict[str, Cell] = {"open": int(clear.is_open), **{name: getattr(clear, name) for name in _QUEUED}}
    bands = read_bands(clear.bands)
    return {
        lead: {
            **same,
            "band": bands.get(lead, FIRST),
            "rung": one.rung,
            "read_to": one.read_to,
            "unread": int(one.read_to < clear.last_word),
        }
        for lead, one in clear.named.items()
    }


def reader_row(clear: ClearRow, lead: LeadId) -> Row:
    """Give the row that puts a case into the queue of one recipient.

    Raises:
        KeyError: The lead is none of the case's recipients (a bug).
    """
    return Insert(readers, {"lead_id": lead, "case_id": clear.id, **queue_rows(clear)[lead]})


def copied_row(clear: ClearRow, lead: LeadId, cells: Mapping[str, Cell]) -> Row:
    """Return the row that overwrites a recipient's copy in the queue with `cells`, as `queue_rows` gives them."""
    return UpdateAll(readers, {"lead_id": lead, "case_id": clear.id}, cells)


def _bound(clear: ClearRow) -> tuple[str, *tuple[Cell, ...]]:
    """Give what the MAC covers. `case/1` and `case/2` were before there were recipients: see `bind_old_rows.py`.

    A case without an open action, or of which nothing is noted about its time, is bound as before there were such
    things: those columns and that label go together, so no MAC holds for another form.
    """
    if clear.actions or clear.remind_at != NEVER:
        return ("case/5", *_ALL(clear))
    if (clear.keep_until, clear.retention) == (NEVER, ""):
        return ("case/3", *_BEFORE_RETENTION(clear))
    return ("case/4", *_BEFORE_ACTIONS(clear))


def columns(core: StoreCore, clear: ClearRow) -> dict[str, Cell]:
    """Give all columns of the clear row, with their MAC."""
    cells = {name: getattr(clear, name) for name in NAMES}
    return {**cells, "mac": core.server_key.mac(*_bound(clear))}


async def read_case(core: StoreCore, connection: AsyncConnection, case: CaseId) -> ClearRow:
    """Read the clear row of a case that exists.

    Raises:
        Tampered: It is gone, or its MAC does not hold.
    """
    return require_clear(core, case, await one_row(connection, select(cases).where(cases.c.id == case)))


def require_clear(core: StoreCore, case: CaseId, row: Mapping[str, Any] | None) -> ClearRow:
    """Read the row of `cases` that was found of a case that exists.

    Raises:
        Tampered: None was found, or its MAC does not hold.
    """
    if row is None:
        raise core.forgeries.record(case)
    return read_clear(core, row)


async def read_cases(core: StoreCore, named: Collection[str]) -> dict[str, ClearRow]:
    """Read the clear rows of cases, 100 in one go; those that are gone or not genuine are counted and left out.

    Between two goes other tasks run. So the rows are not all of one state of the database.

    Raises:
        Unavailable: The database cannot be read.
    """
    found: dict[str, ClearRow] = {}
    ids = sorted(named)
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        async with core.read() as connection:
            rows = await all_rows(connection, select(cases).where(cases.c.id.in_(some)))
        for row in rows:
            with suppress(Tampered):
                found[row["id"]] = read_clear(core, row)
        for gone in set(some) - {row["id"] for row in rows}:
            core.forgeries.record(CaseId(gone))
        await asyncio.sleep(0)
    return found
