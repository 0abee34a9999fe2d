"""A handover: a case is offered to another recipient, who accepts or declines; until then its owner stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.ids import LeadId
from storage.cases.clear import Clear
from storage.deeds.acknowledge import read_by_a_human
from storage.deeds.acted import Acted, did
from storage.deeds.notify import stop_ladder, tell_one
from storage.desk.loading import Loaded
from storage.ground import Ground
from storage.refusals import NotOffered
from storage.schema.handovers import handovers
from storage.turns import Delete, Insert


def offer(ground: Ground, loaded: Loaded, giver: LeadId, to: LeadId) -> Acted:
    """Offer a case; an earlier offer of it has to be answered or taken back first.

    Raises:
        NotOffered: It is not the giver's, it is closed, or `to` cannot open it.
    """
    clear = loaded.clear
    if clear.owner != giver or not clear.is_open or to == giver or to not in loaded.access.leads(clear.epoch):
        raise NotOffered
    now = ground.now()
    mac = ground.server_key.mac("handover/1", clear.id, giver, to)
    clear = replace(clear, offered=to)
    row = Insert(handovers, {"case_id": clear.id, "giver": giver, "taker": to, "mac": mac})
    said = (did(clear, "offer", {"to": to}, now),)
    return Acted(clear, loaded.glance, "offer", said, (row, tell_one(clear, to, "handover", int(now.timestamp()))))


def accept(loaded: Loaded, taker: LeadId, giver: LeadId, now: datetime) -> Acted:
    """Take over a case that was offered: from now on it is the taker's, by name.

    Raises:
        NotOffered: Somebody else has it by now, it is closed, or it is not offered to this lead any more.
    """
    if loaded.clear.owner != giver or loaded.clear.offered != taker or not loaded.clear.is_open:
        raise NotOffered
    clear = replace(read_by_a_human(loaded.clear), owner=taker, offered=None)
    said = (did(clear, "accept", {"from": giver}, now),)
    return Acted(clear, loaded.glance, "accept", said, (_answered(clear, giver, taker), *stop_ladder(clear)))


def decline(loaded: Loaded, taker: LeadId, giver: LeadId, now: datetime) -> Acted:
    """Leave a case with whoever offered it, who is told.

    Raises:
        NotOffered: It is not offered to this lead any more.
    """
    if loaded.clear.offered != taker:
        raise NotOffered
    clear = replace(loaded.clear, offered=None)
    told = tell_one(clear, giver, "declined", int(now.timestamp()))
    said = (did(clear, "decline", {"from": giver}, now),)
    return Acted(clear, loaded.glance, "decline", said, (_answered(clear, giver, taker), told))


def take_back(loaded: Loaded, giver: LeadId, now: datetime) -> Acted:
    """Take back an offer that was not answered."""
    clear = replace(loaded.clear, offered=None)
    return Acted(clear, loaded.glance, "take_back", (did(clear, "take_back", {}, now),), (_answered(clear, giver),))


def lapsed(clear: Clear) -> Delete:
    """End an offer that nobody answered, if there is one: the case has another owner by now, or is closed."""
    return Delete(handovers, {"case_id": clear.id})


def _answered(clear: Clear, giver: LeadId, taker: LeadId | None = None) -> Delete:
    return Delete(handovers, {"case_id": clear.id}, {"giver": giver, **({"taker": taker} if taker else {})})
