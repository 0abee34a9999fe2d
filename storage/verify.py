"""Checks everything that the server's key can check, without opening anything: for the doctor, and now and then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.binding import is_bound
from storage.cases.access import Access, blob_digest, read_access
from storage.cases.clear import Clear, queue_rows, read_clear
from storage.cases.entries import check_chain
from storage.chain_end import holds_end
from storage.ground import Ground, all_rows
from storage.people.roster import Rosters
from storage.refusals import Tampered
from storage.schema.audit import audit
from storage.schema.cases import cases, entries, headers, readers, wraps
from storage.schema.handovers import handovers
from storage.sealing.errors import NotGenuine
from storage.turns import Logged
from storage.values import CaseId
from storage.verify_rows import verify_rows

_AT_ONCE = 200
_DESTROYED = "destroyed"
#: What the chain tells of a case that changes nothing in it.
_LOOKED = ("read", "copy", "recovered", _DESTROYED)
#: What it tells of a reporter: a concern, and each entry after that.
_REPORTED = ("sent", "told")


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


async def verify(ground: Ground, rosters: Rosters) -> Verified:
    """Check every case, the roster and the audit chain; nothing is changed.

    Raises:
        Unavailable: The database cannot be read.
    """
    total, forged, after = 0, 0, ""
    while True:
        async with ground.read() as connection:
            asked = select(cases).where(cases.c.id > after).order_by(cases.c.id).limit(_AT_ONCE)
            rows = await all_rows(connection, asked)
            if not rows:
                break
            forged += await _forged(ground, connection, rows)
        total, after = total + len(rows), rows[-1]["id"]
    async with ground.read() as connection:
        gone = (await connection.execute(_GONE)).scalars().all()
    for one in gone:
        ground.forged(one)
    audit_holds = await holds_end(ground) and await _audit_holds(ground)
    if not audit_holds:
        ground.forged()
    return Verified(total, forged + len(gone), await _roster_holds(rosters), audit_holds, await verify_rows(ground))


async def _forged(ground: Ground, connection: AsyncConnection, rows: list[dict[str, Any]]) -> int:
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
        if not _holds(ground, row, (access[row["id"]][0] if row["id"] in access else None), own):
            ground.forged(row["id"])
            forged += 1
    return forged


def _holds(ground: Ground, row: dict[str, Any], access: Access | None, parts: dict[str, list[dict[str, Any]]]) -> bool:
    try:
        clear = read_clear(ground, row)
        check_chain(clear, parts["entries"])
    except (Tampered, NotGenuine):
        return False
    if access is None or access.digest() != clear.access or not _is_as_told(clear, parts["links"]):
        return False
    queued = queue_rows(clear)
    return (
        queued.keys() == access.leads(clear.epoch) == {one["lead_id"] for one in parts["readers"]}
        and all(queued[one["lead_id"]].items() <= one.items() for one in parts["readers"])
        and all(is_bound(ground.server_key, readers, one) for one in parts["readers"])
        and [(one["version"], one["epoch"]) for one in parts["headers"]] == [(clear.header_version, clear.epoch)]
        and _is_offered(ground, clear, parts["offers"])
        and all(one["digest"] == blob_digest(one["blob"]) for one in parts["wraps"])
    )


def _is_offered(ground: Ground, clear: Clear, offers: list[dict[str, Any]]) -> bool:
    """Whether the rows of offers of a case are the one that its clear row tells of, or none."""
    if clear.offered is None:
        return not offers
    macs = [ground.server_key.mac("handover/1", clear.id, clear.owner, clear.offered)]
    return [row["mac"] for row in offers] == macs and offers[0]["taker"] == clear.offered


def _is_as_told(clear: Clear, links: list[dict[str, Any]]) -> bool:
    """Whether a case has everything that the audit chain tells of it: whole rows of before are genuine too."""
    return all(clear.desk_version > link["deeds"] and clear.own_entries >= link["reported"] for link in links)


_HEADERS: Final = select(headers.c.case_id, headers.c.version, headers.c.epoch)


def _number(*, reported: bool) -> Any:
    counted = audit.c.action.in_(_REPORTED) if reported else audit.c.action.not_in((*_LOOKED, *_REPORTED))
    return func.sum(case((counted, 1), else_=0))


#: How much the chain tells of each case.
_LINKS: Select[Any] = select(
    audit.c.case_id, _number(reported=False).label("deeds"), _number(reported=True).label("reported")
).group_by(audit.c.case_id)
#: The cases that the chain tells of and that are not there, although nobody destroyed them.
_GONE = (
    select(audit.c.case_id)
    .distinct()
    .where(
        audit.c.case_id.is_not(None),
        audit.c.case_id.not_in(select(cases.c.id)),
        audit.c.case_id.not_in(select(audit.c.case_id).where(audit.c.action == _DESTROYED)),
    )
)


async def _roster_holds(rosters: Rosters) -> bool:
    try:
        await rosters.read_afresh()
    except Tampered:
        return False
    return True


async def _audit_holds(ground: Ground) -> bool:
    number, mac = 0, b""
    while True:
        async with ground.read() as connection:
            asked = select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(_AT_ONCE)
            rows = await all_rows(connection, asked)
        if not rows:
            return True
        for row in rows:
            logged = Logged(row["hour"], row["lead_id"], row["action"], row["case_id"])
            number, mac = number + 1, ground.writer.link(mac, number + 1, logged)
            if (row["number"], row["mac"]) != (number, mac):
                return False


async def _by_case(connection: AsyncConnection, asked: Any) -> defaultdict[str, list[dict[str, Any]]]:
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await all_rows(connection, asked):
        grouped[row["case_id"]].append(row)
    return grouped
