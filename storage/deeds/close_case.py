"""Closing a case, with its outcome; the return address goes, and the receipt still opens it."""

from __future__ import annotations

from dataclasses import replace

from storage.cases.clear import stop_clock
from storage.deeds.acted import Acted, did
from storage.deeds.hand_over import lapsed
from storage.deeds.notify import stop_ladder
from storage.desk.loading import Loaded
from storage.ground import Ground
from storage.refusals import NotOffered, Stale
from storage.talking.return_address import removed_return_address


def close_case(ground: Ground, loaded: Loaded, outcome: str, reason: str, return_id: str | None) -> Acted:
    """Close a case.

    Args:
        ground: For the clock, and for the ledger of what is destroyed.
        loaded: The case.
        outcome: A code.
        reason: In words.
        return_id: The return address that is kept, if any.

    Raises:
        Unavailable: The ledger cannot be written.
        NotOffered: It is closed, or no reason is given.
        Stale: The reporter has said something that this lead has not opened yet: nothing unread is ever closed.
    """
    if not loaded.clear.is_open or not outcome or not reason.strip():
        raise NotOffered
    if loaded.read_to < loaded.clear.last_word:
        raise Stale
    clear = replace(stop_clock(loaded.clear), status="closed", offered=None)
    said = (did(clear, "close", {"outcome": outcome, "reason": reason}, ground.now()),)
    removed = removed_return_address(ground, clear.id, return_id)
    return Acted(clear, loaded.glance, "close", said, (lapsed(clear), *stop_ladder(clear), removed))
