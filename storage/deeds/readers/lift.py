"""Lifting: whom a recipient kept out may read again, once two recipients have said so.

Whom the reporter left out is never let in. See decision 27.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from flows.conversation.explanation import lifting
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.entries import Said
from storage.cases.loaded import Loaded
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed, without_proposals_for
from storage.deeds.readers.recipients import Opening, let_in, tell_new_reader
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Lead, Roster
from storage.values.errors import NotOffered, Stale

_TWO = 2


def liftable(loaded: Loaded, roster: Roster) -> tuple[Lead, ...]:
    """Return the leads whose exclusion two recipients may lift; nobody where there are not two.

    Never among them is whom the reporter left out, nor anybody who does not read at the site any more.
    """
    having = loaded.access.leads(loaded.clear.epoch)
    if sum(reads(roster.leads.get(LeadId(lead))) for lead in having) < _TWO:
        return ()
    shut = {*roster.same_people(loaded.glance.excluded), *having}
    found = (roster.leads.get(lead) for lead in loaded.glance.kept_out if lead not in shut)
    return tuple(lead for lead in found if lead is not None and reads(lead) and lead.site == loaded.clear.site)


@dataclass(frozen=True, slots=True)
class Lift(Deed):
    """Let somebody in again, with what the second of the two recipients holds; she is told, as is the reporter.

    The first to say so is noted, and the other recipients are told that there is something new; nothing is wrapped. The
    second has a day. `reason` is for the recipients.
    """

    rule: ClassVar[str] = "lift"
    needs_return_id: ClassVar[bool] = True
    to: LeadId
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Let that lead read, or note the first word.

        Raises:
            NotOffered: Not one of the `liftable`, which is the same answer for whoever it is; or there is no reason.
            Stale: The reporter has said something that this lead has not opened yet, and it may tell whom it is about.
        """
        loaded, what = context.loaded, lifting(self.to)
        if self.to not in {one.id for one in liftable(loaded, context.roster)} or not self.reason.strip():
            raise NotOffered
        if loaded.unread:
            raise Stale
        detail = {"to": self.to, "reason": self.reason}
        if not is_second(context, what):
            glance, told = proposed(context, what)
            said = (deed_of(loaded.clear, "ask_lift", detail, context.now),)
            return Acted(loaded.clear, glance, "ask_lift", said, told)
        opening = let_in(Opening(loaded.clear, loaded.access, loaded.epochs), context.roster, self.to)
        access = {entry_content.ACCESS: opening.clear.access.hex()}
        lifted = (
            deed_of(loaded.clear, "lift", {**detail, **access}, context.now),
            Said("talk", entry_content.reader(self.to, context.now)),
        )
        out = {lead: one for lead, one in loaded.glance.kept_out.items() if lead != self.to}
        told = tell_new_reader(opening.clear, self.to, context.return_id, context.second)
        now = replace(without_proposals_for(loaded.glance, what), kept_out=out)
        return Acted(opening.clear, now, "lift", lifted, (*opening.rows, *told))
