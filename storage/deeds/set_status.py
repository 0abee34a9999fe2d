"""Moving a case through its statuses; which moves there are is for `flows.triage` to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.cases.clear import stop_clock
from storage.deeds.acknowledge import read_by_a_human
from storage.deeds.acted import Acted, did
from storage.deeds.hand_over import lapsed
from storage.deeds.notify import stop_ladder
from storage.deeds.second import without_proposals
from storage.desk.loading import Loaded
from storage.refusals import NotOffered, Stale
from storage.values import Status

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
    said, stopped = (did(clear, "status", detail, now),), stop_ladder(clear)
    if clear.is_open:
        return Acted(clear, loaded.glance, "status", said, stopped)
    clear = replace(clear, offered=None)
    return Acted(clear, without_proposals(loaded.glance), "status", said, (lapsed(clear), *stopped))
