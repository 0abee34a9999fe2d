"""Loads cases for one lead: only those with a wrap for that lead, each checked against its MAC, keys kept at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.roles import Relation
from storage.cases.access import Access, open_wrap, read_access
from storage.cases.case_row import ClearRow, queue_rows, read_clear
from storage.cases.header import open_header
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import Recipient
from storage.database.schema.cases import cases, headers, readers
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.case_keys import CaseKeys, Wrap
from storage.sealing.primitives.errors import CannotOpen
from storage.values import CaseId, Glance
from storage.values.errors import NoSuchCase, SessionOver, Tampered

#: The rung of those who are told first.
FIRST_RUNG: Final = 0
_Held: TypeAlias = "tuple[Access, dict[int, Wrap]]"
_HEADER = ("version", "epoch", "sealed")
_QUEUED = ("open", "rank", "band", "due_at", "status", "owner", "rung", "read_to", "unread", "version")
_ROWS = (
    select(
        cases,
        *(headers.c[name].label(f"header_{name}_") for name in _HEADER),
        *(readers.c[name].label(f"queue_{name}_") for name in _QUEUED),
    )
    .join(readers, readers.c.case_id == cases.c.id)
    .outerjoin(headers, headers.c.case_id == cases.c.id)
    .where(readers.c.lead_id == bindparam("lead"), cases.c.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as one lead may see it; `epochs` are the keys of those that the lead may open.

    `relation` is what the lead is to it; whoever reads by another key than a lead's is nothing to it.
    """

    clear: ClearRow
    access: Access
    glance: Glance
    epochs: Mapping[int, CaseKeys] = field(repr=False)
    read_to: int
    relation: Relation = "none"

    @property
    def unread(self) -> bool:
        """Whether the reporter has said something that this lead was not shown."""
        return self.read_to < self.clear.last_word

    @property
    def keys(self) -> CaseKeys:
        """The keys of the present epoch."""
        return self.epochs[self.clear.epoch]

    @property
    def desk_key(self) -> bytes:
        """The desk key of the present epoch, 32 bytes.

        Raises:
            ValueError: the wrap held the talk key alone, as a reporter's does; a lead's always has both.
        """
        if self.keys.desk is None:
            raise ValueError("a lead's keys without a desk key")
        return self.keys.desk


async def load_one(core: StoreCore, connection: AsyncConnection, session: LeadSession, case: CaseId) -> Loaded:
    """Load one case.

    Raises:
        NoSuchCase: It does not exist, or not for this lead.
        Tampered: It is not genuine.
        SessionOver: The session was locked.
    """
    rows, held = await _read(connection, session, [case])
    return _checked(core, session, rows.get(case), held.get(case))


async def load_all(
    core: StoreCore, connection: AsyncConnection, session: LeadSession, ids: Sequence[CaseId]
) -> tuple[list[Loaded], int]:
    """Load the cases of a page, in order; those that are not genuine are left out and counted.

    Raises:
        SessionOver: The session was locked.
    """
    loaded, forged = [], 0
    rows, held = await _read(connection, session, ids)
    for case in ids:
        try:
            loaded.append(_checked(core, session, rows.get(case), held.get(case)))
        except (Tampered, NoSuchCase):
            forged += 1
    return loaded, forged


async def _read(
    connection: AsyncConnection, session: LeadSession, ids: Sequence[CaseId]
) -> tuple[dict[CaseId, dict[str, Any]], dict[CaseId, _Held]]:
    if session.keys is None:
        raise SessionOver
    rows = await all_rows(connection, _ROWS, {"lead": session.lead.id, "ids": list(ids)})
    held = await read_access(connection, ids, tuple(session.private_keys))
    return {CaseId(row["id"]): row for row in rows}, held


def _checked(core: StoreCore, session: LeadSession, row: dict[str, Any] | None, held: _Held | None) -> Loaded:
    if row is None:
        raise NoSuchCase
    clear = read_clear(core, row)
    if held is None or held[0].digest() != clear.access:
        raise core.forgeries.record(clear.id)
    access, wrapped = held
    queued = queue_rows(clear)
    if session.lead.id not in queued:  # a queue row alone opens nothing, and shows nothing
        core.forgeries.record(clear.id)
        raise NoSuchCase
    # A recipient's queue was robbed of the case; or it opens for others than it names.
    if not queued.keys() <= access.queued or access.leads(clear.epoch) != queued.keys():
        raise core.forgeries.record(clear.id)
    if any(row[f"queue_{name}_"] != value for name, value in queued[session.lead.id].items()):
        raise core.forgeries.record(clear.id)
    try:
        keys = {epoch: _keys(session, access, wrapped, epoch) for epoch in wrapped}
        header = {name: row[f"header_{name}_"] for name in _HEADER}
        glance = open_header(clear, keys, header, core.now())
    except (CannotOpen, KeyError):
        raise core.forgeries.record(clear.id) from None
    mine = clear.named[session.lead.id]
    return Loaded(clear, access, glance, keys, mine.read_to, _relation(clear, mine))


def _relation(clear: ClearRow, mine: Recipient) -> Relation:
    if clear.owner == mine.lead:
        return "owner"
    return "first" if mine.rung == FIRST_RUNG else "recipient"


def _keys(session: LeadSession, access: Access, wrapped: Mapping[int, Wrap], epoch: int) -> CaseKeys:
    known = session.case_keys.get((access.case, epoch))
    if known is not None:
        return known
    if session.keys is None:
        raise SessionOver
    keys = open_wrap(access, session.private_keys[wrapped[epoch].key_id], wrapped[epoch])
    session.case_keys.put((access.case, epoch), keys)
    return keys
