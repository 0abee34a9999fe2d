"""Loads cases for one lead: only those with a wrap for that lead, each checked against its MAC.

What was checked is kept at hand in the session with all that was read for it: the same again needs no second check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.roles import Relation
from flows.values.ids import LeadId
from storage.cases.access import Access, access_of, open_wrap, read_access_rows
from storage.cases.header import open_header
from storage.cases.loaded import Loaded
from storage.cases.rows.case_row import Copy, queue_rows, read_clear
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, all_rows, one_row
from storage.core.integrity import Recipient
from storage.database.schema.cases import cases, headers, readers
from storage.leads.sign_in.session import Checked, LeadSession
from storage.sealing.keys.case_keys import CaseKeys, Wrap
from storage.sealing.primitives.errors import CannotOpen
from storage.values import CaseId
from storage.values.errors import NoSuchCase, SessionOver, Tampered

#: The rung of those who are told first.
FIRST_RUNG: Final = 0
_Rows: TypeAlias = "list[dict[str, Any]]"
_HEADER = ("version", "epoch", "sealed")
#: All that is shown of the cases in queues: for each row of a queue its case and header, or nothing of these.
QUEUED: Final = select(
    cases,
    *(headers.c[name].label(f"header_{name}_") for name in _HEADER),
    *(readers.c[name].label(f"queue_{name}_") for name in Copy._fields),
).select_from(
    readers.outerjoin(cases, readers.c.case_id == cases.c.id).outerjoin(headers, headers.c.case_id == cases.c.id)
)
_SOME = QUEUED.where(readers.c.lead_id == bindparam("lead"), readers.c.case_id.in_(bindparam("ids", expanding=True)))
#: The row of one case, for `load_row`.
ONE: Final = QUEUED.where(readers.c.lead_id == bindparam("lead"), readers.c.case_id == bindparam("case"))


async def load_one(core: StoreCore, connection: AsyncConnection, session: LeadSession, case: CaseId) -> Loaded:
    """Load one case.

    Raises:
        NoSuchCase: It does not exist, or not for this lead.
        Tampered: It is not genuine.
        SessionOver: The session was locked.
    """
    row = await one_row(connection, ONE, {"lead": session.lead.id, "case": case})
    return await load_row(core, connection, session, row)


async def load_row(
    core: StoreCore, connection: AsyncConnection, session: LeadSession, row: dict[str, Any] | None
) -> Loaded:
    """Load the case of a row that `ONE` gave to the same connection, or of none.

    Raises:
        NoSuchCase: There is no row.
        Tampered: The case is not genuine.
        SessionOver: The session was locked.
    """
    if session.keys is None:
        raise SessionOver
    if row is None:
        raise NoSuchCase
    case = CaseId(row["queue_case_id_"])
    return _loaded(core, session, row, (await _read_access(connection, session, [case])).get(case, []))


async def load_all(
    core: StoreCore, connection: AsyncConnection, session: LeadSession, rows: Sequence[dict[str, Any]]
) -> tuple[list[Loaded], int]:
    """Load the cases of a page, in order; those that are not genuine are left out and counted.

    Args:
        core: What was met that is not genuine is noted there.
        connection: The one by which `rows` were read.
        session: Whose queue it is.
        rows: Rows of that queue, as `QUEUED` gives them.

    Raises:
        SessionOver: The session was locked.
    """
    loaded, forged = [], 0
    access = await _read_access(connection, session, [CaseId(row["queue_case_id_"]) for row in rows])
    for row in rows:
        try:
            loaded.append(_loaded(core, session, row, access.get(row["queue_case_id_"], [])))
        except (Tampered, NoSuchCase):
            forged += 1
    return loaded, forged


def copy_of(row: Mapping[str, Any]) -> Copy:
    """Give the row of the queue that is in a row of `QUEUED`, as it was read."""
    return Copy._make(row[f"queue_{name}_"] for name in Copy._fields)


async def _read_access(connection: AsyncConnection, session: LeadSession, ids: Sequence[CaseId]) -> dict[CaseId, _Rows]:
    if session.keys is None:
        raise SessionOver
    return await read_access_rows(connection, ids, tuple(session.private_keys))


def _loaded(core: StoreCore, session: LeadSession, row: dict[str, Any] | None, access: _Rows) -> Loaded:
    if row is None or row["id"] is None:
        raise NoSuchCase
    known = session.loaded.get(row["id"])
    if known is not None and (known.row, known.access) == (row, access):
        core.known_cases.learn(row)
        return known.loaded
    loaded = _checked(core, session, row, access)
    if not loaded.glance.proposed:  # a proposal lapses with the time
        session.loaded.put(row["id"], Checked(row, access, loaded))
    return loaded


@dataclass(frozen=True, slots=True)
class Proved:
    """A case whose rows hold, as one lead may see it, before anything of it is opened; `wrapped` are the lead's own."""

    clear: ClearRow
    access: Access
    wrapped: Mapping[int, Wrap] = field(repr=False)
    header: Mapping[str, Any] = field(repr=False)

    def opened(self, core: StoreCore, lead: LeadId, keys_of: Callable[[Access, Wrap], CaseKeys]) -> Loaded:
        """Open keys and header; without input or output, so also in a thread.

        Args:
            core: For the time, and to count what does not open.
            lead: Whose session it is.
            keys_of: Opens one of her wraps.

        Raises:
            Tampered: It does not open.
        """
        try:
            keys = {epoch: keys_of(self.access, wrapped) for epoch, wrapped in self.wrapped.items()}
            glance = open_header(self.clear, keys, self.header, core.now())
        except (CannotOpen, KeyError):
            raise core.forgeries.record(self.clear.id) from None
        mine = self.clear.named[lead]
        return Loaded(self.clear, self.access, glance, keys, mine.read_to, _relation(self.clear, mine))


