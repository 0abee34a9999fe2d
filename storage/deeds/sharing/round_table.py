"""What a lead says at a round table on a share: an entry of the case, and all of it once more, sealed for the partner.

So whoever reads the case reads the table, and nobody else; the partner reads the table, and nothing else of the case.
Her copy lies in the row of the share and is destroyed with it. See decision 41.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final, cast

from flows.duty.working_days import Reminders
from flows.together.own_actions import MOST_OPEN, OwnAction, own_actions
from flows.together.share_table import SaidAtTable, fits
from flows.values.ids import LeadId
from storage.cases.entries import Opened
from storage.cases.entry_content import SHARE_ANSWER, details_of
from storage.cases.rows.share_row import ShareRow, changed_share_row, new_planned, with_planned, write_table
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.deeds.record.actions import PlanAction
from storage.deeds.sharing.offered import AT_TABLE, SHARED, partners_for
from storage.leads.roster.roster import Lead, Roster
from storage.notices.enqueue import tell_partner
from storage.sealing.keys.share_keys import seal_table
from storage.values.errors import NotOffered, Stale

#: What the partner is told of, without a word of what.
_TOLD: Final = frozenset({"plan", "view", "agree"})
#: Particulars of the entry that are not of what was said.
_OF_ENTRY: Final = frozenset({"share", "to", "led_to"})


def said_at(opened: Sequence[Opened], roster: Roster, share: str) -> tuple[SaidAtTable, ...]:
    """Give all that was said at the round table on a share, as the entries of its case tell, in order."""
    return tuple(_said_at(opened, roster, share))


def _said_at(opened: Sequence[Opened], roster: Roster, share: str) -> Iterator[SaidAtTable]:
    for one in opened:
        detail = cast("dict[str, str]", one.content.get("detail", {}))
        if detail.get("share") != share:
            continue
        if one.content.get("what") == AT_TABLE:
            said = {name: text for name, text in detail.items() if name not in _OF_ENTRY}
            yield SaidAtTable(LeadId(one.author), _name(roster, one.author), said)
        elif one.content.get("what") == SHARE_ANSWER and (told := by_partner(detail, str(one.content.get("text", "")))):
            yield SaidAtTable(LeadId(detail["to"]), _name(roster, detail["to"]), told)


def by_partner(told: Mapping[str, str], text: str) -> dict[str, str]:
    """Give what an answer of a partner says at the table; empty where it is said elsewhere."""
    match told["answer"]:
        case "view":
            return {"kind": "view", "note": text}
        case "agrees" | "differs":
            return {"kind": "sign", "answer": told["answer"], "upto": told.get("upto", "")}
        case "planned":
            return {"kind": "own", "action": text, "due": told["by"]}
        case "done":
            return {"kind": "done", "of": told["of"]}
        case "not_done":
            return {"kind": "undone", "of": told["of"], "note": text}
    return {}


def of_partners(opened: Sequence[Opened], roster: Roster) -> dict[str, tuple[OwnAction, ...]]:
    """Give what partners are to do for what of a case is shared with them, done or not, by the share's id."""
    return {
        detail["share"]: own_actions(said_at(opened, roster, detail["share"]), LeadId(detail["to"]))
        for detail in details_of(opened, SHARED)
    }


def is_whole(opened: Sequence[Opened], share: ShareRow) -> bool:
    """Whether the case holds all that its partner has answered, and the row is none of before what leads said."""
    own = [
        one.content for one in opened if cast("dict[str, str]", one.content.get("detail", {})).get("share") == share.id
    ]
    taken = sum(one.get("what") == SHARE_ANSWER for one in own)
    led_to = [int(cast("dict[str, str]", one["detail"])["led_to"]) for one in own if one.get("what") == AT_TABLE]
    return taken == share.answers and share.version >= max(led_to, default=0)


