"""Alerts about the database, its disk and the clock: noted when something is wrong, cleared when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from storage.alerts import Alerts
from storage.failures import Kind
from storage.ground import Ground

_KINDS: Final[tuple[Kind, ...]] = ("database", "disk", "clock")
_EVERY: Final = 60  # seconds between two notes of the same trouble
#: Seconds without it until it counts as over.
_QUIET: Final[Mapping[Kind, int]] = {"database": 900, "disk": 900, "clock": 24 * 3600}


class Troubles:
    """Looks at what was counted since it looked last; one for the process."""

    def __init__(self, ground: Ground, alerts: Alerts) -> None:
        """Note through `alerts`."""
        self._ground = ground
        self._alerts = alerts
        self._counted: dict[Kind, int] = {}
        self._noted: dict[Kind, int] = {}
        self._quiet_since: dict[Kind, int] = {}

    async def tell(self) -> None:
        """Note what is wrong, at most once a minute, and clear what has been over for a while.

        Raises:
            Unavailable: The database cannot be written now: it is noted once it can.
        """
        for kind in _KINDS:
            await self._look(kind)

    async def _look(self, kind: Kind) -> None:
        now, met = self._ground.second(), self._count(kind)
        if met > self._counted.get(kind, 0) or (kind == "disk" and self._ground.room.is_low):
            self._quiet_since.pop(kind, None)
            if not 0 <= now - self._noted.get(kind, 0) < _EVERY:
                await self._alerts.note(kind)
                self._noted[kind] = now
            self._counted[kind] = met
        elif now - self._quiet_since.setdefault(kind, now) >= _QUIET[kind]:
            await self._alerts.clear(kind)
            self._quiet_since[kind] = now

    def _count(self, kind: Kind) -> int:
        if kind == "clock":
            return self._ground.steady.jumps if self._ground.steady else 0
        return self._ground.failures.counts[kind]
