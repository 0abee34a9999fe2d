"""Acknowledging, claiming, assigning and handing over: who has a case, and whose first clock stops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from flows.values.ids import LeadId
from storage.cases.rows.clear_row import ClearRow, acknowledged
from storage.database.schema.cases import handovers
from storage.database.turn import Delete, Insert
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.notices.enqueue import stop_ladder, tell_one
from storage.values.errors import NotOffered


@dataclass(frozen=True, slots=True)
class Acknowledge(Deed):
    """Acknowledge a case: the first clock stops."""

    rule: ClassVar[str] = "acknowledge"

    def apply(self, context: DeedContext) -> Acted:
        """Acknowledge it, and stop the ladder: nobody further is told.

        Where it was acknowledged before, nothing changes but the chronology.
        """
        clear = read_by_a_human(context.loaded.clear)
        said = (deed_of(clear, "acknowledge", {}, context.now),)
        return Acted(clear, context.loaded.glance, "acknowledge", said, stop_ladder(clear))


def read_by_a_human(clear: ClearRow) -> ClearRow:
    """Give a case whose first clock has stopped; a new one is acknowledged then.

    It is what every deed of a lead starts from that answers for the case. A machine never calls it.
    """
    status = "acknowledged" if clear.status == "new" else clear.status
    return replace(acknowledged(clear), status=status)


@dataclass(frozen=True, slots=True)
class Claim(Deed):
    """Take a case on, and acknowledge it."""

    rule: ClassVar[str] = "claim"

    def apply(self, context: DeedContext) -> Acted:
        """Make the lead the owner, and stop the first clock and the ladder; an offer of the case lapses.

        The earlier owner, if any, stands in the chronology.
        """
        clear = replace(read_by_a_human(context.loaded.clear), owner=context.by, offered=None)
        said = (deed_of(clear, "claim", {}, context.now),)
        return Acted(clear, context.loaded.glance, "claim", said, (lapsed(clear), *stop_ladder(clear)))


@dataclass(frozen=True, slots=True)
class Assign(Deed):
    """Make another recipient the owner, who is told; the clocks run on until that lead acknowledges."""

    rule: ClassVar[str] = "assign"
    to: LeadId

    def apply(self, context: DeedContext) -> Acted:
        """Assign it.

        Raises:
            NotOffered: `to` cannot open the case: unknown, excluded, or of another site, which is the same answer.
        """
        loaded, to = context.loaded, self.to
        if to not in loaded.access.leads(loaded.clear.epoch):
            raise NotOffered
        clear = replace(loaded.clear, owner=to, offered=None)
        said = (deed_of(clear, "assign", {"to": to}, context.now),)
        told = tell_one(clear, to, "new", context.second)
        return Acted(clear, loaded.glance, "assign", said, (lapsed(clear), told))


@dataclass(frozen=True, slots=True)
class OfferCase(Deed):
    """Offer a case to another recipient; an earlier offer of it has to be answered or taken back first."""

    rule: ClassVar[str] = "hand_over"
    to: LeadId

    def apply(self, context: DeedContext) -> Acted:
        """Offer it.

        Raises:
            NotOffered: It is closed, or `to` cannot open it; `Acting.act` refuses who is not its owner.
        """
        clear, giver, to = context.loaded.clear, context.by, self.to
        if not clear.is_open or to == giver or to not in context.loaded.access.leads(clear.epoch):
            raise NotOffered
        mac = context.core.server_key.mac("handover/1", clear.id, giver, to)
        clear = replace(clear, offered=to)
        row = Insert(handovers, {"case_id": clear.id, "giver": giver, "taker": to, "mac": mac})
        said = (deed_of(clear, "offer", {"to": to}, context.now),)
        told = tell_one(clear, to, "handover", context.second)
        return Acted(clear, context.loaded.glance, "offer", said, (row, told))


@dataclass(frozen=True, slots=True)
class AcceptCase(Deed):
    """Take over a case that was offered: from now on it is the taker's, by name."""

    rule: ClassVar[str] = "take_over"
    giver: LeadId

    def apply(self, context: DeedContext) -> Acted:
        """Accept it.

        Raises:
            NotOffered: Somebody else has it by now, it is closed, or it is not offered to this lead any more.
        """
        clear, taker = context.loaded.clear, context.by
        if clear.owner != self.giver or clear.offered != taker or not clear.is_open:
            raise NotOffered
        clear = replace(read_by_a_human(clear), owner=taker, offered=None)
        said = (deed_of(clear, "accept", {"from": self.giver}, context.now),)
        rows = (_answered(clear, self.giver, taker), *stop_ladder(clear))
        return Acted(clear, context.loaded.glance, "accept", said, rows)


@dataclass(frozen=True, slots=True)
class DeclineCase(Deed):
    """Leave a case with whoever offered it, who is told."""

    rule: ClassVar[str] = "take_over"
    giver: LeadId

    def apply(self, context: DeedContext) -> Acted:
        """Decline it.

        Raises:
            NotOffered: It is not offered to this lead any more.
        """
        if context.loaded.clear.offered != context.by:
            raise NotOffered
        clear = replace(context.loaded.clear, offered=None)
        told = tell_one(clear, self.giver, "declined", context.second)
        said = (deed_of(clear, "decline", {"from": self.giver}, context.now),)
        return Acted(clear, context.loaded.glance, "decline", said, (_answered(clear, self.giver, context.by), told))


@dataclass(frozen=True, slots=True)
class TakeBackCase(Deed):
    """Take back the lead's own offer that was not answered."""

    rule: ClassVar[str] = "hand_over"

    def apply(self, context: DeedContext) -> Acted:
        """Take it back.

        The row of the offer has to be there still and be this lead's: the commit raises `Conflict` where it was
        answered meanwhile, or where there was none.
        """
        clear = replace(context.loaded.clear, offered=None)
        said = (deed_of(clear, "take_back", {}, context.now),)
        return Acted(clear, context.loaded.glance, "take_back", said, (_answered(clear, context.by),))


def lapsed(clear: ClearRow) -> Delete:
    """End an offer that nobody answered, if there is one: the case has another owner by now, or is closed."""
    return Delete(handovers, {"case_id": clear.id})


def _answered(clear: ClearRow, giver: LeadId, taker: LeadId | None = None) -> Delete:
    return Delete(handovers, {"case_id": clear.id}, {"giver": giver, **({"taker": taker} if taker else {})})
