"""Closing a case, with its outcome; the return address goes, and the receipt still opens it."""

from __future__ import annotations

from dataclasses import replace

from flows.ids import LeadId
from flows.outcomes import closing, needs_second
from storage.cases.clear import stop_clock
from storage.deeds.acted import Acted, did
from storage.deeds.hand_over import lapsed
from storage.deeds.notify import stop_ladder
from storage.deeds.second import is_second, proposed, without_proposals
from storage.desk.loading import Loaded
from storage.ground import Ground
from storage.people.roster import Roster
from storage.refusals import NotOffered, Stale
from storage.talking.return_address import removed_return_address


def close_case(
    ground: Ground, loaded: Loaded, roster: Roster, by: LeadId, outcome: str, reason: str, return_id: str | None
) -> Acted:
    """Close a case. An outcome that takes two is noted as proposed until another recipient closes it the same way.

    Args:
        ground: For the clock, and for the ledger of what is destroyed.
        loaded: The case.
        roster: As it was read and verified.
        by: Who does it.
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
    now, detail = ground.now(), {"outcome": outcome, "reason": reason}
    if needs_second(outcome) and not is_second(loaded, roster, closing(outcome), by, now):
        glance, told = proposed(loaded, closing(outcome), by, now)
        return Acted(loaded.clear, glance, "propose", (did(loaded.clear, "propose", detail, now),), told)
    clear = replace(stop_clock(loaded.clear), status="closed", offered=None)
    said = (did(clear, "close", detail, now),)
    removed = removed_return_address(ground, clear.id, return_id)
    rows = (lapsed(clear), *stop_ladder(clear), removed)
    return Acted(clear, without_proposals(loaded.glance), "close", said, rows)
