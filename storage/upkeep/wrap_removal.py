"""Removes the wraps of leads who were suspended, so that a stolen seed opens nothing that is still in the database.

Whose wraps are to go stands on the roster (`Waiting.unsealing`); which are left is seen by looking. So the work needs
no notes of its own: killed at any point it begins again, and passes over what is done. Each batch is one turn in which
every case stays genuine: wraps, queue, clear row and its MAC change together.

An emptied wrap keeps its row and its digest. The digest of access, which leads have signed in the case's entries, stays
what it was, and what opens is told by what has content (`storage/cases/access.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, func, select

from flows.duty.escalation import CLIMBING
from flows.values.ids import LeadId
from storage.cases.access import Access, Holder, read_access
from storage.cases.rows.case_row import change_rows, read_clear
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import cases, handovers, wraps
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Delete, Logged, Row, Update, UpdateAll
from storage.leads.roster.announcements import announce
from storage.leads.roster.roster import Roster, arriving
from storage.leads.roster.rosters import Rosters
from storage.sealing.keys.case_keys import WrapKind
from storage.values import CaseId
from storage.values.errors import Conflict, Tampered

_LOOKED_AT: Final = 200  # cases among which hers are looked for in one go
_AT_ONCE: Final = 10  # cases in one turn: a few milliseconds
_TRIES: Final = 4
_PAGE: Final = select(cases.c.id).where(cases.c.id > bindparam("after")).order_by(cases.c.id).limit(_LOOKED_AT)
_HERS: Final = (
    select(wraps.c.case_id)
    .distinct()
    .where(
        wraps.c.case_id.in_(bindparam("ids", expanding=True)),
        wraps.c.holder == bindparam("lead"),
        wraps.c.kind == WrapKind.LEAD.value,
        func.length(wraps.c.blob) > 0,
    )
    .order_by(wraps.c.case_id)
)
_CLEAR: Final = select(cases).where(cases.c.id.in_(bindparam("ids", expanding=True)))


class WrapRemoval:
    """Goes over all cases for each lead whose wraps are to go; safe to repeat, and for several processes at once."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    async def run(self) -> int:
        """Remove what is to be removed, for every lead; at the end of each the roster says so no more.

        Between two batches other tasks run. A case that nobody else who is in could open, and no recovery key, stays
        as it is: a concern is never lost by this.

        Returns:
            From how many cases wraps were removed.

        Raises:
            Tampered: The roster is not the one that was kept; what was removed is removed.
            Unavailable: The database or the ledger cannot be read or written; likewise.
            Conflict: Others write a case, or the roster, without end; likewise.
        """
        removed = 0
        while unsealing := (await self._rosters.read()).waiting.unsealing:
            lead = min(unsealing)
            removed += await self._go_over(lead)
            await self._finish(lead)
        return removed

    async def _go_over(self, lead: LeadId) -> int:
        removed, after = 0, ""
        while True:
            async with self._core.read() as connection:
                ids = (await connection.execute(_PAGE, {"after": after})).scalars().all()
                hers = (await connection.execute(_HERS, {"ids": ids, "lead": lead})).scalars().all() if ids else []
            if not ids:
                return removed
            for begin in range(0, len(hers), _AT_ONCE):
                removed += await self._batch(lead, [CaseId(case) for case in hers[begin : begin + _AT_ONCE]])
            after = ids[-1]
            await asyncio.sleep(0)

    async def _batch(self, lead: LeadId, ids: Sequence[CaseId]) -> int:
        """Remove from some cases in one turn; where others change one of them, from each in a turn of its own."""
        try:
            return await self._turn(lead, ids)
        except Conflict:
            return sum([await self._patiently(lead, one) for one in ids])

    async def _patiently(self, lead: LeadId, case: CaseId) -> int:
        for left in reversed(range(_TRIES)):
            with suppress(Conflict):
                return await self._turn(lead, [case])
            await asyncio.sleep(0.01 if left else 0)
        raise Conflict  # somebody writes it without end: the next run begins anew, and the roster still says so

    async def _turn(self, lead: LeadId, ids: Sequence[CaseId]) -> int:
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            found = await all_rows(connection, _CLEAR, {"ids": list(ids)})
            held = await read_access(connection, ids)
        rows: list[Row] = []
        removed = 0
        for row in found:
            with suppress(Tampered):  # counted: what is not genuine is told, and not made genuine by this
                own = self._rows(roster, lead, read_clear(self._core, row), held.get(CaseId(row["id"])))
                rows += own
                removed += bool(own)
        if rows:
            await self._core.commit(*rows, self._rosters.unchanged(roster))
        return removed

    def _rows(self, roster: Roster, lead: LeadId, clear: ClearRow, held: tuple[Access, object] | None) -> list[Row]:
        if held is None or held[0].digest() != clear.access:
            raise self._core.forgeries.record(clear.id)
        access = held[0]
        hers = [one for one in access.holders if one.lead == lead and one not in access.removed]
        if not hers or not _opens_without(roster, lead, clear, access):
            return []
        changed = clear.without_recipient(lead)
        if clear.owner == lead and clear.is_open:
            changed = changed.without_owner(self._core.second())
        ladder = [Delete(outbox, {"lead_id": lead, "case_id": clear.id, "kind": kind}) for kind in CLIMBING]
        offer = [Delete(handovers, {"case_id": clear.id})] if clear.offered != changed.offered else []
        return [
            *change_rows(self._core, clear, changed),
            *ladder,
            *offer,
            *(_emptied(clear.id, one) for one in hers),
        ]

    async def _finish(self, lead: LeadId) -> None:
        """Note on the roster that it is done, in the audit too; whoever is in is told, and the files are cleaned."""
        for _ in range(_TRIES):
            roster = await self._rosters.read()
            if lead not in roster.waiting.unsealing:
                return
            done = replace(roster.waiting, unsealing=roster.waiting.unsealing - {lead})
            after = replace(roster, waiting=done)
            found = roster.leads.get(lead)
            back = arriving(after, found) if found is not None and found.card.waiting else None
            rows: list[Row] = [*self._rosters.rows(roster, lead=back, waiting=done)]
            if back is not None:
                rows.append(Update(leads, {"id": lead}, {"disabled": back.disabled}))
            told = announce(roster, self._core.second(), but={lead})
            with suppress(Conflict):
                await self._core.commit(*rows, *told, Logged(self._core.hour(), lead, "unsealed"))
                self._rosters.note(roster.version + 1)
                await self._core.writer.checkpoint()
                return
        raise Conflict


def _opens_without(roster: Roster, lead: LeadId, clear: ClearRow, access: Access) -> bool:
    """Whether somebody who is in, or the recovery key, opens a case besides a lead."""
    others = roster.there(clear.rungs).keys() & access.leads(clear.epoch)
    return bool(others - {lead}) or any(
        one.kind == WrapKind.RECOVERY and one.epoch == clear.epoch for one in access.holders
    )


def _emptied(case: CaseId, holder: Holder) -> Row:
    """Give the row that destroys the content of a wrap."""
    key: dict[str, Cell] = {"case_id": case, "epoch": holder.epoch, "key_id": holder.key_id}
    return UpdateAll(wraps, key, {"blob": b""})
