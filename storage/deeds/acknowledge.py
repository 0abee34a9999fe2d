"""Acknowledging: a human has read it. The first clock stops, and nobody else is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.cases.clear import Clear, acknowledged
from storage.deeds.acted import Acted, did
from storage.deeds.notify import stop_ladder
from storage.desk.loading import Loaded


def acknowledge(loaded: Loaded, now: datetime) -> Acted:
    """Acknowledge a case; also one that was acknowledged before, which changes nothing but the chronology."""
    clear = read_by_a_human(loaded.clear)
    return Acted(clear, loaded.glance, "acknowledge", (did(clear, "acknowledge", {}, now),), stop_ladder(clear))


def read_by_a_human(clear: Clear) -> Clear:
    """Give a case whose first clock has stopped; a new one is acknowledged then."""
    status = "acknowledged" if clear.status == "new" else clear.status
    return replace(acknowledged(clear), status=status)
