"""Reopening a closed case: its clocks begin again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.deeds.acted import Acted, did
from storage.deeds.second import without_proposals
from storage.deeds.send_concern import seconds
from storage.desk.loading import Loaded
from storage.refusals import NotOffered
from storage.values import Clocks


def reopen(loaded: Loaded, reason: str, clocks: Clocks | None, now: datetime) -> Acted:
    """Reopen a case; whoever does it has read it, so the clock for an action runs.

    Raises:
        NotOffered: It is open.
    """
    if loaded.clear.is_open:
        raise NotOffered
    due = seconds(clocks.act_by if clocks else None)
    clear = replace(loaded.clear, status="reopened", due="act" if clocks and clocks.act_by else None, due_at=due)
    said = (did(clear, "reopen", {"reason": reason}, now),)
    return Acted(clear, without_proposals(loaded.glance), "reopen", said)
