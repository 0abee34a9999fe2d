"""Every minute: whether what waits for a lead stands where leads look for it, and is told; what does not is put right.

The clear row of a case, under its MAC, is the truth. The rows of the queues and the ladder are copies that can be made
again from it, so nothing waits unseen because somebody took them away or changed them. What cannot be made again is
noted as a case in which something is not genuine, and told as an alert: see `alerts.py`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, literal_column, select

from flows.duty.escalation import CLIMBING, rungs_in_order
from flows.values.ids import LeadId, SiteId
from storage.cases.rows.case_row import copied_row, queue_rows, read_clear, reader_row
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import changed_notice, is_bound
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases, readers
from storage.database.schema.notices import outbox
from storage.database.turn import Delete, Row, Update
from storage.leads.roster.rosters import Rosters
from storage.leads.rota import Rotas
from storage.notices.enqueue import tell_ladder
from storage.values import CaseId
from storage.values.errors import Conflict, Tampered

#: A rung waits no longer than this, counted from now or from when its case is due.
_LONGEST: Final = int(timedelta(days=2).total_seconds())
_AT_ONCE: Final = 50  # cases looked at in one go: a few milliseconds
_OTHERS: Final = 200  # cases besides those that nobody has acknowledged, each minute
_UNACKNOWLEDGED: Final = cases.c.due == literal_column("'acknowledge'")
_PAGE = (
    select(cases.c.id, cases.c.version, cases.c.due)
    .where(cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(_AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class _Copies:
    """A case, its rows in the queues by lead, and its rows of the outbox that climb."""

    clear: ClearRow
    queues: Mapping[LeadId, dict[str, Any]] = field(repr=False)
    climbing: Sequence[dict[str, Any]] = field(repr=False)


class Reconciler:
    """Checks all unacknowledged cases each time, and the others in turn; safe to repeat."""

    def __init__(self, core: StoreCore, rosters: Rosters, rotas: Rotas) -> None:
        self._core = core
        self._rosters = rosters
        self._rotas = rotas
        self._after = ""

    async def look(self) -> int:
        """Look, and put right what can be.

        Returns:
            How many cases there were that nobody had acknowledged and nobody was to be told of.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        expected = self._core.known_cases.waiting()
        told, seen, after = 0, set[str](), ""
        while found := await self._page(_UNACKNOWLEDGED, after):
            told += await self._put_right(found)
            seen |= {row["id"] for row in found}
            after = found[-1]["id"]
        for _ in range(_OTHERS // _AT_ONCE):
            others = await self._page(cases.c.id > "", self._after)
            self._after = others[-1]["id"] if others else ""
            await self._put_right([row for row in others if row["due"] != "acknowledge"])
        await self._put_right_of(expected - seen)
        return told

    async def suspects(self) -> frozenset[LeadId]:
        """Look at once at the cases in which something was met that is not genuine.

        Returns:
            The recipients of those cases, as far as they are known here: they are to be told.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        named, self._core.forgeries.suspects = self._core.forgeries.suspects, set()
        told = frozenset(lead for case in named for lead in self._core.known_cases.recipients(case))
        await self._put_right_of(named)
        for case in self._core.forgeries.suspects & named:  # it is told now, and cannot be put right
            self._core.forgeries.suspects.discard(case)
        return told

    async def _page(self, which: ColumnElement[bool], after: str) -> list[dict[str, Any]]:
        await asyncio.sleep(0)
        count = self._core.known_cases.count
        async with self._core.read() as connection:
            rows = await all_rows(connection, _PAGE.where(which), {"after": after})
        return self._count_older(rows, count)

    async def _put_right_of(self, named: Collection[CaseId]) -> None:
        """Look at these, and note those that are not there any more."""
        ids = sorted(named)
        for begin in range(0, len(ids), _AT_ONCE):
            some, count = ids[begin : begin + _AT_ONCE], self._core.known_cases.count
            async with self._core.read() as connection:
                rows = await all_rows(connection, select(cases.c.id, cases.c.version).where(cases.c.id.in_(some)))
            for gone in set(some) - {row["id"] for row in rows}:
                if self._core.known_cases.is_older(gone, 0, count):
                    self._core.forgeries.record(gone)
            await self._put_right(self._count_older(rows, count))
            await asyncio.sleep(0)

    def _count_older(self, rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
        for row in rows:
            if self._core.known_cases.is_older(row["id"], row["version"], count):
                self._core.forgeries.record(row["id"])
        return rows

    async def _put_right(self, rows: Sequence[dict[str, Any]]) -> int:
        told = 0
        for of in await self._copies(rows):
            wrong = tuple(self._wrong(of))
            if wrong:
                self._core.forgeries.record(of.clear.id)
            anew = of.clear.due == "acknowledge" and not self._climbs(of)
            rungs = await self._rungs(of.clear) if anew else {}
            if not wrong and not rungs:
                continue
            kind = "new" if of.clear.status == "new" else "raised"
            same = Update(cases, {"id": of.clear.id}, {"due": of.clear.due}, {"version": of.clear.version})
            ladder = tell_ladder(of.clear, rungs, kind, self._core.second())
            with suppress(Conflict):  # somebody has done something meanwhile
                await self._core.commit(same, *wrong, *ladder)
                told += bool(rungs)
        return told

    async def _copies(self, rows: Sequence[dict[str, Any]]) -> list[_Copies]:
        """Read what was copied of cases, of one state with them; a case that is not genuine is counted and left out."""
        ids = [row["id"] for row in rows]
        climbing = select(outbox).where(outbox.c.case_id.in_(ids), outbox.c.kind.in_(CLIMBING))
        queues: defaultdict[str, dict[LeadId, dict[str, Any]]] = defaultdict(dict)
        told: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        async with self._core.read() as connection:
            now = await all_rows(connection, select(cases).where(cases.c.id.in_(ids)))
            for row in await all_rows(connection, select(readers).where(readers.c.case_id.in_(ids))):
                queues[row["case_id"]][row["lead_id"]] = row
            for row in await all_rows(connection, climbing):
                told[row["case_id"]].append(row)
        found = []
        for row in now:
            with suppress(Tampered):
                found.append(_Copies(read_clear(self._core, row), queues[row["id"]], told[row["id"]]))
        return found

    def _wrong(self, of: _Copies) -> Iterator[Row]:
        """Give the rows that put right the copies of a case."""
        key, right = self._core.server_key, queue_rows(of.clear)
        for lead, cells in right.items():
            row = of.queues.get(lead)
            if row is None:
                yield reader_row(of.clear, lead)
            elif any(row[name] != value for name, value in cells.items()) or not is_bound(key, readers, row):
                yield copied_row(of.clear, lead, cells)
        for lead in of.queues.keys() - right.keys():
            yield Delete(readers, {"lead_id": lead, "case_id": of.clear.id})
        for row in of.climbing:
            if not is_bound(key, outbox, row):
                yield Delete(outbox, {"id": row["id"]})
            elif row["rank"] != of.clear.rank:
                # A row of before its case rose or fell was put back; what it says of when it is due counts no more.
                yield changed_notice(key, row, rank=of.clear.rank, not_before=self._core.second())

    def _climbs(self, of: _Copies) -> bool:
        now = self._core.second()
        latest = max(now, 0 if of.clear.due_at == NEVER else of.clear.due_at) + _LONGEST
        key = self._core.server_key
        return any(row["not_before"] <= latest and is_bound(key, outbox, row) for row in of.climbing)

    async def _rungs(self, clear: ClearRow) -> dict[LeadId, int]:
        """Those who are there, who is on duty first, and without gaps, so that somebody is told at once."""
        there = (await self._rosters.read()).there(clear.rungs)
        duty = rungs_in_order(there, await self._rotas.first_told(SiteId(clear.site), self._core.now()))
        steps = {rung: place for place, rung in enumerate(sorted(set(duty.values())))}
        return {lead: steps[rung] for lead, rung in duty.items()}
