"""Keeping a recipient out of a case after sending, and adding somebody where fewer than two are left to read it.

What she has read before she has read; nothing that follows opens for her. See decision 27.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from flows.cases import exclusion
from flows.cases.exclusion import Circle
from flows.conversation.explanation import about_adult
from flows.values.ids import LeadId
from flows.values.situation import Reader
from storage.cases import entry_content
from storage.cases.entries import Opened, Said
from storage.cases.loaded import Loaded
from storage.database.turn import Row
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.deeds.readers.all_written import named_in
from storage.deeds.readers.recipients import Opening, begin_epoch, let_in, tell_new_reader
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Lead, Roster
from storage.notices.enqueue import tell_one
from storage.values import KeptOut
from storage.values.errors import NotOffered


def readers_of(roster: Roster, site: str) -> tuple[Reader, ...]:
    """Give those of a site's leads for whom concerns are sealed."""
    return tuple(as_reader(lead) for lead in roster.leads.values() if lead.site == site and reads(lead))


def as_reader(lead: Lead) -> Reader:
    """Give a lead as the readers screen names her."""
    card = lead.card
    return Reader(card.id, card.name, card.role, card.title)


def may_be_too_few(loaded: Loaded, roster: Roster) -> bool:
    """Tell whether somebody may have to be added once one more is kept out: then it matters whom the words name."""
    return len(_having(loaded, roster)) <= exclusion.ENOUGH


def circle(loaded: Loaded, roster: Roster, opened: Sequence[Opened]) -> Circle:
    """Give who has to do with a case, as `flows/cases/exclusion.py` takes it.

    Whom anything names that was written counts as withheld: nobody is called up who may be the subject. It takes time
    in proportion to the words, and none where enough people read.

    Args:
        loaded: The case.
        roster: As it was read and verified.
        opened: All of its entries, where `may_be_too_few`.
    """
    seen, every = loaded.glance, readers_of(roster, loaded.clear.site)
    named = named_in(loaded, opened, every) if may_be_too_few(loaded, roster) else ()
    return Circle(
        roster=every,
        having=_having(loaded, roster),
        left_out=roster.same_people(seen.excluded),
        withheld=roster.same_people((*seen.withheld, *named)),
        kept_out=roster.same_people(seen.kept_out),
        adult=about_adult(seen.chosen),
        unsure=seen.unsure,
    )


def _having(loaded: Loaded, roster: Roster) -> tuple[LeadId, ...]:
    return tuple(lead for lead in loaded.clear.named if reads(roster.leads.get(lead)))


@dataclass(frozen=True, slots=True)
class Exclude(Deed):
    """Keep another recipient out, at any time, with a reason for the others. The clocks run on. About 1 ms.

    A new epoch begins for those who remain, and for whoever is added where fewer than two would. She is told nothing,
    and what waits for her goes. A case that she had has no owner, and is to be acknowledged again.
    """

    rule: ClassVar[str] = "exclude"
    needs_return_id: ClassVar[bool] = True
    to: LeadId
    reason: str = field(repr=False)

    def needs_words(self, loaded: Loaded, roster: Roster) -> bool:
        """Tell whether somebody may have to be added."""
        return may_be_too_few(loaded, roster)

    def apply(self, context: DeedContext) -> Acted:
        """Keep that lead out.

        Raises:
            NotOffered: `to` is no recipient, or does it herself; too few would read; or there is no reason.
        """
        loaded, roster = context.loaded, context.roster
        before = loaded.clear.named.get(self.to)
        left = exclusion.without(circle(loaded, roster, context.opened), {self.to})
        if before is None or self.to == context.by or not left.allowed or not self.reason.strip():
            raise NotOffered
        opening = Opening(loaded.clear, loaded.access, loaded.epochs)
        begun = begin_epoch(opening, roster, left.left, context.second)
        for lead in left.added:
            begun = let_in(begun, roster, lead)
        out = KeptOut(context.by, context.now, before.read_to)
        glance = replace(loaded.glance, kept_out={**loaded.glance.kept_out, self.to: out})
        detail = {"to": self.to, "reason": self.reason, entry_content.ACCESS: begun.clear.access.hex()}
        others = [lead for lead in left.left if lead != context.by]
        told = tuple(tell_one(begun.clear, lead, "message", context.second) for lead in others)
        return Acted(
            begun.clear,
            glance,
            "exclude",
            (
                deed_of(loaded.clear, "exclude", detail, context.now),
                Said("talk", entry_content.kept_from(self.to, before.read_to, context.now)),
                *_announced(context, left.added),
            ),
            (*begun.rows, *told, *_told(context, begun, left.added)),
            begun.epochs[begun.clear.epoch],
        )


@dataclass(frozen=True, slots=True)
class CallUp(Deed):
    """Add the next of the ladder where fewer than two read a case; each is told, as is the reporter."""

    rule: ClassVar[str] = "call_up"
    needs_return_id: ClassVar[bool] = True

    def needs_words(self, loaded: Loaded, roster: Roster) -> bool:
        """Tell whether there is somebody to be added."""
        return may_be_too_few(loaded, roster)

    def apply(self, context: DeedContext) -> Acted:
        """Add them.

        Raises:
            NotOffered: Two read it, or nobody is there who could be added.
        """
        loaded = context.loaded
        added = exclusion.called_up(circle(loaded, context.roster, context.opened))
        if not added:
            raise NotOffered
        opening = Opening(loaded.clear, loaded.access, loaded.epochs)
        for lead in added:
            opening = let_in(opening, context.roster, lead)
        detail = {"to": " ".join(added), entry_content.ACCESS: opening.clear.access.hex()}
        said = (deed_of(loaded.clear, "call_up", detail, context.now), *_announced(context, added))
        rows = (*opening.rows, *_told(context, opening, added))
        return Acted(opening.clear, loaded.glance, "call_up", said, rows)


def _announced(context: DeedContext, added: tuple[LeadId, ...]) -> tuple[Said, ...]:
    return tuple(Said("talk", entry_content.added_reader(lead, context.now)) for lead in added)


def _told(context: DeedContext, opening: Opening, added: tuple[LeadId, ...]) -> tuple[Row, ...]:
    """Tell each who was added, and the reporter once."""
    own = [context.return_id, *(None for _ in added)]
    return tuple(
        row
        for lead, return_id in zip(added, own, strict=False)
        for row in tell_new_reader(opening.clear, lead, return_id, context.second)
    )
