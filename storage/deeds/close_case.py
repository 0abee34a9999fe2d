"""Closing a case, with its outcome; the return address goes, and the receipt still opens it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.cases.clear import stop_clock
from storage.deeds.acted import Acted, did
from storage.deeds.notify import stop_ladder
from storage.desk.loading import Loaded
from storage.refusals import NotOffered, Stale
from storage.talking.return_address import removed_return_address


def close_case(loaded: Loaded, outcome: str, reason: str, now: datetime) -> Acted:
    """Close a case.

    Raises:
        NotOffered: It is closed, or no reason is given.
        Stale: The reporter has said something that this lead has not opened yet: nothing unread is ever closed.
    """
    if not loaded.clear.is_open or not outcome or not reason.strip():
        raise NotOffered
    if loaded.read_to < loaded.clear.last_word:
        raise Stale
    clear = replace(stop_clock(loaded.clear), status="closed")
    said = (did(clear, "close", {"outcome": outcome, "reason": reason}, now),)
    return Acted(clear, loaded.glance, "close", said, (*stop_ladder(clear), removed_return_address(clear.id)))
