"""Alerts: what is wrong with Hark itself, kept until it is over, and a neutral notice to those who answer for it.

An alert holds a kind, times and a count; never a case, a reporter or what failed in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any, Final, get_args

from sqlalchemy import Select, select

from flows.known import LeadId, Role
from storage.ground import Ground, all_rows
from storage.ladder import CLIMBING
from storage.people.roster import Rosters
from storage.refusals import Conflict
from storage.schema.alerts import alerts
from storage.schema.notices import outbox
from storage.turns import Cell, Delete, Insert, Row, Update
from storage.values import Alert, AlertKind, NoticeKind

#: The roles that answer for Hark itself.
ANSWERING: Final[frozenset[Role]] = frozenset({"lead", "deputy", "head", "manager", "admin"})
_QUIET = 3600  # seconds before the same is told again
_TRIES = 3
_KINDS: Final[frozenset[str]] = frozenset(get_args(AlertKind))


class Alerts:
    """What stands now. Noting, reading and clearing are safe to repeat."""

    def __init__(self, ground: Ground, rosters: Rosters) -> None:
        self._ground = ground
        self._rosters = rosters

    async def note(self, kind: AlertKind, only: Collection[LeadId] | None = None) -> None:
        """Note that something is wrong, and put a notice in the outbox, at most one an hour and kind.

        Args:
            kind: What is wrong.
            only: Where it has to do with a case: its recipients, since nobody else may learn that there is one. It
                then stands for each of them alone. None: for everybody who answers for Hark.

        Raises:
            Unavailable: The database cannot be written.
            Tampered: The roster is not the one that was kept.
        """
        for left in reversed(range(_TRIES)):
            try:
                await self._ground.commit(*await self._rows(kind, only))
            except Conflict:  # noted twice at once: the second one counts on from the first
                if not left:
                    raise
            else:
                return

    async def well(self) -> list[Row]:
        """Give the rows of the weekly notices: that Hark works, to those who answer for it; the digest, to all leads.

        The digest goes out whether or not anybody unlocked, and says the same (decision 19). Raises `Tampered`.
        """
        everybody, now = (await self._rosters.read()).leads.values(), self._ground.second()
        there = [lead.id for lead in everybody if not lead.disabled]
        return [*_notices(await self._answering(), now, "heartbeat"), *_notices(there, now, "digest")]

    async def clear(self, kind: AlertKind) -> None:
        """Note that it is over which stood for everybody; what stands for a lead alone stays."""
        if any(alert.kind == kind for alert in await self.standing()):
            await self._ground.commit(Delete(alerts, {"kind": kind, "lead_id": ""}))

    async def clear_ladders(self) -> None:
        """Note that it is over for every lead for whom no case climbs any more."""
        tried = (outbox.c.told > 0) | (outbox.c.since > 0)
        climbing = select(outbox.c.lead_id).where(outbox.c.kind.in_(CLIMBING), tried)
        vain = select(alerts.c.lead_id).where(alerts.c.kind == "ladder_end", alerts.c.lead_id.not_in(climbing))
        async with self._ground.read() as connection:
            over = (await connection.execute(vain)).scalars().all()
        if over:
            await self._ground.commit(*(Delete(alerts, {"kind": "ladder_end", "lead_id": one}) for one in over))

    async def standing(self, lead: LeadId | None = None) -> tuple[Alert, ...]:
        """Give what is wrong now, the oldest first; with a lead, also what is for that lead alone."""
        mine = alerts.c.lead_id.in_(["", *([lead] if lead else [])])
        return await self._read(select(alerts).where(mine).order_by(alerts.c.first_at))

    async def _read(self, asked: Select[Any]) -> tuple[Alert, ...]:
        async with self._ground.read() as connection:
            rows = await all_rows(connection, asked)
        return tuple(_alert(row) for row in rows if row["kind"] in _KINDS)

    async def _rows(self, kind: AlertKind, only: Collection[LeadId] | None) -> list[Row]:
        told = await self._answering() if only is None else frozenset(only)
        async with self._ground.read() as connection:
            before = await all_rows(connection, select(alerts).where(alerts.c.kind == kind))
            same = select(outbox.c.lead_id).where(outbox.c.kind == "alert")
            waiting = set((await connection.execute(same)).scalars())
        known = {row["lead_id"]: row for row in before}
        now, rows = self._ground.second(), list[Row]()
        for holder in [""] if only is None else sorted(told):
            row, tells = _counted(kind, holder, known.get(holder), now)
            rows.append(row)
            if tells:
                rows += _notices(told - waiting if not holder else {LeadId(holder)} - waiting, now)
        return rows

    async def _answering(self) -> frozenset[LeadId]:
        found = (await self._rosters.read()).leads.values()
        return frozenset(lead.id for lead in found if not lead.disabled and lead.role in ANSWERING)


def _counted(kind: AlertKind, holder: str, before: dict[str, Any] | None, now: int) -> tuple[Row, bool]:
    """Give the row that counts one more, and whether it is told."""
    key: dict[str, Cell] = {"kind": kind, "lead_id": holder}
    if before is None:
        return Insert(alerts, {**key, "times": 1, "first_at": now, "last_at": now, "told_at": now}), True
    tells = not before["told_at"] <= now < before["told_at"] + _QUIET
    values: dict[str, Cell] = {"times": before["times"] + 1, "last_at": now}
    values["told_at"] = now if tells else before["told_at"]
    return Update(alerts, key, values, {"times": before["times"]}), tells


def _notices(told: Collection[LeadId], now: int, kind: NoticeKind = "alert") -> Iterator[Row]:
    rest: dict[str, Cell] = {"return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0}
    return (Insert(outbox, {"lead_id": lead, **rest, "not_before": now}) for lead in sorted(told))


def _alert(row: dict[str, Any]) -> Alert:
    first, last = (datetime.fromtimestamp(row[name], UTC) for name in ("first_at", "last_at"))
    return Alert(row["kind"], row["times"], first, last)
