"""Checks everything that the server's key can check, without opening anything: cases, chains, single rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, bindparam, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.access import Access, blob_digest, read_access
from storage.cases.entries import check_chain
from storage.cases.entry_content import CONFIRMED
from storage.cases.retention import is_going
from storage.cases.return_address import ADDRESS, NO_ADDRESS, UNHEARD
from storage.cases.rows.case_row import queue_rows, read_clear
from storage.cases.rows.clear_row import ClearRow
from storage.core.audit.kept_tree import Head, KeptTree, grown
from storage.core.audit.log_rows import rows_after
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.cases import cases, entries, handovers, headers, readers, wraps
from storage.database.schema.sites import audit
from storage.desk.case_files import SHOWN
from storage.desk.partnership.transfer.arriving import RECEIVE
from storage.leads.roster.rosters import Rosters
from storage.reporters.recordings import RECORD
from storage.sealing.keys.case_keys import WrapKind
from storage.sealing.primitives.errors import NotGenuine
from storage.upkeep.verification.audit_checkpoint import holds_end
from storage.upkeep.verification.verify_addresses import forged_addresses
from storage.upkeep.verification.verify_rows import verify_rows
from storage.values import CaseId
from storage.values.errors import Tampered

_AT_ONCE = 200  # rows that are read and checked in one go
_DESTROYED = "destroyed"
#: What the chain tells of a case that changes nothing in it.
_LOOKED = ("read", "copy", SHOWN, "recovered", "reason", RECORD, RECEIVE, ADDRESS, NO_ADDRESS, UNHEARD, _DESTROYED)
#: What it tells of a reporter: a concern, and each entry after that.
_REPORTED = ("sent", "told", CONFIRMED)

_HEADERS: Final = select(headers.c.case_id, headers.c.version, headers.c.epoch)

_STRETCH: Final = 10_000  # rows of the chain that are asked about in one go
_ENDS: Final = audit.alias()
#: The cases that a stretch of the chain tells of and that are not there, although nobody destroyed them. `NOT EXISTS`,
#: since PostgreSQL looks through the whole of what follows `NOT IN` for each row once that is long.
_GONE: Final = (
    select(audit.c.case_id)
    .distinct()
    .where(
        audit.c.number > bindparam("after"),
        audit.c.number <= bindparam("last"),
        audit.c.case_id.is_not(None),
        ~exists().where(cases.c.id == audit.c.case_id),
        ~exists().where(_ENDS.c.case_id == audit.c.case_id, _ENDS.c.action == _DESTROYED),
    )
)


@dataclass(frozen=True, slots=True)
class Verified:
    """How many cases there are, how many are not genuine or are gone, and whether roster and audit chain hold.

    `rows` tells the same of what is bound besides: notices, the leads' own rows, pagers, rotas, and what is live.
    """

    cases: int
    forged: int
    roster: bool
    audit: bool
    rows: bool = True

    @property
    def holds(self) -> bool:
        """Whether all is what was kept."""
        return not self.forged and self.roster and self.audit and self.rows


async def verify(core: StoreCore, rosters: Rosters) -> Verified:
    """Check every case, the roster and the audit chain; nothing is changed.

    It goes slice by slice, 200 rows in one go. What is not genuine is counted in the result, and its case becomes a
    suspect of the core; nothing of it is raised but what is said below.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The database, or what stands beside the key file, cannot be read.
    """
    total, forged, after = 0, 0, ""
    while True:
        async with core.read() as connection:
            asked = select(cases).where(cases.c.id > after).order_by(cases.c.id).limit(_AT_ONCE)
            rows = await all_rows(connection, asked)
            if not rows:
                break
            forged += await _forged(core, connection, rows)
        total, after = total + len(rows), rows[-1]["id"]
    gone = await _gone(core)
    for one in gone:
        core.forgeries.record(one)
    lost = await forged_addresses(core)
    audit_holds = await holds_end(core) and await _audit_holds(core)
    if not audit_holds:
        core.forgeries.record()
    rows_hold = await verify_rows(core) and not lost
    return Verified(total, forged + len(gone), await _roster_holds(rosters), audit_holds, rows_hold)


async def _gone(core: StoreCore) -> set[CaseId]:
    async with core.read(once=True) as connection:
        newest = (await connection.execute(select(func.max(audit.c.number)))).scalar() or 0
    gone: set[CaseId] = set()
    for after in range(0, newest, _STRETCH):
        async with core.read(once=True) as connection:
            gone.update((await connection.execute(_GONE, {"after": after, "last": after + _STRETCH})).scalars())
    return gone


async def _forged(core: StoreCore, connection: AsyncConnection, rows: list[dict[str, Any]]) -> int:
    ids = [CaseId(row["id"]) for row in rows]
    access = await read_access(connection, ids)
    said = select(entries).where(entries.c.case_id.in_(ids)).order_by(entries.c.number)
    parts = {
        "entries": await _by_case(connection, said),
        "readers": await _by_case(connection, select(readers).where(readers.c.case_id.in_(ids))),
        "wraps": await _by_case(connection, select(wraps).where(wraps.c.case_id.in_(ids))),
        "headers": await _by_case(connection, _HEADERS.where(headers.c.case_id.in_(ids))),
        "offers": await _by_case(connection, select(handovers).where(handovers.c.case_id.in_(ids))),
        "links": await _by_case(connection, _LINKS.where(audit.c.case_id.in_(ids))),
    }
    forged = 0
    for row in rows:
        own = {name: of[row["id"]] for name, of in parts.items()}
        if not _holds(core, row, (access[row["id"]][0] if row["id"] in access else None), own):
            core.forgeries.record(row["id"])
            forged += 1
    return forged


def _holds(core: StoreCore, row: dict[str, Any], access: Access | None, parts: dict[str, list[dict[str, Any]]]) -> bool:
    try:
        clear = read_clear(core, row)
        if is_going(clear):  # out of everybody's reach, and about to be destroyed
            return not parts["readers"]
        check_chain(clear, parts["entries"])
    except (Tampered, NotGenuine):
        return False
    if access is None or access.digest() != clear.access or not _matches_audit(clear, parts["links"]):
        return False
    queued = queue_rows(clear)
    return (
        queued.keys() == access.leads(clear.epoch) == {one["lead_id"] for one in parts["readers"]}
        and all(queued[one["lead_id"]].items() <= one.items() for one in parts["readers"])
        and all(is_bound(core.server_key, readers, one) for one in parts["readers"])
        and [(one["version"], one["epoch"]) for one in parts["headers"]] == [(clear.header_version, clear.epoch)]
        and _is_offered(core, clear, parts["offers"])
        and all(_is_wrap(clear, one) for one in parts["wraps"])
    )


def _is_wrap(clear: ClearRow, wrap: dict[str, Any]) -> bool:
    """Whether a wrap has the content that the access tells of, or was emptied since its lead is none who reads it."""
    if wrap["blob"]:
        return bool(wrap["digest"] == blob_digest(wrap["blob"]))
    return wrap["kind"] == WrapKind.LEAD and wrap["holder"] not in clear.rungs


def _is_offered(core: StoreCore, clear: ClearRow, offers: list[dict[str, Any]]) -> bool:
    """Whether the rows of offers of a case are the one that its clear row tells of, or none."""
    if clear.offered is None:
        return not offers
    macs = [core.server_key.mac("handover/1", clear.id, clear.owner, clear.offered)]
    return [row["mac"] for row in offers] == macs and offers[0]["taker"] == clear.offered


def _matches_audit(clear: ClearRow, links: list[dict[str, Any]]) -> bool:
    """Whether a case has everything that the audit chain tells of it: whole rows of before are genuine too."""
    return all(clear.desk_version > link["deeds"] and clear.own_entries >= link["reported"] for link in links)


async def matches_audit(connection: AsyncConnection, clear: ClearRow) -> bool:
    """Tell whether a case has everything that the audit chain tells of it, so that it was not put back whole.

    Raises nothing but what the database does. Whether the chain itself is whole is for `holds_end`.
    """
    return _matches_audit(clear, await all_rows(connection, _LINKS.where(audit.c.case_id == clear.id)))


def _number(*, reported: bool) -> Any:
    counted = audit.c.action.in_(_REPORTED) if reported else audit.c.action.not_in((*_LOOKED, *_REPORTED))
    return func.sum(case((counted, 1), else_=0))


#: How much the chain tells of each case.
_LINKS: Select[Any] = select(
    audit.c.case_id, _number(reported=False).label("deeds"), _number(reported=True).label("reported")
).group_by(audit.c.case_id)


async def _roster_holds(rosters: Rosters) -> bool:
    try:
        await rosters.read_afresh()
    except Tampered:
        return False
    return True


async def _audit_holds(core: StoreCore) -> bool:
    """Whether each row is linked to the one before, and the first of them are those of the tree that was kept."""
    noted, head, same = KeptTree(core).noted(), Head(), False
    while True:
        async with core.read() as connection:
            rows = await rows_after(connection, head.tree.size, _AT_ONCE)
        same = same or head == noted
        if not rows:
            return same
        for row in rows:
            after = grown(core.server_key, head, row)
            if after is None:
                return False
            head = after
            same = same or head == noted


async def _by_case(connection: AsyncConnection, asked: Any) -> defaultdict[str, list[dict[str, Any]]]:
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await all_rows(connection, asked):
        grouped[row["case_id"]].append(row)
    return grouped
