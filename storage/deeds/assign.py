"""Assigning: a recipient becomes the owner, and is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.ids import LeadId
from storage.deeds.acted import Acted, did
from storage.deeds.hand_over import lapsed
from storage.deeds.notify import tell_one
from storage.desk.loading import Loaded
from storage.refusals import NotOffered


def assign(loaded: Loaded, to: LeadId, now: datetime) -> Acted:
    """Make another recipient the owner; the clocks run on until that lead acknowledges.

    Raises:
        NotOffered: `to` cannot open the case: unknown, excluded, or of another site, which is the same answer.
    """
    if to not in loaded.access.leads(loaded.clear.epoch):
        raise NotOffered
    clear = replace(loaded.clear, owner=to, offered=None)
    told = tell_one(clear, to, "new", int(now.timestamp()))
    return Acted(clear, loaded.glance, "assign", (did(clear, "assign", {"to": to}, now),), (lapsed(clear), told))