class QueuedRows(NamedTuple):
    """What was read of one case of a queue, as `QUEUED` and `read_access_rows` give it; `row` is empty without one."""

    row: dict[str, Any]
    access: _Rows


async def read_queued(connection: AsyncConnection, session: LeadSession, ids: Sequence[CaseId]) -> list[QueuedRows]:
    """Read some cases of a lead's by two statements, in order: what `prove_read` takes, in parts where they are many.

    Raises:
        SessionOver: The session was locked.
    """
    access = await _read_access(connection, session, ids)
    rows = {row["id"]: row for row in await all_rows(connection, _SOME, {"lead": session.lead.id, "ids": list(ids)})}
    return [QueuedRows(rows.get(case, {}), access.get(case, [])) for case in ids]


def prove_read(core: StoreCore, lead: LeadId, read: Sequence[QueuedRows]) -> list[Proved]:
    """Give cases of a lead's, in order, each with its rows proved (40 µs); what is not genuine is counted, left out."""
    found = []
    for row, access in read:
        try:
            found.append(_proved(core, lead, row, access))
        except (Tampered, NoSuchCase):
            continue
    return found


async def prove_all(
    core: StoreCore, connection: AsyncConnection, session: LeadSession, ids: Sequence[CaseId]
) -> list[Proved]:
    """Read and prove some cases of a lead's in one go.

    Raises:
        SessionOver: The session was locked.
    """
    return prove_read(core, session.lead.id, await read_queued(connection, session, ids))


def _checked(core: StoreCore, session: LeadSession, row: dict[str, Any], rows: _Rows) -> Loaded:
    proved = _proved(core, session.lead.id, row, rows)
    return proved.opened(core, session.lead.id, partial(_keys, session))


def _proved(core: StoreCore, lead: LeadId, row: dict[str, Any], rows: _Rows) -> Proved:
    if not row:
        raise NoSuchCase
    clear = read_clear(core, row)
    if not rows:
        raise core.forgeries.record(clear.id)
    access, wrapped = access_of(clear.id, rows)
    if access.digest() != clear.access:
        raise core.forgeries.record(clear.id)
    queued = queue_rows(clear)
    if lead not in queued:  # a queue row alone opens nothing, and shows nothing
        core.forgeries.record(clear.id)
        raise NoSuchCase
    # A recipient's queue was robbed of the case; or it opens for others than it names.
    if not queued.keys() <= access.queued or access.leads(clear.epoch) != queued.keys():
        raise core.forgeries.record(clear.id)
    if any(row[f"queue_{name}_"] != value for name, value in queued[lead].items()):
        raise core.forgeries.record(clear.id)
    return Proved(clear, access, wrapped, {name: row[f"header_{name}_"] for name in _HEADER})


def _relation(clear: ClearRow, mine: Recipient) -> Relation:
    if clear.owner == mine.lead:
        return "owner"
    return "first" if mine.rung == FIRST_RUNG else "recipient"


def _keys(session: LeadSession, access: Access, wrapped: Wrap) -> CaseKeys:
    epoch = wrapped.epoch.number
    known = session.case_keys.get((access.case, epoch))
    if known is not None:
        return known
    if session.keys is None:
        raise SessionOver
    keys = open_wrap(access, session.private_keys[wrapped.key_id], wrapped)
    session.case_keys.put((access.case, epoch), keys)
    return keys
