"""What one process tells of itself: its pulse always, its figures only where the operator's port is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.monitoring.health import Health, Pulse
from bot.monitoring.port import OperatorsPort
from flows.values.ids import Door
from storage.database.instrumentation import Measures
from storage.store import Store

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
