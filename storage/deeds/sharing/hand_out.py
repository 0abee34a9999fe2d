"""A referral to somebody without an account: that its text was handed out, and who took it, when, with which reference.

The text itself is not kept: the entry tells by numbers which parts it had, and bears its digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.together.partners import AMONG_FAMILIES
from storage.cases.entries import Opened
from storage.cases.entry_content import details_of
from storage.cases.loaded import Loaded
from storage.cases.rows.share_row import digest_of
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.deeds.readers.all_written import written_in
from storage.deeds.sharing.share import can_be_told, tell_child
from storage.leads.roster.roster import Roster
from storage.values.errors import NotOffered, Stale
from storage.values.shares import LONGEST_WORDS, Basis, ChildTold, Outside

#: What the entries are called.
HANDED: Final = "hand_out"
TAKEN_BY: Final = "taken_by"
#: Characters of who takes it, and of a reference.
LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class HandOut(Deed):
    """Note that a referral is handed out as a text, before it is shown.

    Attributes:
        to: Who is to take it.
        text: All of it, as it is shown then.
        purpose: Why, and `question` what is asked, in the lead's words.
        numbers, upto, basis, told, why: As for `Share`.
    """

    rule: ClassVar[str] = "refer"
    needs_return_id: ClassVar[bool] = True
    reads_words: ClassVar[bool] = True
    to: Outside
    text: str = field(repr=False)
    purpose: str = field(repr=False)
    question: str = field(repr=False)
    numbers: tuple[int, ...]
    upto: int
    basis: Basis
    told: ChildTold
    why: str = field(default="", repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Note it.

        Raises:
            NotOffered: Something is left out or too long; it is for somebody who lives among families, whom anything in
                the case names, or who was left or kept out of it; or no child can be told by it.
            Stale: The reporter has said something that this lead has not opened yet, and it may tell whom it is about.
        """
        loaded = context.loaded
        if not self._is_whole() or self.to.agency in AMONG_FAMILIES:
            raise NotOffered
        if is_barred(loaded, context.roster, context.opened, self.to.name):
            raise NotOffered
        if self.told == "now" and not can_be_told(loaded):
            raise NotOffered
        if loaded.unread:
            raise Stale
        said = deed_of(loaded.clear, HANDED, self._detail(), context.now)
        clear, also, told = tell_child(context, self.told)
        return Acted(clear, loaded.glance, HANDED, (said, *also), told)

    def _is_whole(self) -> bool:
        typed = (self.purpose, self.question, *((self.why,) if self.told == "unsafe" else ()))
        fits = all(text.strip() and len(text) <= LONGEST_WORDS for text in typed)
        return fits and bool(self.numbers) and 0 < len(self.to.name.strip()) <= LONGEST

    def _detail(self) -> dict[str, str]:
        detail = {
            "who": self.to.name,
            "agency": self.to.agency,
            "digest": digest_of(self.text),
            "purpose": self.purpose,
            "question": self.question,
            "parts": " ".join(map(str, self.numbers)),
            "upto": str(self.upto),
            "basis": self.basis,
            "told": self.told,
        }
        return {**detail, "why": self.why} if self.told == "unsafe" else detail


def is_barred(loaded: Loaded, roster: Roster, opened: Sequence[Opened], typed: str) -> bool:
    """Whether somebody, as a lead typed it, gets nothing of a case on paper: who is named in it, or left out of it.

    Args:
        loaded: The case.
        roster: As it was read and verified.
        opened: All of its entries; what was noted of who took an earlier referral names nobody.
        typed: The name, and what follows a comma.
    """
    seen, name = loaded.glance, typed.partition(",")[0].strip()
    said = [text for one in opened if one.content.get("what") not in {HANDED, TAKEN_BY} for text in written_in(one)]
    if any(is_named(TypedWords(text), name) for text in (*said, seen.label) if text):
        return True
    out = roster.same_people({*seen.excluded, *seen.withheld, *seen.kept_out})
    return any(is_named(TypedWords(typed), lead.name) for lead in roster.leads.values() if lead.id in out)


@dataclass(frozen=True, slots=True)
class NoteTaken(Deed):
    """Note who took a referral that was handed out, on which day, and under which reference of theirs."""

    rule: ClassVar[str] = "refer"
    reads_words: ClassVar[bool] = True
    number: int
    taker: str = field(repr=False)
    on: date
    reference: str = field(default="", repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Note it.

        Raises:
            NotOffered: That entry hands nothing out, who took it is noted already, nobody is named, or it is too long.
        """
        handed = {one.number for one in context.opened if one.content.get("what") == HANDED}
        noted = {detail["of"] for detail in details_of(context.opened, TAKEN_BY)}
        fits = 0 < len(self.taker.strip()) <= LONGEST and len(self.reference) <= LONGEST
        if self.number not in handed or str(self.number) in noted or not fits:
            raise NotOffered
        detail = {"of": str(self.number), "taker": self.taker, "on": self.on.isoformat(), "reference": self.reference}
        clear = context.loaded.clear
        return Acted(clear, context.loaded.glance, TAKEN_BY, (deed_of(clear, TAKEN_BY, detail, context.now),))
