"""Loads cases for one lead: only those with a wrap for that lead, each checked against its MAC, keys kept at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.access import Access, blob_digest, read_access
from storage.cases.clear import Clear, queue_columns, read_clear
from storage.cases.header import open_header
from storage.ground import Ground, all_rows
from storage.people.session import LeadSession
from storage.refusals import NoSuchCase, SessionOver, Tampered
from storage.schema.cases import cases, headers, readers, wraps
from storage.sealing.case_keys import CaseKeys, Epoch, Wrap, WrapKind, unwrap_case_keys
from storage.sealing.errors import CannotOpen
from storage.sealing.xwing import KeyId
from storage.values import CaseId, Glance


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as one lead may see it; `keys` are those of its present epoch."""

    clear: Clear
    access: Access
    glance: Glance
    keys: CaseKeys = field(repr=False)
    read_to: int
    unread: bool

    @property
    def desk_key(self) -> bytes:
        """The desk key of the present epoch."""
        if self.keys.desk is None:
            raise ValueError("a lead's keys without a desk key")
        return self.keys.desk


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is read for some cases at once, by case."""

    clear: Mapping[str, dict[str, Any]]
    access: Mapping[CaseId, Access]
    header: Mapping[str, dict[str, Any]]
    queued: Mapping[str, dict[str, Any]]
    wrapped: Mapping[tuple[str, int], dict[str, Any]]


async def load_one(ground: Ground, connection: AsyncConnection, session: LeadSession, case: CaseId) -> Loaded:
    """Load one case.

    Raises:
        NoSuchCase: It does not exist, or not for this lead.
        Tampered: It is not genuine.
    """
    return _checked(ground, session, case, await _read(connection, session, [case]))


async def load_all(
    ground: Ground, connection: AsyncConnection, session: LeadSession, ids: Sequence[CaseId]
) -> tuple[list[Loaded], int]:
    """Load the cases of a page, in order; those that are not genuine are left out and counted."""
    rows, loaded, forged = await _read(connection, session, ids), [], 0
    for case in ids:
        try:
            loaded.append(_checked(ground, session, case, rows))
        except (Tampered, NoSuchCase):
            forged += 1
    return loaded, forged


async def _read(connection: AsyncConnection, session: LeadSession, ids: Sequence[CaseId]) -> _Rows:
    if session.keys is None:
        raise SessionOver
    mine = wraps.c.key_id == session.keys.card.key_id
    clear = {row["id"]: row for row in await all_rows(connection, select(cases).where(cases.c.id.in_(ids)))}
    # Wraps are large, and opening one is what a page costs: those of known keys are not even read.
    wanted = [case for case, row in clear.items() if (case, row["epoch"]) not in session.case_keys]
    queued = select(readers).where(readers.c.lead_id == session.lead.id, readers.c.case_id.in_(ids))
    return _Rows(
        clear,
        await read_access(connection, ids),
        {row["case_id"]: row for row in await all_rows(connection, select(headers).where(headers.c.case_id.in_(ids)))},
        {row["case_id"]: row for row in await all_rows(connection, queued)},
        {
            (row["case_id"], row["epoch"]): row
            for row in await all_rows(connection, select(wraps).where(wraps.c.case_id.in_(wanted), mine))
        },
    )


def _checked(ground: Ground, session: LeadSession, case: CaseId, rows: _Rows) -> Loaded:
    found, queued = rows.clear.get(case), rows.queued.get(case)
    if found is None or queued is None:
        raise NoSuchCase
    clear, access = read_clear(ground, found), rows.access.get(case)
    if access is None or access.digest() != clear.access:
        raise ground.forged()
    if session.lead.id not in access.leads(clear.epoch):  # a queue row alone opens nothing, and shows nothing
        ground.forged()
        raise NoSuchCase
    if any(queued[name] != value for name, value in queue_columns(clear).items()):
        raise ground.forged()
    try:
        keys = case_keys(session, access, clear.epoch, rows.wrapped.get((case, clear.epoch)))
        glance = open_header(clear, keys.desk or b"", rows.header.get(case) or {"version": 0, "epoch": 0})
    except CannotOpen:
        raise ground.forged() from None
    return Loaded(clear, access, glance, keys, queued["read_to"], bool(queued["unread"]))


def case_keys(session: LeadSession, access: Access, epoch: int, row: Mapping[str, Any] | None) -> CaseKeys:
    """Give the keys of an epoch, out of the session's memory or out of the lead's own wrap.

    Raises:
        CannotOpen: There is no wrap for this lead, or it is not the one that was kept.
    """
    known = session.case_keys.get((access.case, epoch))
    if known is not None:
        return known
    if row is None or session.keys is None or epoch not in access.commitments:
        raise CannotOpen
    if not any(one.epoch == epoch and one.digest == blob_digest(row["blob"]) for one in access.holders):
        raise CannotOpen
    wrapped = Wrap(Epoch(access.case, epoch), WrapKind(row["kind"]), KeyId(row["key_id"]), row["blob"])
    keys = unwrap_case_keys(session.keys.private, wrapped, access.commitments[epoch])
    session.remember(access.case, epoch, keys)
    return keys
