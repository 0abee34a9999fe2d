"""The clear row of a case, under the server's MAC; what is copied from it into the recipients' queues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from flows.review import review_by
from storage.cases.bands import band_of, read_bands
from storage.ground import Ground
from storage.schema.base import NEVER
from storage.schema.cases import cases, readers
from storage.sealing.errors import NotGenuine
from storage.turns import Cell, Insert, Row, Update, UpdateAll
from storage.values import URGENCIES, CaseId

_QUEUED = ("rank", "due_at", "status", "owner")


@dataclass(frozen=True, slots=True)
class Clear:
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

    @property
    def is_open(self) -> bool:
        """Whether it stands in the open queue."""
        return self.status not in {"closed", "merged", "transferred"}


_NAMES = tuple(field.name for field in fields(Clear))


def read_clear(ground: Ground, row: Mapping[str, Any]) -> Clear:
    """Read a row of `cases`.

    Raises:
        Tampered: Its MAC does not hold.
    """
    clear = Clear(**{name: row[name] for name in _NAMES})
    try:
        ground.server_key.verify(row["mac"], *_bound(clear))
    except NotGenuine:
        raise ground.forged() from None
    return clear


def new_case_row(ground: Ground, clear: Clear) -> Row:
    """Give the row of a new case."""
    return Insert(cases, _columns(ground, clear))


def change_rows(ground: Ground, old: Clear, new: Clear) -> tuple[Row, ...]:
    """Give the rows that turn `old` into `new`, which gets the next version, as long as nobody else was faster."""
    after = replace(new, version=old.version + 1, touched_hour=ground.hour())
    changed: list[Row] = [Update(cases, {"id": old.id}, _columns(ground, after), {"version": old.version})]
    queued = queue_columns(after)
    if queued != queue_columns(old):
        changed.append(UpdateAll(readers, {"case_id": old.id}, queued))
    return (*changed, *_sunk(old, after))


def _sunk(old: Clear, new: Clear) -> Iterator[Row]:
    for lead, band in read_bands(new.bands).items():
        if band != band_of(old.bands, lead):
            yield Update(readers, {"case_id": old.id, "lead_id": lead}, {"band": band})


def queue_columns(clear: Clear) -> dict[str, Cell]:
    """Give what the queues of all its recipients hold of a case."""
    return {"open": int(clear.is_open), **{name: getattr(clear, name) for name in _QUEUED}}


def queue_row(clear: Clear, lead: str) -> dict[str, Cell]:
    """Give what the queue of one recipient holds of a case."""
    return {**queue_columns(clear), "band": band_of(clear.bands, lead)}


def stop_clock(clear: Clear) -> Clear:
    """End the clock that runs for a case; an open one gets its next date from `dated`."""
    return replace(clear, due=None, due_at=NEVER, act_at=NEVER)


def dated(clear: Clear, now: datetime) -> Clear:
    """Give an open case without a date one to be looked at again; what is kept is dated, or it is not open."""
    if not clear.is_open or clear.due_at != NEVER:
        return clear
    by = review_by(URGENCIES[clear.rank], now)
    return replace(clear, due=clear.due or "review", due_at=int(by.timestamp()))


def acknowledged(clear: Clear) -> Clear:
    """End the first clock, if it runs; the next one is for the first action."""
    if clear.due != "acknowledge":
        return clear
    runs = clear.act_at != NEVER
    return replace(clear, due="act" if runs else None, due_at=clear.act_at)  # without one, `dated` gives a date


def _bound(clear: Clear) -> tuple[str, *tuple[Cell, ...]]:
    """Give what the MAC covers; without bands it is what it was before there were any, so older cases stay genuine."""
    if clear.bands:
        return ("case/2", *(getattr(clear, name) for name in _NAMES))
    return ("case/1", *(getattr(clear, name) for name in _NAMES if name != "bands"))


def _columns(ground: Ground, clear: Clear) -> dict[str, Cell]:
    cells = {name: getattr(clear, name) for name in _NAMES}
    return {**cells, "mac": ground.server_key.mac(*_bound(clear))}
