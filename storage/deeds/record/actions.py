"""What somebody is to do in a case by a day: planned, done, or not done and why.

The words stand in the entry and in the header, sealed; owner and day in the clear row, under its MAC, so that the owner
is told without anybody having unlocked (`storage/upkeep/reminders.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Final

from flows.duty.working_days import Reminders
from flows.values.ids import LeadId
from storage.cases.entries import Opened
from storage.cases.entry_content import TRANSFERRED
from storage.cases.planned import MOST, Planned
from storage.cases.rows.clear_row import ClearRow
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.notices.enqueue import tell_one
from storage.values import Glance
from storage.values.errors import NotOffered

#: Characters of what is to be done: a step, no report.
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class PlanAction(Deed):
    """Plan what one of the case's recipients is to do by a day; somebody else than the planner is told at once."""

    rule: ClassVar[str] = "plan"
    text: str = field(repr=False)
    owner: LeadId
    due: date
    reminders: Reminders

    def apply(self, context: DeedContext) -> Acted:
        """Plan it; no clock of the case stops by that.

        Raises:
            NotOffered: The case is closed, there are 20 open ones, the words are none or more than 200 characters, or
                the owner does not read the case.
        """
        clear, text = context.loaded.clear, " ".join(self.text.split())
        fits = clear.is_open and len(clear.planned) < MOST and 0 < len(text) <= LONGEST
        if not fits or self.owner not in context.roster.there(clear.rungs):
            raise NotOffered
        number, times = clear.entries + 1, (self.reminders.remind_at, self.reminders.late_at)
        remind_at, late_at = (int(one.timestamp()) for one in times)
        planned = Planned(number, self.owner, self.due.toordinal(), remind_at, late_at)
        glance = replace(context.loaded.glance, actions={**context.loaded.glance.actions, number: text})
        detail = {"action": text, "to": self.owner, "due": self.due.isoformat()}
        told = () if self.owner == context.by else (tell_one(clear, self.owner, "action", context.second),)
        after = clear.with_planned((*clear.planned, planned))
        return Acted(after, glance, "plan", (deed_of(clear, "plan", detail, context.now),), told)


@dataclass(frozen=True, slots=True)
class EndAction(Deed):
    """Say that an action is done or, with a reason, that it is not and is not to be any more."""

    rule: ClassVar[str] = "plan"
    reads_words: ClassVar[bool] = True
    number: int
    reason: str | None = field(default=None, repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """End it; nobody is told of it any more.

        Raises:
            NotOffered: It is not open, the reason is empty, or it waits for the receipt of a transfer: that alone says
                that it is done.
        """
        loaded = context.loaded
        if self.reason is None and self.number in _transfers(context.opened):
            raise NotOffered
        if self.number not in {one.number for one in loaded.clear.planned}:
            raise NotOffered
        detail = {"of": str(self.number), "action": loaded.glance.actions.get(self.number, "")}
        what = "done" if self.reason is None else "not_done"
        if self.reason is not None:
            if not self.reason.strip():
                raise NotOffered
            detail["reason"] = self.reason
        clear, glance = without_actions(loaded.clear, loaded.glance, self.number)
        return Acted(clear, glance, what, (deed_of(loaded.clear, what, detail, context.now),))


def _transfers(opened: Iterable[Opened]) -> set[int]:
    return {one.number for one in opened if one.content.get("what") == TRANSFERRED}


def without_actions(clear: ClearRow, glance: Glance, *numbers: int) -> tuple[ClearRow, Glance]:
    """Give a case and its header without these open actions, by the numbers of their entries."""
    kept = clear.with_planned(one for one in clear.planned if one.number not in numbers)
    left = {number: text for number, text in glance.actions.items() if number not in numbers}
    return kept, replace(glance, actions=left)


def without_any_action(clear: ClearRow, glance: Glance) -> tuple[ClearRow, Glance]:
    """Give a case that is being closed: whatever is open in it is left, and the entry of the closing says why."""
    return clear.with_planned(()), replace(glance, actions={})
