"""What one process tells of itself: its pulse always, its figures only where the operator's port is open.

The port is on 127.0.0.1 only: `/healthz`, `/readyz`, `/metrics`; it is shut unless HARK_METRICS_PORT is set.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.deployment.value_checks import SettingsError
from bot.monitoring.health import Health, Pulse
from bot.monitoring.rounding import hour_of
from flows.values.ids import Door
from storage.database.instrumentation import Measures
from storage.store import Store
from storage.values.errors import Refusal

if TYPE_CHECKING:
    from bot.monitoring.metrics import Metrics


@dataclass(frozen=True)
class Vitals:
    """Made by `vitals`; handed to the store, the loops and the chat queues."""

    pulse: Pulse = field(default_factory=Pulse)
    metrics: Metrics | None = None

    @property
    def measures(self) -> Measures:
        """What the store is to call."""
        return self.metrics.measures if self.metrics else Measures()

    def turn(self, door: Door) -> AbstractContextManager[None]:
        """Time the block as one turn."""
        return self.metrics.turn(door) if self.metrics else nullcontext()

    def port(
        self, store: Store, doors: Sequence[Door], database: Path | None, now: Callable[[], datetime]
    ) -> OperatorsPort | None:
        """Return the operator's port, not yet listening; None where there are no figures."""
        return OperatorsPort(Health(store, self.pulse, doors), self.metrics, database, now) if self.metrics else None


def vitals(*, measured: bool) -> Vitals:
    """Return a pulse, with figures if `measured`.

    Only then is the metrics library imported, which takes a while.
    """
    if not measured:
        return Vitals()
    from bot.monitoring.metrics import Metrics  # noqa: PLC0415 - only where somebody reads them

    return Vitals(metrics=Metrics())


#: The text format that `generate_latest` writes.
_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class OperatorsPort:
    """Serves health and metrics to this machine only; started and closed by the wiring."""

    def __init__(self, health: Health, metrics: Metrics, database: Path | None, now: Callable[[], datetime]) -> None:
        """`database` is the SQLite file, or None for a database server."""
        self._health = health
        self._metrics = metrics
        self._database = database
        self._now = now
        self._counted: datetime | None = None
        app = web.Application()
        app.add_routes(
            [web.get("/healthz", self._alive), web.get("/readyz", self._ready), web.get("/metrics", self._figures)]
        )
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)

    async def start(self, port: int) -> None:
        """Listen; 0 lets the system choose.

        Raises:
            SettingsError: the port is taken.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", port).start()
        except OSError:
            raise SettingsError("HARK_METRICS_PORT", "a port that no other program listens on, or 0") from None

    async def close(self) -> None:
        """Stop listening; harmless when it did not."""
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Its address without a slash at the end; only once started."""
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _ready(self, _: web.Request) -> web.Response:
        ready, parts = await self._health.ready()
        return web.json_response(parts, status=200 if ready else 503)

    async def _figures(self, _: web.Request) -> web.Response:
        await self._look()
        return web.Response(body=self._metrics.text(), headers={"Content-Type": _TYPE})

    async def _look(self) -> None:
        """Bring up to date what nobody tells of; a database that is gone leaves what it was, and is told as gone."""
        store, metrics = self._health.store, self._metrics
        for door in self._health.doors:
            if (quiet := self._health.pulse.quiet(door)) is not None:
                metrics.fetched(door, quiet)
        if self._database is not None:
            metrics.disk(_size(self._database), shutil.disk_usage(self._database.parent).free)
        metrics.database(answers=await store.counting.answers())
        try:
            metrics.outbox(await store.counting.overdue())
            metrics.alerts(await store.alerts.standing())
            if (hour := hour_of(self._now())) != self._counted:
                metrics.depth(await store.counting.queue())
                self._counted = hour
        except Refusal:
            metrics.database(answers=False)


def _size(database: Path) -> int:
    """The bytes of the file and of its write-ahead log."""
    files = (database, database.with_name(f"{database.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
