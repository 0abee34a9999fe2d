"""What happened after a backup was made, as far as the ledger beside the key file tells, done to the restored copy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.cases.people.name_index import without_segments
from storage.cases.return_address import NO_ADDRESS
from storage.cases.rows.share_row import emptied_share_row, read_share
from storage.core.core import StoreCore, all_rows
from storage.core.destruction_ledger import Tombstone
from storage.core.register import Noted
from storage.database.schema import leads, metadata
from storage.database.schema.cases import cases
from storage.database.schema.notices import outbox, return_addresses
from storage.database.schema.shares import shares
from storage.database.turn import Delete, Logged, Row, Update
from storage.leads.roster.roster import SHUT_OUT, shut_out
from storage.leads.roster.rosters import Rosters
from storage.values.errors import Unfit

_UNKNOWN = (
    "the list of leads was changed after this backup, and the ledger beside the key file does not tell how: "
    "put back the file 'destroyed' that belongs to the key"
)

_ADDRESS = ((return_addresses, "id"), (outbox, "return_id"))


@dataclass(frozen=True, slots=True)
class Settled:
    """What the ledger took from the copy: names of leads who are shut out until somebody lets them in again."""

    cases: int
    addresses: int
    shut_out: tuple[str, ...]
    recovery: bool


class LedgerReplay:
    """Applies the ledger to a restored copy; only a restore uses it, on a copy that no other process has open."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def settle(self, ledger: tuple[Tombstone, ...], newest: int) -> Settled:
        """Destroy what was destroyed since, and shut out every lead whose row on the roster was changed since.

        The wraps of whoever was suspended since are back with the copy: once Hark runs on it they are removed again.

        Args:
            ledger: All of it, oldest first.
            newest: The roster's version beside the key file; 0 where none is known.

        Raises:
            Unfit: The roster was changed since, and the ledger does not tell how.
            Tampered, Unavailable: As the store does.
        """
        gone = {kind: {one.id for one in ledger if one.kind == kind} for kind in ("case", "address", "share")}
        found = await self._there(gone["case"]), await self._addresses(gone["address"])
        indexed = await self._indexed() if found[0] else ()
        for case in found[0]:
            named = (row for lead in indexed for row in without_segments(lead, case))
            await self._core.commit(*rows_of_case(case), *named, Logged(self._core.hour(), "", "destroyed", case))
        if found[1]:
            own = (Delete(table, {key: one}) for one in found[1] for table, key in _ADDRESS)
            logged = (Logged(self._core.hour(), "", NO_ADDRESS, case) for case in found[1].values())
            await self._core.commit(*own, *logged)
        await self._end_shares(gone["share"])
        shut_out, recovery = await self._roster(ledger, newest)
        await self._core.writer.checkpoint()
        return Settled(len(found[0]), len(found[1]), shut_out, recovery)

    def noted(self) -> Noted:
        """Give what the register beside the copy tells of its rows: it goes with them to where they are restored.

        Raises:
            Tampered: It is not the one that was written.
            Unavailable: It cannot be read.
        """
        return self._core.register.read()

    async def _roster(self, ledger: tuple[Tombstone, ...], newest: int) -> tuple[tuple[str, ...], bool]:
        old = await self._rosters.read()
        if newest <= old.version:
            return (), False
        since = [one for one in ledger if one.version > old.version]
        if not {one.version for one in since}.issuperset(range(old.version + 1, newest + 1)):
            raise Unfit(_UNKNOWN)
        changed = {one.id for one in since if one.kind in {"lead", "suspended"}}
        suspended = {LeadId(one.id) for one in since if one.kind == "suspended" and LeadId(one.id) in old.leads}
        shut = [lead for lead in old.leads.values() if lead.id in changed and not lead.shut_out]
        recovery = any(one.kind == "recovery" for one in since) and old.recovery is not None
        all_leads = {**old.leads, **{lead.id: shut_out(lead) for lead in shut}}
        waiting = replace(old.waiting, unsealing=old.waiting.unsealing | suspended)
        key = None if recovery else old.recovery
        new = replace(old, version=newest + 1, leads=all_leads, recovery=key, waiting=waiting)
        own = (Update(leads.leads, {"id": lead.id}, {"disabled": SHUT_OUT}) for lead in shut)
        logged = (Logged(self._core.hour(), lead.id, "disabled") for lead in shut)
        await self._core.commit(*own, *logged, self._rosters.replacement(old, new))
        self._rosters.note(new.version)
        return tuple(sorted(lead.name for lead in shut)), recovery

    async def _end_shares(self, ids: set[str]) -> None:
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(shares)) if ids else []
        found = [read_share(self._core, row) for row in rows if row["id"] in ids and row["wrapped"]]
        if found:
            await self._core.commit(*(emptied_share_row(self._core.server_key, one) for one in found))

    async def _indexed(self) -> tuple[LeadId, ...]:
        """Give whoever has an index of names."""
        asked = select(leads.name_segments.c.lead_id).distinct()
        async with self._core.read() as connection:
            return tuple(LeadId(lead) for lead in (await connection.execute(asked)).scalars())

    async def _there(self, ids: set[str]) -> list[str]:
        async with self._core.read() as connection:
            known = (await connection.execute(select(cases.c.id))).scalars().all() if ids else []
        return [one for one in known if one in ids]

    async def _addresses(self, ids: set[str]) -> dict[str, str]:
        """Give those of them that are there, with their cases."""
        asked = select(return_addresses.c.id, return_addresses.c.case_id)
        async with self._core.read() as connection:
            known = (await connection.execute(asked)).all() if ids else []
        return {row.id: row.case_id for row in known if row.id in ids}


def rows_of_case(case: str) -> list[Row]:
    """Give what deletes everything of a case, its clear row last; its lines in the audit chain have to stay whole."""
    own = [table for table in metadata.tables.values() if "case_id" in table.c and table.name != "audit"]
    return [*(Delete(table, {"case_id": case}) for table in own), Delete(cases, {"id": case})]