@dataclass(frozen=True, slots=True)
class SayAtTable(Deed):
    """Say something at the round table on a share. What is agreed for a lead is planned in the case with it.

    What is agreed for the partner stands in the row of the share with its day, so that she is told of it.

    Attributes:
        share: Its row, as it was read.
        said: What, as `flows/together/share_table.py` takes it, without the names of people.
        reminders: When whoever is to do what is agreed is told of it; None for everything else.
    """

    rule: ClassVar[str] = "share"
    reads_words: ClassVar[bool] = True
    share: ShareRow
    said: Mapping[str, str] = field(repr=False)
    reminders: Reminders | None = None

    def apply(self, context: DeedContext) -> Acted:
        """Say it.

        Raises:
            NotOffered: The share is of another case or has ended; its partner may not be shown anything of the case, or
                by two leads alone; or it does not fit the table as it stands, or the action the case.
            Stale: The partner, or the reporter, has said something that is not opened yet.
            Tampered: The ledger of what is destroyed is not the one that was kept.
            Unavailable: The ledger cannot be read.
        """
        loaded, share, opened = context.loaded, self.share, context.opened
        partner = self._partner(context)
        if loaded.unread or not is_whole(opened, share):
            raise Stale
        said = {**self.said, **self._whose(context, partner)}
        before = said_at(opened, context.roster, share.id)
        one = SaidAtTable(context.by, _name(context.roster, context.by), said)
        if not fits(before, one, leads=True):
            raise NotOffered
        planned = self._plan(context, partner)
        sealed = seal_table(partner.public, share.id, share.partner, write_table((*before, one)))
        hers = self._hers(partner, len(before) + 1)
        row = changed_share_row(context.core.server_key, share, round_table=sealed, **hers)
        detail = {"share": share.id, "to": share.partner, "led_to": str(share.version + 1), **said}
        entry = deed_of(loaded.clear, AT_TABLE, detail, context.now)
        told = (tell_partner(partner.id, "share", context.second),) if said["kind"] in _TOLD else ()
        if planned is None:
            return Acted(loaded.clear, loaded.glance, AT_TABLE, (entry,), (row, *told))
        return Acted(planned.clear, planned.glance, AT_TABLE, (*planned.said, entry), (row, *told, *planned.rows))

    def _partner(self, context: DeedContext) -> Lead:
        share, loaded = self.share, context.loaded
        over = share.has_ended or share.until <= context.second
        over = over or share.id in {one.id for one in context.core.ledger.read() if one.kind == "share"}
        offered = partners_for(loaded, context.roster, context.opened, context.now)
        found = next((one for one in offered if one.lead.id == share.partner), None)
        if share.case_id != loaded.clear.id or over or found is None or found.two:
            raise NotOffered
        return found.lead

    def _whose(self, context: DeedContext, partner: Lead) -> dict[str, str]:
        """Give the name of whoever is to do what is agreed."""
        if self.said["kind"] != "agree":
            return {}
        owner = self.said["owner"]
        if owner != partner.id and owner not in context.roster.there(context.loaded.clear.rungs):
            raise NotOffered
        return {"whose": _name(context.roster, owner)}

    def _hers(self, partner: Lead, number: int) -> dict[str, str | int]:
        """Give the columns of a share whose partner is to do one thing more; none where it is somebody else's."""
        said, planned = self.said, self.share.planned
        if said["kind"] != "agree" or said["owner"] != partner.id:
            return {}
        if self.reminders is None or len(planned) >= MOST_OPEN:
            raise NotOffered
        due = date.fromisoformat(said["due"])
        return with_planned((*planned, new_planned(number, partner.id, due, self.reminders)))

    def _plan(self, context: DeedContext, partner: Lead) -> Acted | None:
        said = self.said
        if said["kind"] != "agree" or said["owner"] == partner.id:
            return None
        if self.reminders is None:
            raise NotOffered
        deed = PlanAction(said["action"], LeadId(said["owner"]), date.fromisoformat(said["due"]), self.reminders)
        return deed.apply(context)


def _name(roster: Roster, lead: str) -> str:
    found = roster.leads.get(LeadId(lead))
    return found.card.name if found is not None else "?"
