"""Acknowledging, claiming, assigning and handing over: who has a case, and whose first clock stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.values.ids import LeadId
from storage.cases.case_row import ClearRow, acknowledged
from storage.core.core import StoreCore
from storage.database.schema.cases import handovers
from storage.database.turn import Delete, Insert
from storage.deeds.deed import Acted, deed_of
from storage.deeds.loading import Loaded
from storage.notices.enqueue import stop_ladder, tell_one
from storage.values.errors import NotOffered


def acknowledge(loaded: Loaded, now: datetime) -> Acted:
    """Acknowledge a case; also one that was acknowledged before, which changes nothing but the chronology."""
    clear = read_by_a_human(loaded.clear)
    return Acted(clear, loaded.glance, "acknowledge", (deed_of(clear, "acknowledge", {}, now),), stop_ladder(clear))


def read_by_a_human(clear: ClearRow) -> ClearRow:
    """Return a case whose first clock has stopped; a new one becomes acknowledged."""
    status = "acknowledged" if clear.status == "new" else clear.status
    return replace(acknowledged(clear), status=status)


def offer(core: StoreCore, loaded: Loaded, giver: LeadId, to: LeadId) -> Acted:
    """Offer a case to a colleague; an earlier offer of it has to be answered or taken back first.

    Raises:
        NotOffered: It is not the giver's, it is closed, or `to` cannot open it.
    """
    clear = loaded.clear
    if clear.owner != giver or not clear.is_open or to == giver or to not in loaded.access.leads(clear.epoch):
        raise NotOffered
    now = core.now()
    mac = core.server_key.mac("handover/1", clear.id, giver, to)
    clear = replace(clear, offered=to)
    row = Insert(handovers, {"case_id": clear.id, "giver": giver, "taker": to, "mac": mac})
    said = (deed_of(clear, "offer", {"to": to}, now),)
    return Acted(clear, loaded.glance, "offer", said, (row, tell_one(clear, to, "handover", int(now.timestamp()))))


def accept(loaded: Loaded, taker: LeadId, giver: LeadId, now: datetime) -> Acted:
    """Take over a case that was offered: from now on it is the taker's, by name.

    Raises:
        NotOffered: Somebody else has it by now, it is closed, or it is not offered to this lead any more.
    """
    if loaded.clear.owner != giver or loaded.clear.offered != taker or not loaded.clear.is_open:
        raise NotOffered
    clear = replace(read_by_a_human(loaded.clear), owner=taker, offered=None)
    said = (deed_of(clear, "accept", {"from": giver}, now),)
    return Acted(clear, loaded.glance, "accept", said, (_answered(clear, giver, taker), *stop_ladder(clear)))


def decline(loaded: Loaded, taker: LeadId, giver: LeadId, now: datetime) -> Acted:
    """Leave a case with the lead who offered it, who is told.

    Raises:
        NotOffered: It is not offered to this lead any more.
    """
    if loaded.clear.offered != taker:
        raise NotOffered
    clear = replace(loaded.clear, offered=None)
    told = tell_one(clear, giver, "declined", int(now.timestamp()))
    said = (deed_of(clear, "decline", {"from": giver}, now),)
    return Acted(clear, loaded.glance, "decline", said, (_answered(clear, giver, taker), told))


def take_back(loaded: Loaded, giver: LeadId, now: datetime) -> Acted:
    """Take back an offer that was not answered."""
    clear = replace(loaded.clear, offered=None)
    return Acted(clear, loaded.glance, "take_back", (deed_of(clear, "take_back", {}, now),), (_answered(clear, giver),))


def lapsed(clear: ClearRow) -> Delete:
    """Return the row that ends an unanswered offer, if there is one: the owner has changed, or the case is closed."""
    return Delete(handovers, {"case_id": clear.id})


def _answered(clear: ClearRow, giver: LeadId, taker: LeadId | None = None) -> Delete:
    return Delete(handovers, {"case_id": clear.id}, {"giver": giver, **({"taker": taker} if taker else {})})


def claim(loaded: Loaded, lead: LeadId, now: datetime) -> Acted:
    """Make a lead the owner; the earlier one, if any, stands in the chronology."""
    clear = replace(read_by_a_human(loaded.clear), owner=lead, offered=None)
    return Acted(
        clear, loaded.glance, "claim", (deed_of(clear, "claim", {}, now),), (lapsed(clear), *stop_ladder(clear))
    )


def assign(loaded: Loaded, to: LeadId, now: datetime) -> Acted:
    """Make another recipient the owner; the clocks run on until that lead acknowledges.

    Raises:
        NotOffered: `to` cannot open the case: unknown, excluded, or of another site, which is the same answer.
    """
    if to not in loaded.access.leads(loaded.clear.epoch):
        raise NotOffered
    clear = replace(loaded.clear, owner=to, offered=None)
    told = tell_one(clear, to, "new", int(now.timestamp()))
    return Acted(clear, loaded.glance, "assign", (deed_of(clear, "assign", {"to": to}, now),), (lapsed(clear), told))
