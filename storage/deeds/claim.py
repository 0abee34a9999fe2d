"""Claiming: a lead takes a case on, and so acknowledges it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.ids import LeadId
from storage.deeds.acknowledge import read_by_a_human
from storage.deeds.acted import Acted, did
from storage.deeds.hand_over import lapsed
from storage.deeds.notify import stop_ladder
from storage.desk.loading import Loaded


def claim(loaded: Loaded, lead: LeadId, now: datetime) -> Acted:
    """Make a lead the owner; the earlier one, if any, stands in the chronology."""
    clear = replace(read_by_a_human(loaded.clear), owner=lead, offered=None)
    return Acted(clear, loaded.glance, "claim", (did(clear, "claim", {}, now),), (lapsed(clear), *stop_ladder(clear)))
