"""Alerts about the database, its disk, the clock and what is not genuine: noted when met, cleared when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from storage.core.core import StoreCore
from storage.database.instrumentation import Kind
from storage.notices.alerts import Alerts
from storage.notices.reconcile import Reconciler

_Kind: TypeAlias = Kind | Literal["tampered"]
_KINDS: Final[tuple[_Kind, ...]] = ("tampered", "database", "disk", "clock")
_EVERY: Final = 60  # seconds between two notes of the same trouble
#: Seconds without it until it counts as over.
_QUIET: Final[Mapping[_Kind, int]] = {"tampered": 72 * 3600, "database": 900, "disk": 900, "clock": 24 * 3600}


class FaultAlerts:
    """Turns new counts of faults into alerts; one for the process."""

    def __init__(self, core: StoreCore, alerts: Alerts, recheck: Reconciler) -> None:
        """Note through `alerts`; `recheck` puts right what is met that is not genuine."""
        self._core = core
        self._alerts = alerts
        self._recheck = recheck
        self._counted: dict[_Kind, int] = {}
        self._noted: dict[_Kind, int] = {}
        self._quiet_since: dict[_Kind, int] = {}

    async def tell(self) -> None:
        """Note what is wrong, at most once a minute for each kind, and clear what has been over for a while.

        Raises:
            Unavailable: The database cannot be written now: it is noted once it can.
        """
        for kind in _KINDS:
            await self._look(kind)

    async def _look(self, kind: _Kind) -> None:
        now, met = self._core.second(), self._count(kind)
        if met > self._counted.get(kind, 0) or (kind == "disk" and self._core.room.is_low):
            self._quiet_since.pop(kind, None)
            if not 0 <= now - self._noted.get(kind, 0) < _EVERY:
                await self._alerts.note(kind)
                self._noted[kind] = now
            if kind == "tampered":
                await self._tell_recipients()
            self._counted[kind] = met
        elif now - self._quiet_since.setdefault(kind, now) >= _QUIET[kind]:
            await self._alerts.clear(kind)
            if kind == "tampered":
                await self._alerts.clear_for_leads(kind)
            self._quiet_since[kind] = now

    async def _tell_recipients(self) -> None:
        """Tell also those recipients of the cases concerned who do not answer for Hark."""
        told = await self._recheck.suspects()
        if others := told - await self._alerts.answering():
            await self._alerts.note("tampered", only=others)

    def _count(self, kind: _Kind) -> int:
        if kind == "tampered":
            return self._core.forgeries.count
        if kind == "clock":
            return self._core.clock_guard.jumps if self._core.clock_guard else 0
        return self._core.failures.counts[kind]
