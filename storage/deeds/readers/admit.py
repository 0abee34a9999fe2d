"""Admitting: a lead who was withheld because of the words may read, once a recipient has checked whom they mean.

A lead whom the reporter left out is never admitted. See decision 14.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from flows.conversation.explanation import admitting, takes_two
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.entries import Said
from storage.cases.loaded import Loaded
from storage.cases.rows.clear_row import dated
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed, without_proposals_for
from storage.deeds.readers.recipients import Opening, let_in, tell_new_reader
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Lead, Roster
from storage.values.errors import NotOffered, Stale


def admissible(loaded: Loaded, roster: Roster) -> tuple[Lead, ...]:
    """Return the leads who may be admitted: whom the words name, and nobody left or kept out; readers of the site.

    Where it takes two recipients and there is only one, the result is empty.
    """
    having = loaded.access.leads(loaded.clear.epoch)
    if is_for_two(loaded) and sum(reads(roster.leads.get(LeadId(lead))) for lead in having) < 2:
        return ()
    shut = {*roster.same_people((*loaded.glance.excluded, *loaded.glance.kept_out)), *having}
    found = (roster.leads.get(lead) for lead in loaded.glance.withheld if lead not in shut)
    return tuple(lead for lead in found if lead is not None and reads(lead) and lead.site == loaded.clear.site)


@dataclass(frozen=True, slots=True)
class Admit(Deed):
    """Wrap the keys of a case for one more lead, who is told, as is the reporter. The clocks run on. About 0.2 ms.

    Where it takes two (`flows/conversation/explanation.py`), the first to say so is noted, and the other recipients are
    told that there is something new; nothing is wrapped. `reason` says, for the recipients, why the words do not mean
    that lead. Who does this gives what her own wraps hold, and no more.
    """

    rule: ClassVar[str] = "admit"
    needs_return_id: ClassVar[bool] = True
    to: LeadId
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Let that lead read, or note the first word.

        Raises:
            NotOffered: Not one of the `admissible`, which is the same answer for whoever it is; or there is no reason.
            Stale: The reporter has said something that this lead has not opened yet, and it may tell whom it is about.
        """
        loaded, what = context.loaded, admitting(self.to)
        lead = next((one for one in admissible(loaded, context.roster) if one.id == self.to), None)
        if lead is None or not self.reason.strip():
            raise NotOffered
        if loaded.unread:
            raise Stale
        if is_for_two(loaded) and not is_second(context, what):
            glance, told = proposed(context, what)
            said = (deed_of(loaded.clear, "vouch", {"to": self.to, "reason": self.reason}, context.now),)
            return Acted(loaded.clear, glance, "vouch", said, told)
        return _let_in(context, lead, self.reason)


def is_for_two(loaded: Loaded) -> bool:
    """Tell whether it takes two recipients to let anybody in: it may be about an adult who works here."""
    glance = loaded.glance
    return takes_two(glance.chosen, glance.categories, unsure=glance.unsure)


def _let_in(context: DeedContext, lead: Lead, reason: str) -> Acted:
    loaded, now = context.loaded, context.now
    opening = let_in(Opening(loaded.clear, loaded.access, loaded.epochs), context.roster, lead.id)
    clear = dated(opening.clear, now)
    left = tuple(one for one in loaded.glance.withheld if one != lead.id)
    glance = replace(without_proposals_for(loaded.glance, admitting(lead.id)), withheld=left)
    detail = {"to": lead.id, "reason": reason, entry_content.ACCESS: clear.access.hex()}
    said = (deed_of(clear, "admit", detail, now), Said("talk", entry_content.reader(lead.id, now)))
    rows = (*opening.rows, *tell_new_reader(clear, lead.id, context.return_id, context.second))
    return Acted(clear, glance, "admit", said, rows)
