"""Admitting: a lead who was withheld because of the words may read, once a recipient has checked whom they mean.

A lead whom the reporter left out is never admitted. See decision 14.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from flows.conversation.explanation import admitting, takes_two
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.access import Access, holder_of, refilled_wrap_row, wrap_row
from storage.cases.case_row import ClearRow, dated
from storage.cases.entries import Said
from storage.core.integrity import Recipient
from storage.database.turn import Row
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed
from storage.deeds.loading import Loaded
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Lead, Roster
from storage.notices.enqueue import tell_one, tell_reporter
from storage.sealing.keys.case_keys import Epoch, WrapKind, wrap_case_keys
from storage.values.errors import NotOffered, Stale

_RUNG = 0  # told with the first from now on: whoever comes late waits for nobody


def admissible(loaded: Loaded, roster: Roster) -> tuple[Lead, ...]:
    """Return the leads who may be admitted: withheld at sending, not left out by the reporter, and readers of the site.

    Where it takes two recipients and there is only one, the result is empty.
    """
    having = loaded.access.leads(loaded.clear.epoch)
    if is_for_two(loaded) and sum(reads(roster.leads.get(LeadId(lead))) for lead in having) < 2:
        return ()
    shut = {*loaded.glance.excluded, *having}
    found = (roster.leads.get(lead) for lead in loaded.glance.withheld if lead not in shut)
    return tuple(lead for lead in found if lead is not None and reads(lead) and lead.site == loaded.clear.site)


@dataclass(frozen=True, slots=True)
class Admit(Deed):
    """Wrap the keys of a case for one more lead, who is told, as is the reporter. The clocks run on. About 0.2 ms.

    Where it takes two (`flows/conversation/explanation.py`), the first to say so is noted, and the other recipients are
    told that there is something new; nothing is wrapped. `reason` says, for the recipients, why the words do not mean
    that lead. Who does this gives what her own wraps hold, and no more.
    """

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
    access, wrapped = with_wraps(loaded, lead)
    clear = dated(replace(loaded.clear.with_recipient(Recipient(lead.id, _RUNG)), access=access.digest()), now)
    left = tuple(one for one in loaded.glance.withheld if one != lead.id)
    waiting = {what: one for what, one in loaded.glance.proposed.items() if what != admitting(lead.id)}
    glance = replace(loaded.glance, withheld=left, proposed=waiting)
    detail = {"to": lead.id, "reason": reason, entry_content.ACCESS: clear.access.hex()}
    said = (deed_of(clear, "admit", detail, now), Said("talk", entry_content.reader(lead.id, now)))
    rows = (*wrapped, *_told(clear, lead.id, context.return_id, context.second))
    return Acted(clear, glance, "admit", said, rows)


def with_wraps(loaded: Loaded, lead: Lead) -> tuple[Access, tuple[Row, ...]]:
    """Wrap the keys of every epoch that was opened for one more lead. About 0.2 ms an epoch, no input or output.

    A wrap of the same key that was emptied since the lead was suspended is filled again.
    """
    access, rows = loaded.access, []
    for number, keys in loaded.epochs.items():
        [one] = wrap_case_keys(Epoch(access.case, number), keys, [(WrapKind.LEAD, lead.public)])
        holder = holder_of(one, lead.id)
        before = {old for old in access.removed if (old.epoch, old.key_id) == (holder.epoch, holder.key_id)}
        left = tuple(old for old in access.holders if old not in before)
        access = replace(access, holders=(*left, holder), removed=access.removed - before)
        rows.append((refilled_wrap_row if before else wrap_row)(access.case, holder, one.blob))
    return access, tuple(rows)


def _told(clear: ClearRow, to: LeadId, return_id: str | None, at: int) -> tuple[Row, ...]:
    """Tell the lead once, whoever acknowledges meanwhile; and again and again, like the others, until somebody does."""
    climbing = (tell_one(clear, to, "new", at),) if clear.due == "acknowledge" else ()
    reporter = (tell_reporter(clear, return_id, at),) if return_id else ()
    return (tell_one(clear, to, "message", at), *climbing, *reporter)
