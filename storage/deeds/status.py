"""Moving a case through its statuses, closing it with an outcome, and reopening it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.cases.triage import closing, needs_second
from flows.values.ids import LeadId
from storage.cases.case_row import stop_clock
from storage.cases.return_address import removed_return_address
from storage.core.core import StoreCore
from storage.deeds.deed import Acted, deed_of, is_second, proposed, without_proposals
from storage.deeds.loading import Loaded
from storage.deeds.ownership import lapsed, read_by_a_human
from storage.deeds.send_concern import seconds
from storage.leads.roster.roster import Roster
from storage.notices.enqueue import stop_ladder
from storage.values import Clocks, Status
from storage.values.errors import NotOffered, Stale

#: With these a human has acted, not only read.
_ACTED = frozenset({"action", "monitoring", "awaiting_info", "referred", "transferred", "merged"})


def set_status(loaded: Loaded, status: Status, note: str, now: datetime) -> Acted:
    """Set the status; any move is a human's, so the first clock stops, and with an action the second.

    Raises:
        NotOffered: The case is, or would be, closed, reopened or new: those have deeds of their own.
        Stale: It would be over, and the reporter has said something that this lead has not opened yet.
    """
    if status in {"new", "closed", "reopened"} or not loaded.clear.is_open:
        raise NotOffered
    clear = replace(read_by_a_human(loaded.clear), status=status)
    if not clear.is_open and loaded.read_to < loaded.clear.last_word:
        raise Stale
    if status in _ACTED:
        clear = stop_clock(clear)
    detail = {"from": loaded.clear.status, "to": status, "note": note}
    said, stopped = (deed_of(clear, "status", detail, now),), stop_ladder(clear)
    if clear.is_open:
        return Acted(clear, loaded.glance, "status", said, stopped)
    clear = replace(clear, offered=None)
    return Acted(clear, without_proposals(loaded.glance), "status", said, (lapsed(clear), *stopped))


def close_case(
    core: StoreCore, loaded: Loaded, roster: Roster, by: LeadId, outcome: str, reason: str, return_id: str | None
) -> Acted:
    """Close a case. An outcome that takes two is noted as proposed until another recipient closes it the same way.

    Args:
        core: For the clock, and for the ledger of what is destroyed.
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
    now, detail = core.now(), {"outcome": outcome, "reason": reason}
    if needs_second(outcome) and not is_second(loaded, roster, closing(outcome), by, now):
        glance, told = proposed(loaded, closing(outcome), by, now)
        return Acted(loaded.clear, glance, "propose", (deed_of(loaded.clear, "propose", detail, now),), told)
    clear = replace(stop_clock(loaded.clear), status="closed", offered=None)
    said = (deed_of(clear, "close", detail, now),)
    removed = removed_return_address(core, clear.id, return_id)
    rows = (lapsed(clear), *stop_ladder(clear), removed)
    return Acted(clear, without_proposals(loaded.glance), "close", said, rows)


def reopen(loaded: Loaded, reason: str, clocks: Clocks | None, now: datetime) -> Acted:
    """Reopen a case; the lead has read it, so the clock for an action runs.

    Raises:
        NotOffered: It is open.
    """
    if loaded.clear.is_open:
        raise NotOffered
    due = seconds(clocks.act_by if clocks else None)
    clear = replace(loaded.clear, status="reopened", due="act" if clocks and clocks.act_by else None, due_at=due)
    said = (deed_of(clear, "reopen", {"reason": reason}, now),)
    return Acted(clear, without_proposals(loaded.glance), "reopen", said)
