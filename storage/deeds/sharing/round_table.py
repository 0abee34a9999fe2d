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
from storage.cases.answers_json import as_json
from storage.cases.entries import Opened
from storage.cases.entry_content import SHARE_ANSWER, details_of
from storage.cases.loaded import Loaded
from storage.cases.rows.share_row import (
    ShareRow,
    changed_share_row,
    digest_of,
    new_planned,
    with_planned,
    write_table,
)
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed, without_proposals_for
from storage.deeds.record.actions import PlanAction
from storage.deeds.sharing.offered import ASKED_AT_TABLE, AT_TABLE, BY_TWO, SHARED, partners_for
from storage.leads.roster.roster import Lead, Roster
from storage.notices.enqueue import tell_partner
from storage.sealing.keys.share_keys import seal_table
from storage.values.errors import NotOffered, Stale

#: What the partner is told of, without a word of what.
_TOLD: Final = frozenset({"plan", "view", "agree"})
#: Particulars of the entry that are not of what was said. `first` is the number of the entry in which a colleague said
#: it first, where it took two: that one holds the words.
_OF_ENTRY: Final = frozenset({"share", "to", "led_to", "first", "digest"})


def said_at(opened: Sequence[Opened], roster: Roster, share: str) -> tuple[SaidAtTable, ...]:
    """Give all that was said at the round table on a share, as the entries of its case tell, in order."""
    return tuple(_said_at(opened, roster, share))


def _said_at(opened: Sequence[Opened], roster: Roster, share: str) -> Iterator[SaidAtTable]:
    asked = {str(one.number): one for one in opened if one.content.get("what") == ASKED_AT_TABLE}
    for one in opened:
        detail = cast("dict[str, str]", one.content.get("detail", {}))
        if detail.get("share") != share:
            continue
        if one.content.get("what") == AT_TABLE:
            yield _said_in(asked.get(detail.get("first", ""), one), roster)
        elif one.content.get("what") == SHARE_ANSWER and (told := by_partner(detail, str(one.content.get("text", "")))):
            yield SaidAtTable(LeadId(detail["to"]), _name(roster, detail["to"]), told)


def _said_in(one: Opened, roster: Roster) -> SaidAtTable:
    detail = cast("dict[str, str]", one.content["detail"])
    said = {name: text for name, text in detail.items() if name not in _OF_ENTRY}
    return SaidAtTable(LeadId(one.author), _name(roster, one.author), said)


@dataclass(frozen=True, slots=True)
class ProposedAtTable:
    """What a colleague would say at a table of two and a second has not: the number of its entry, and what it says."""

    number: int
    one: SaidAtTable


def proposed_at(loaded: Loaded, opened: Sequence[Opened], roster: Roster, share: str) -> tuple[ProposedAtTable, ...]:
    """Give what is proposed to be said at the round table on a share and still counts, in order."""
    found: dict[str, ProposedAtTable] = {}
    for one in opened:
        detail = cast("dict[str, str]", one.content.get("detail", {}))
        if one.content.get("what") == ASKED_AT_TABLE and detail["share"] == share:
            found[f"{BY_TWO} {detail['digest']}"] = ProposedAtTable(one.number, _said_in(one, roster))
    return tuple(one for what, one in found.items() if what in loaded.glance.proposed)


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
        two: Whether it is said by two, each with a fresh code, within a day, as sharing with that partner is. To sign
            takes one: it shows nothing that two have not said.
        first: The number of the entry in which a colleague said it first; 0 for the first word.
    """

    rule: ClassVar[str] = "share"
    reads_words: ClassVar[bool] = True
    share: ShareRow
    said: Mapping[str, str] = field(repr=False)
    reminders: Reminders | None = None
    two: bool = False
    first: int = 0

    @property
    def name(self) -> str:
        """The rule of one, or that of two."""
        return BY_TWO if self.two else self.rule

    def apply(self, context: DeedContext) -> Acted:
        """Say it; or note the first word for it, where it is said by two.

        Raises:
            NotOffered: The share is of another case or has ended; its partner may not be shown anything of the case; it
                takes two, and is said by one; the colleague's word that it completes counts no more, or said something
                else; or it does not fit the table as it stands, or the action the case.
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
        one = self._whose_word(context, SaidAtTable(context.by, _name(context.roster, context.by), said))
        if not fits(before, one, leads=True):
            raise NotOffered
        if self.two and not self.first:
            return self._first_word(context, said)
        planned = self._plan(context, partner)
        sealed = seal_table(partner.public, share.id, share.partner, write_table((*before, one)))
        hers = self._hers(partner, len(before) + 1)
        row = changed_share_row(context.core.server_key, share, round_table=sealed, **hers)
        words = {"first": str(self.first)} if self.two else said
        detail = {"share": share.id, "to": share.partner, "led_to": str(share.version + 1), **words}
        entry = deed_of(loaded.clear, AT_TABLE, detail, context.now)
        glance = without_proposals_for((planned or loaded).glance, self._proposal(said))
        told = (tell_partner(partner.id, "share", context.second),) if said["kind"] in _TOLD else ()
        if planned is None:
            return Acted(loaded.clear, glance, AT_TABLE, (entry,), (row, *told))
        return Acted(planned.clear, glance, AT_TABLE, (*planned.said, entry), (row, *told, *planned.rows))

    def _first_word(self, context: DeedContext, said: Mapping[str, str]) -> Acted:
        """Note it, for the second to read; its partner is shown nothing yet."""
        what, clear = self._proposal(said), context.loaded.clear
        glance, told = proposed(context, what)
        detail = {"share": self.share.id, "to": self.share.partner, "digest": what.partition(" ")[2], **said}
        return Acted(clear, glance, ASKED_AT_TABLE, (deed_of(clear, ASKED_AT_TABLE, detail, context.now),), told)

    def _whose_word(self, context: DeedContext, own: SaidAtTable) -> SaidAtTable:
        """Give what is said as a colleague's, where it completes her word: hers is signed by her own hand."""
        if not (self.two and self.first):
            return own
        asked = proposed_at(context.loaded, context.opened, context.roster, self.share.id)
        found = next((each.one for each in asked if each.number == self.first), None)
        if found is None or found.said != own.said or not is_second(context, self._proposal(own.said)):
            raise NotOffered
        return found

    def _proposal(self, said: Mapping[str, str]) -> str:
        """Give what two people have to mean, as it is proposed: the share, and all that is said."""
        return f"{BY_TWO} {digest_of(as_json([self.share.id, dict(said)]))}"

    def _partner(self, context: DeedContext) -> Lead:
        share, loaded = self.share, context.loaded
        over = share.has_ended or share.until <= context.second
        over = over or share.id in {one.id for one in context.core.ledger.read() if one.kind == "share"}
        offered = partners_for(loaded, context.roster, context.opened, context.now)
        found = next((one for one in offered if one.lead.id == share.partner), None)
        alone = self.two or self.said["kind"] == "sign"
        if share.case_id != loaded.clear.id or over or found is None or (found.two and not alone):
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
