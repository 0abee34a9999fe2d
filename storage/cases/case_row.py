"""The clear row of a case, under the server's MAC, and what of it is copied into the recipients' queues.

A recipient's band counts only cases that are sealed for the same lead. With one band for all, the lead whom a concern
is about would see another case of its source sink, and learn that there is one more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.deadlines import review_by
from flows.values.ids import LeadId
from storage.core.core import StoreCore, all_rows, one_row
from storage.core.integrity import Recipient, read_recipients, write_recipients
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases, readers
from storage.database.turn import Cell, Delete, Insert, Row, Update, UpdateAll
from storage.sealing.primitives.errors import NotGenuine
from storage.values import URGENCIES, CaseId
from storage.values.errors import Tampered

FIRST = 1  # the band of a source's first concern of the day

_QUEUED = ("rank", "due_at", "status", "owner", "version")

_AT_ONCE: Final = 100  # clear rows checked in one go: a few milliseconds


def write_bands(bands: Mapping[LeadId, int]) -> str:
    """Give the text that stands in the clear row, such as `LEAD=2 LEAD=4`.

    Ids are in ascending order, so that equal bands are equal texts under the MAC. Whoever is in the first band is left
    out; the text is empty where all are.
    """
    return " ".join(f"{lead}={band}" for lead, band in sorted(bands.items()) if band != FIRST)


def read_bands(text: str) -> dict[LeadId, int]:
    """Read what `write_bands` gave, once its MAC was verified; recipients in the first band are not in it.

    Raises:
        ValueError: It is no such text (a bug).
    """
    parted = (one.partition("=") for one in text.split())
    return {LeadId(lead): int(band) for lead, _, band in parted}


@dataclass(frozen=True, slots=True)
class ClearRow:
    """All columns of `cases` but the MAC, in their order; see `schema.cases`. Times are seconds since 1970."""

    id: CaseId
    reference: str
    site: str
    status: str
    rank: int
    opened_hour: int
    touched_hour: int
    due: str | None
    due_at: int
    act_at: int
    owner: str | None
    epoch: int
    entries: int
    own_entries: int
    last_word: int
    reporter_read: int
    head: bytes
    access: bytes
    header_version: int
    desk_version: int
    version: int
    bands: str = ""
    recipients: str = ""
    offered: str | None = None
    keep_until: int = NEVER
    retention: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it stands in the open queue."""
        return self.status not in {"closed", "merged", "transferred"}

    @property
    def named(self) -> dict[LeadId, Recipient]:
        """The recipients by id; each call reads them anew."""
        return read_recipients(self.recipients)

    @property
    def rungs(self) -> dict[LeadId, int]:
        """On which rung each recipient stands."""
        return {lead: one.rung for lead, one in self.named.items()}

    def without_recipient(self, lead: LeadId) -> ClearRow:
        """Give the case without one of its recipients, who is neither its owner nor offered it any more.

        The caller empties the wraps and takes the row out of the queue, and commits what `change_rows` gives.
        """
        named, bands = self.named, read_bands(self.bands)
        left = (one for one in named.values() if one.lead != lead)
        others = {one: band for one, band in bands.items() if one != lead}
        return replace(
            self,
            recipients=write_recipients(left),
            bands=write_bands(others),
            owner=None if self.owner == lead else self.owner,
            offered=None if lead in {self.owner, self.offered} else self.offered,
        )

    def without_owner(self, now: int) -> ClearRow:
        """Give a case that nobody has; an open one is to be acknowledged at `now` (seconds), if it was not sooner."""
        same = replace(self, owner=None, offered=None)
        if not self.is_open or self.due == "acknowledge":
            return same
        return replace(same, due="acknowledge", due_at=min(self.due_at, now))

    def with_recipient(self, one: Recipient) -> ClearRow:
        """Give the case with one more recipient, or with what changed for one; the others stay as they are.

        The caller adds the wrap and the changed access, and commits what `change_rows` gives.
        """
        return replace(self, recipients=write_recipients({**self.named, one.lead: one}.values()))


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
#: Columns that a MAC of before schema 0020 does not cover.
SINCE_RETENTION: Final = ("keep_until", "retention")


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
    """Give the rows of the queues: each is a copy of the new version. Whoever reads it no more has none."""
    before = old.named
    after = queue_rows(new)
    return (
        *(copied_row(new, lead, cells) if lead in before else reader_row(new, lead) for lead, cells in after.items()),
        *(Delete(readers, {"lead_id": lead, "case_id": new.id}) for lead in before.keys() - after.keys()),
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


def stop_clock(clear: ClearRow) -> ClearRow:
    """End the clock that runs for a case: there is no date any more.

    An open one gets its next date from `dated`, so that none is forgotten.
    """
    return replace(clear, due=None, due_at=NEVER, act_at=NEVER)


def dated(clear: ClearRow, now: datetime) -> ClearRow:
    """Return an open case without a date with one on which it is looked at again; any other case unchanged.

    Args:
        clear: The case as it is to be.
        now: Aware; how long it is until the date follows from the urgency (`flows/cases/deadlines.py`).
    """
    if not clear.is_open or clear.due_at != NEVER:
        return clear
    by = review_by(URGENCIES[clear.rank], now)
    return replace(clear, due=clear.due or "review", due_at=int(by.timestamp()))


def acknowledged(clear: ClearRow) -> ClearRow:
    """End the first clock, if it runs; the next one is for the first action.

    Only a human's deed may call this: a clock is never stopped by a machine.
    """
    if clear.due != "acknowledge":
        return clear
    runs = clear.act_at != NEVER
    return replace(clear, due="act" if runs else None, due_at=clear.act_at)  # without one, `dated` gives a date


def _bound(clear: ClearRow) -> tuple[str, *tuple[Cell, ...]]:
    """Give what the MAC covers. `case/1` and `case/2` were before there were recipients: see `bind_old_rows.py`.

    A case of which nothing is noted about its time is bound as before there was such a thing: that column and that
    label go together, so neither MAC holds for the other form.
    """
    if (clear.keep_until, clear.retention) == (NEVER, ""):
        return ("case/3", *(getattr(clear, name) for name in NAMES if name not in SINCE_RETENTION))
    return ("case/4", *(getattr(clear, name) for name in NAMES))


def columns(core: StoreCore, clear: ClearRow) -> dict[str, Cell]:
    """Give all columns of the clear row, with their MAC."""
    cells = {name: getattr(clear, name) for name in NAMES}
    return {**cells, "mac": core.server_key.mac(*_bound(clear))}


async def read_case(core: StoreCore, connection: AsyncConnection, case: CaseId) -> ClearRow:
    """Read the clear row of a case that exists.

    Raises:
        Tampered: It is gone, or its MAC does not hold.
    """
    row = await one_row(connection, select(cases).where(cases.c.id == case))
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
