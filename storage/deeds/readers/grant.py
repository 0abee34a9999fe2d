"""Granting: a colleague who came later reads a past case, given by somebody who can open it. See decision 26.

Never given is a case from which that colleague is kept out, one in which the words name him or her, and one of another
site. Nobody is told that there is such a case: what is not for a colleague is the same answer for whichever reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from flows.conversation.explanation import granting
from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.entries import Opened, Said
from storage.cases.loaded import Loaded
from storage.cases.rows.clear_row import dated
from storage.core.integrity import Recipient
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed, without_proposals_for
from storage.deeds.loading import FIRST_RUNG
from storage.deeds.readers.admit import is_for_two
from storage.deeds.readers.all_written import all_written
from storage.deeds.readers.recipients import Opening, let_in, tell_new_reader
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Lead, Roster
from storage.notices.enqueue import tell_one
from storage.values.errors import NotOffered, Stale


def is_grantable(loaded: Loaded, roster: Roster, to: Lead | None, opened: Sequence[Opened]) -> bool:
    """Tell whether a case may be given to a lead who does not read it.

    Args:
        loaded: The case.
        roster: Who is on it, and was under other keys.
        to: Who would read it; None for nobody.
        opened: All of its entries. Whatever anybody wrote is looked through for the lead's name: it errs on the side
            of a match.
    """
    if to is None or not reads(to) or to.site != loaded.clear.site:
        return False
    seen = loaded.glance
    shut = {*seen.excluded, *seen.withheld, *seen.kept_out}
    kept_out = {*roster.same_people(shut), *loaded.access.leads(loaded.clear.epoch)}
    written = all_written(loaded, opened)
    return to.id not in kept_out and not any(is_named(TypedWords(text), to.name) for text in written)


@dataclass(frozen=True, slots=True)
class Grant(Deed):
    """Give a past case to a colleague of its site, who is told, as are the other recipients and the reporter.

    The clocks run on. Where it takes two (`flows/conversation/explanation.py`), the first to say so is noted, and the
    other recipients are told that there is something new; nothing is wrapped.
    """

    rule: ClassVar[str] = "grant"
    reads_words: ClassVar[bool] = True
    needs_return_id: ClassVar[bool] = True
    to: LeadId
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Let that colleague read, or note the first word.

        Raises:
            NotOffered: The case is not for that colleague, whoever it is and for whichever reason; or none is given.
            Stale: The reporter has said something that this lead has not opened yet, and it may tell whom it is about.
        """
        loaded, lead, what = context.loaded, context.roster.leads.get(self.to), granting(self.to)
        if lead is None or not is_grantable(loaded, context.roster, lead, context.opened) or not self.reason.strip():
            raise NotOffered
        if loaded.unread:
            raise Stale
        if is_for_two(loaded) and not is_second(context, what):
            glance, told = proposed(context, what)
            said = (deed_of(loaded.clear, "vouch", {"to": self.to, "reason": self.reason}, context.now),)
            return Acted(loaded.clear, glance, "vouch", said, told)
        granted = give(context, lead, self.reason)
        others = sorted(loaded.access.leads(loaded.clear.epoch) - {context.by})
        told = tuple(tell_one(granted.clear, one, "message", context.second) for one in others)
        hers = tell_new_reader(granted.clear, lead.id, context.return_id, context.second)
        return replace(granted, glance=without_proposals_for(loaded.glance, what), rows=(*granted.rows, *told, *hers))


def give(context: DeedContext, lead: Lead, reason: str) -> Acted:
    """Wrap the keys of a case for one more lead, and say so in it; nobody is told. About 0.5 ms, no input or output.

    Of a closed case nothing waits for that lead to be read.
    """
    loaded, now = context.loaded, context.now
    opening = let_in(Opening(loaded.clear, loaded.access, loaded.epochs), context.roster, lead.id)
    read_to = 0 if loaded.clear.is_open else loaded.clear.last_word
    clear = dated(opening.clear.with_recipient(Recipient(lead.id, FIRST_RUNG, read_to)), now)
    detail = {"to": lead.id, "reason": reason, entry_content.ACCESS: clear.access.hex()}
    said = (deed_of(clear, "grant", detail, now), Said("talk", entry_content.reader(lead.id, now)))
    return Acted(clear, loaded.glance, "grant", said, opening.rows)
