"""Recording a decision, whole, signed, and never changed: a correction is another one that names the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar, Final, cast

from flows.cases.decisions import PARTS, REVIEW, Decision
from storage.cases.entries import Opened
from storage.cases.rows.clear_row import ClearRow, stop_clock
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.deeds.ownership import read_by_a_human
from storage.deeds.send_concern import seconds
from storage.notices.enqueue import stop_ladder
from storage.values.errors import NotOffered, Stale

#: What the entry of a decision calls it, and where it names the entry that it corrects.
DECIDE: Final = "decide"
CORRECTS: Final = "corrects"


@dataclass(frozen=True, slots=True)
class Decide(Deed):
    """Record a decision: what is known, the child's voice, what it means, what could be done, what is decided and why.

    Whoever decides has read it, so the first clock stops; the clock for the first action runs on, since a decision is
    not yet an action.

    Attributes:
        words: By part of `flows.cases.decisions.PARTS`; parts that are not there were left out.
        review_on: The day on which it is looked at again, as it stands in the entry; None for none.
        review_at: When the case comes up for that (aware); with `review_on` alone.
        corrects: The number of the entry that it corrects; 0 for a new decision.
    """

    rule: ClassVar[str] = DECIDE
    reads_words: ClassVar[bool] = True
    words: Mapping[str, str] = field(repr=False)
    review_on: date | None = None
    review_at: datetime | None = None
    corrects: int = 0

    def apply(self, context: DeedContext) -> Acted:
        """Record it; an open case comes up again at `review_at`, or as its urgency says where there is none.

        Raises:
            NotOffered: A part is missing that a decision needs, a part is unknown, the day is not ahead, or what it
                corrects is no decision, or was corrected already.
            Stale: The reporter has said something that this lead has not opened yet.
        """
        loaded = context.loaded
        whole = Decision(self.words, review=self.review_on).is_whole and self.words.keys() <= PARTS.keys() - {REVIEW}
        if not whole or (self.review_at is not None and self.review_at <= context.now):
            raise NotOffered
        if self.corrects and self.corrects not in _standing(context.opened):
            raise NotOffered
        if loaded.unread:
            raise Stale
        clear = self._dated(read_by_a_human(loaded.clear))
        said = deed_of(clear, DECIDE, self._detail(), context.now)
        glance = replace(loaded.glance, review=self.review_at)
        return Acted(clear, glance, DECIDE, (said,), stop_ladder(clear))

    def _dated(self, clear: ClearRow) -> ClearRow:
        """Give the case with the day of its review; a clock for its first action comes up by then as well."""
        if not clear.is_open:
            return clear
        if clear.due == "act":
            return replace(clear, due_at=min(clear.due_at, seconds(self.review_at)))
        if self.review_at is None:
            return stop_clock(clear)
        return replace(clear, due="review", due_at=seconds(self.review_at))

    def _detail(self) -> dict[str, str]:
        detail = {part: self.words[part] for part in PARTS if self.words.get(part, "").strip()}
        if self.review_on is not None:
            detail[REVIEW] = self.review_on.isoformat()
        if self.corrects:
            detail[CORRECTS] = str(self.corrects)
        return detail


def _standing(opened: Iterable[Opened]) -> frozenset[int]:
    """Number the entries of decisions that none has corrected."""
    decided = {one.number: one for one in opened if one.stream == "desk" and one.content.get("what") == DECIDE}
    details = (cast("Mapping[str, str]", one.content["detail"]) for one in decided.values())
    return frozenset(decided) - {int(detail[CORRECTS]) for detail in details if CORRECTS in detail}
