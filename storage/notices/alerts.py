"""Alerts: what is wrong with Hark itself, kept until it is over, and a neutral notice to those who answer for it.

An alert holds a kind, times and a count; never a case, a reporter or what failed in words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias, cast

from sqlalchemy import select

from flows.cases.roles import INSIDE
from flows.duty.escalation import CLIMBING
from flows.values.ids import LeadId, NoticeKind, Role
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.clock_guard import monotonic_seconds
from storage.database.instrumentation import Kind as FaultKind
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Insert, Row
from storage.leads.roster.rosters import Rosters
from storage.notices.reconcile import Reconciler
from storage.values import Alert, AlertKind

#: The roles that answer for Hark itself.
ANSWERING: Final[frozenset[Role]] = frozenset({"lead", "deputy", "head", "manager", "admin"})
_QUIET = 3600  # seconds before the same is told again
#: How often it was met, first and last when, and when it was last told, in seconds since 1970.
Counted: TypeAlias = tuple[int, int, int, int]
_Fault: TypeAlias = FaultKind | Literal["tampered"]
_FAULTS: Final[tuple[_Fault, ...]] = ("tampered", "database", "disk", "clock")
_EVERY: Final = 60  # seconds between two notes of the same trouble
#: Seconds without it until it counts as over.
_OVER_AFTER: Final[Mapping[_Fault, int]] = {"tampered": 72 * 3600, "database": 900, "disk": 900, "clock": 24 * 3600}


class Alerts:
    """The alerts that stand now, in the register beside the key file. Noting, reading and clearing are safe to repeat.

    Every method that is awaited raises `Tampered` where the register, or the roster, is not the one that was kept, and
    `Unavailable` where one of them, or the database, cannot be read or written.
    """

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters
        self._noting = asyncio.Lock()
        self._waiting: dict[LeadId, float] = {}

    async def note(self, kind: AlertKind, only: Collection[LeadId] | None = None) -> None:
        """Note that something is wrong, and put a notice in the outbox, at most one an hour and kind.

        Args:
            kind: What is wrong.
            only: Where it has to do with a case: its recipients, since nobody else may learn that there is one. It
                then stands for each of them alone. None: for everybody who answers for Hark; that the recovery key was
                used, for every lead.

        Raises:
            Unavailable: The database cannot be written; or the register, and then the leads are told.
            Tampered: The roster, or the register, is not the one that was kept.
        """
        async with self._noting:
            told = await self._told(kind) if only is None else frozenset(only)
            before, now = self._core.register.read().alerts, self._core.second()
            counted: dict[str, Counted] = {}
            telling: set[LeadId] = set()
            for holder in [""] if only is None else sorted(told):
                name = _name(kind, holder)
                counted[name], tells = _counted(before.get(name), now)
                if tells:
                    telling |= told if not holder else {LeadId(holder)}
            await self._tell(telling, now)
            self._core.register.change(lambda old: replace(old, alerts={**old.alerts, **counted}))

    async def well(self) -> list[Row]:
        """Return the rows of the weekly notices: the heartbeat to those who answer for Hark, the digest to all leads.

        The digest goes out whether or not a lead unlocked, and says the same (decision 19).

        Raises:
            Tampered: the roster is not the one that was kept.
        """
        everybody, now = (await self._rosters.read()).leads.values(), self._core.second()
        there = [lead.id for lead in everybody if not lead.disabled and lead.role in INSIDE]
        return [*_notices(await self.answering(), now, "heartbeat"), *_notices(there, now, "digest")]

    async def clear(self, kind: AlertKind) -> None:
        """Note that an alert that stood for everybody is over; what stands for single leads stays."""
        self._clear(lambda name: name == _name(kind))

    async def clear_for_leads(self, kind: AlertKind) -> None:
        """Note that an alert that stood for single leads is over."""
        self._clear(lambda name: name != _name(kind) and _parted(name)[0] == kind)

    async def clear_ladders(self) -> None:
        """Note that alerts about ladders are over for every lead without a case that still climbs."""
        vain = {lead for kind, lead in map(_parted, self._core.register.read().alerts) if kind == "ladder_end" and lead}
        if not vain:
            return
        tried = (outbox.c.told > 0) | (outbox.c.since > 0)
        climbing = select(outbox.c.lead_id).where(outbox.c.kind.in_(CLIMBING), tried).distinct()
        async with self._core.read() as connection:
            over = vain - set((await connection.execute(climbing)).scalars())
        self._clear(lambda name: _parted(name) in {("ladder_end", lead) for lead in over})

    async def standing(self, lead: LeadId | None = None) -> tuple[Alert, ...]:
        """Give what is wrong now, the oldest first; with a lead, also what is for that lead alone."""
        mine = {"", *([lead] if lead else [])}
        parted = ((*_parted(name), numbers) for name, numbers in self._core.register.read().alerts.items())
        found = [_alert(kind, numbers) for kind, holder, numbers in parted if holder in mine]
        return tuple(sorted(found, key=lambda alert: alert.first_at))

    def was_told(self, lead: LeadId) -> None:
        """Note that a lead was told that there is an alert."""
        self._waiting.pop(lead, None)

    def postpone(self, lead: LeadId) -> None:
        """Note that a lead is just being told, so that it is not tried again at once."""
        if lead in self._waiting:
            self._waiting[lead] = monotonic_seconds()

    def overdue(self, seconds: float) -> frozenset[LeadId]:
        """Return the leads whose alert notice was due at least `seconds` ago, and who were told of none since.

        This is kept in memory, because whoever can write the database can remove a notice from it.
        """
        now = monotonic_seconds()
        return frozenset(lead for lead, since in self._waiting.items() if now - since >= seconds)

    async def _tell(self, telling: Collection[LeadId], now: int) -> None:
        same = select(outbox).where(outbox.c.kind == "alert")
        async with self._core.read() as connection:
            rows = await all_rows(connection, same)
        waiting = {row["lead_id"] for row in rows if is_bound(self._core.server_key, outbox, row)}
        if new := frozenset(telling) - waiting:
            await self._core.commit(*_notices(new, now))
        for lead in telling:
            self._waiting.setdefault(lead, monotonic_seconds())

    def _clear(self, over: Callable[[str], bool]) -> None:
        if any(over(name) for name in self._core.register.read().alerts):
            self._core.register.change(
                lambda old: replace(old, alerts={name: of for name, of in old.alerts.items() if not over(name)})
            )

    async def answering(self) -> frozenset[LeadId]:
        """Give the leads who answer for Hark and are not shut out."""
        return await self._in(ANSWERING)

    async def _told(self, kind: AlertKind) -> frozenset[LeadId]:
        return await self._in(INSIDE if kind == "recovery" else ANSWERING)

    async def _in(self, roles: frozenset[Role]) -> frozenset[LeadId]:
        found = (await self._rosters.read()).leads.values()
        return frozenset(lead.id for lead in found if not lead.disabled and lead.role in roles)


class FaultAlerts:
    """Turns new counts of faults into alerts; one for the process."""

    def __init__(self, core: StoreCore, alerts: Alerts, recheck: Reconciler) -> None:
        """Note through `alerts`; `recheck` puts right what is met that is not genuine."""
        self._core = core
        self._alerts = alerts
        self._recheck = recheck
        self._counted: dict[_Fault, int] = {}
        self._noted: dict[_Fault, int] = {}
        self._quiet_since: dict[_Fault, int] = {}

    async def tell(self) -> None:
        """Note what is wrong, at most once a minute for each kind, and clear what has been over for a while.

        Raises:
            Tampered: The roster, or the register, is not the one that was kept.
            Unavailable: The database cannot be written now: it is noted once it can.
        """
        for kind in _FAULTS:
            await self._look(kind)

    async def _look(self, kind: _Fault) -> None:
        now, counted = self._core.second(), self._count(kind)
        if counted > self._counted.get(kind, 0) or (kind == "disk" and self._core.room.is_low):
            self._quiet_since.pop(kind, None)
            if not 0 <= now - self._noted.get(kind, 0) < _EVERY:
                await self._alerts.note(kind)
                self._noted[kind] = now
            if kind == "tampered":
                await self._tell_recipients()
            self._counted[kind] = counted
        elif now - self._quiet_since.setdefault(kind, now) >= _OVER_AFTER[kind]:
            await self._alerts.clear(kind)
            if kind == "tampered":
                await self._alerts.clear_for_leads(kind)
            self._quiet_since[kind] = now

    async def _tell_recipients(self) -> None:
        """Tell also those recipients of the cases concerned who do not answer for Hark."""
        told = await self._recheck.suspects()
        if others := told - await self._alerts.answering():
            await self._alerts.note("tampered", only=others)

    def _count(self, kind: _Fault) -> int:
        if kind == "tampered":
            return self._core.forgeries.count
        if kind == "clock":
            return self._core.clock_guard.jumps if self._core.clock_guard else 0
        return self._core.failures.counts[kind]


def _name(kind: AlertKind, lead: str = "") -> str:
    return f"{kind} {lead}".rstrip()


def _parted(name: str) -> tuple[str, str]:
    kind, _, lead = name.partition(" ")
    return kind, lead


def _counted(before: Counted | None, now: int) -> tuple[Counted, bool]:
    """Give what counts one more, and whether it is told."""
    if before is None:
        return (1, now, now, now), True
    times, first, _, told = before
    tells = not told <= now < told + _QUIET
    return (times + 1, first, now, now if tells else told), tells


def _notices(told: Collection[LeadId], now: int, kind: NoticeKind = "alert") -> Iterator[Row]:
    rest: dict[str, Cell] = {"return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0}
    return (Insert(outbox, {"lead_id": lead, **rest, "not_before": now}) for lead in sorted(told))


def _alert(kind: str, numbers: Counted) -> Alert:
    times, first, last, _ = numbers
    return Alert(cast("AlertKind", kind), times, datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC))
