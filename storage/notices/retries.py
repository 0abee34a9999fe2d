"""What becomes of a notice that did not arrive: tried again, told to others, and in the end an alert."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.cases.case_row import read_cases
from storage.core.core import StoreCore, all_rows
from storage.core.row_binding import is_bound
from storage.database.schema.notices import outbox, return_addresses
from storage.database.turn import Cell, Delete, Row, UpdateAll
from storage.leads.roster.roster import Rosters
from storage.notices.enqueue import tell_one
from storage.notices.escalation import CLIMBING, LATEST, Ladder, genuine
from storage.values import Notice

#: Seconds until a notice is tried again: half of the time that it was tried in vain, within these bounds.
_SOONEST: Final = 5
#: Seconds after which nobody tries any more, and others are alerted.
_GIVEN_UP: Final = 24 * 3600
#: What is told to others where it does not arrive: a reporter has said something, or cannot be told.
_PASSED_ON: Final = ("message", "unheard")
#: What is given up without a word to others: an alert makes no other, and when a lead unlocked is for her alone.
_SILENT: Final = ("alert", "sign_in", "known_sign_in")


class Undelivered:
    """Reschedules a notice that was not taken: to the next rung, to a later time, or as an alert."""

    def __init__(self, core: StoreCore, ladder: Ladder, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters
        self._ladder = ladder

    async def mark_undelivered(self, notice: Notice, *, blocked: bool) -> tuple[frozenset[LeadId] | None, ...]:
        """Keep a notice that did not arrive, unless it is given up; others are told now.

        Of a case that climbs, that is its next rung; of a reporter's message, the first ones who read it besides.
        Whoever has blocked is tried again with the next round, everybody else ever more seldom, from seconds on.

        Args:
            notice: What did not arrive.
            blocked: Whether the addressee refused it for good.

        Returns:
            Whom to alert, as `Alerts.note` takes it, for each alert: the recipients of cases of which a notice was
            given up, and None where one without a case was. What was itself an alert makes no other.
        """
        rows = await self._rows(notice.ids)
        climbing = [row["id"] for row in rows if row["kind"] in CLIMBING]
        rest = [row for row in rows if row["kind"] not in CLIMBING]
        now = self._core.second()
        over = [row for row in rest if _over(row, now) or (blocked and notice.lead is None)]
        again = [row for row in rest if row not in over]
        changed: list[Row] = [UpdateAll(outbox, {"id": row["id"]}, _later(row, now)) for row in again]
        changed += (Delete(outbox, {"id": row["id"]}) for row in over)
        if over and notice.lead is None:
            changed += await self._unheard(notice, over)
        fresh = {row["case_id"] for row in rest if row["kind"] in _PASSED_ON and not row["since"]}
        if fresh and notice.lead is not None:
            changed += await self._passed_on(notice.lead, fresh)
        if climbing:
            climbed = (await self._ladder.told(climbing, arrived=False)).rows
            tried = {row["id"]: row for row in rows}
            changed += climbed if blocked else (_sooner(row, tried, now) for row in climbed)
            changed += await self._next_rungs(climbing)
        await self._core.commit(*changed)
        return await self._alerted(over) if notice.lead is not None else ()

    async def _next_rungs(self, ids: Sequence[int]) -> Iterable[Row]:
        """Tell the lowest rung that was never told or tried, of each case of these rows."""
        own = select(outbox.c.case_id).where(outbox.c.id.in_(ids))
        untold = (outbox.c.told == 0) & (outbox.c.since == 0)
        waiting = select(outbox.c.id, outbox.c.case_id, outbox.c.rung).where(
            outbox.c.case_id.in_(own), outbox.c.not_before > self._core.second(), untold
        )
        async with self._core.read() as connection:
            rows = await all_rows(connection, waiting)
        lowest: dict[str, int] = {}
        for row in rows:
            lowest[row["case_id"]] = min(row["rung"], lowest.get(row["case_id"], row["rung"]))
        now: dict[str, Cell] = {"not_before": self._core.second()}
        return [UpdateAll(outbox, {"id": row["id"]}, now) for row in rows if row["rung"] == lowest[row["case_id"]]]

    async def _unheard(self, notice: Notice, rows: Sequence[dict[str, Any]]) -> list[Row]:
        """Note that a reporter does not hear of news, and tell the owner of the case, or its first rung."""
        told: list[Row] = [UpdateAll(return_addresses, {"id": notice.addressee}, {"refused": 1})]
        for clear in (await read_cases(self._core, _cases(rows))).values():
            rungs = clear.rungs
            first = [lead for lead, rung in rungs.items() if rung == min(rungs.values())]
            owner = [lead for lead in rungs if lead == clear.owner]
            told += (tell_one(clear, lead, "unheard", self._core.second()) for lead in owner or first)
        return told

    async def gone(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Delete the rows of an addressee who does not exist any more.

        A reporter's message is told to other readers.
        """
        lead = rows[0]["lead_id"]
        named = _cases(
            row for row in rows if row["kind"] in _PASSED_ON and is_bound(self._core.server_key, outbox, row)
        )
        others = await self._passed_on(LeadId(lead), named) if lead is not None and named else []
        await self._core.commit(*(Delete(outbox, {"id": row["id"]}) for row in rows), *others)

    async def _passed_on(self, lead: LeadId, named: Collection[str]) -> list[Row]:
        """Tell those of the lowest rung of each case who are left besides `lead`, and who are to be told of nothing.

        Nobody counts who is shut out.
        """
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(outbox).where(outbox.c.case_id.in_(named)))
        told = {(row["case_id"], row["lead_id"]) for row in genuine(self._core, rows)}
        roster, now, passed = await self._rosters.read(), self._core.second(), list[Row]()
        for clear in (await read_cases(self._core, named)).values():
            there = roster.there({other: rung for other, rung in clear.rungs.items() if other != lead})
            left = {other: rung for other, rung in there.items() if (clear.id, other) not in told}
            first = [other for other, rung in left.items() if rung == min(left.values())]
            passed += (tell_one(clear, other, "message", now) for other in first)
        return passed

    async def _alerted(self, rows: Sequence[dict[str, Any]]) -> tuple[frozenset[LeadId] | None, ...]:
        everybody = any(row["case_id"] is None and row["kind"] not in _SILENT for row in rows)
        named = _cases(row for row in rows if row["case_id"] is not None)
        recipients = (await self._recipients(named),) if named else ()
        return (*recipients, None) if everybody else recipients

    async def _recipients(self, named: Collection[str]) -> frozenset[LeadId]:
        found = (await read_cases(self._core, named)).values()
        return frozenset(lead for clear in found for lead in clear.rungs)

    async def _rows(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(outbox).where(outbox.c.id.in_(ids)))
        return genuine(self._core, rows)


def _over(row: dict[str, Any], now: int) -> bool:
    return bool(row["since"]) and now - row["since"] >= _GIVEN_UP


def _later(row: dict[str, Any], now: int) -> dict[str, Cell]:
    # That of a sign-in stays the time of the sign-in, which is told.
    since = row["since"] or (row["not_before"] if row["kind"] == "sign_in" else now)
    wait = min(max((now - since) // 2, _SOONEST), LATEST)
    return {"not_before": now + wait, "since": since}


def _sooner(row: Row, tried: Mapping[int, dict[str, Any]], now: int) -> Row:
    """A rung that nobody was told of does not wait for a whole round; a page that is due in minutes stays so."""
    if not isinstance(row, UpdateAll):
        return row
    later = _later(tried[cast("int", row.key["id"])], now)
    soonest = min(cast("int", later["not_before"]), cast("int", row.values["not_before"]))
    return replace(row, values={**row.values, **later, "not_before": soonest})


def _cases(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {row["case_id"] for row in rows}
