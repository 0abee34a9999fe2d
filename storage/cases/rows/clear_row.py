"""The clear row of a case as a value: its columns, who is a recipient, and its clocks.

A recipient's band counts only cases that are sealed for the same lead. With one band for all, the lead whom a concern
is about would see another case of its source sink, and learn that there is one more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flows.duty.deadlines import review_by
from flows.values.ids import LeadId
from storage.cases.planned import Planned, handed_on, read_planned, write_planned
from storage.core.integrity import Recipient, read_recipients, write_recipients
from storage.database.schema.base import NEVER
from storage.values import URGENCIES, CaseId

FIRST = 1  # the band of a source's first concern of the day


def write_bands(bands: Mapping[LeadId, int]) -> str:
    """Give the text that stands in the clear row, such as `LEAD=2 LEAD=4`.

    Ids are in ascending order, so that equal bands are equal texts under the MAC. Whoever is in the first band is left
    out; the text is empty where all are.
    """
    return " ".join(f"{lead}={band}" for lead, band in sorted(bands.items()) if band != FIRST)


def read_bands(text: str) -> dict[LeadId, int]:
    """Read what `write_bands` gave, once its MAC was verified; recipients in the first band are not in it.

    Raises:
        ValueError: It is no such text (a bug).
    """
    parted = (one.partition("=") for one in text.split())
    return {LeadId(lead): int(band) for lead, _, band in parted}


@dataclass(frozen=True, slots=True)
class ClearRow:
    """All columns of `cases` but the MAC, in their order; see `schema.cases`. Times are seconds since 1970."""

    id: CaseId
    reference: str
    site: str
    status: str
    rank: int
    opened_hour: int
    touched_hour: int
    due: str | None
    due_at: int
    act_at: int
    owner: str | None
    epoch: int
    entries: int
    own_entries: int
    last_word: int
    reporter_read: int
    head: bytes
    access: bytes
    header_version: int
    desk_version: int
    version: int
    bands: str = ""
    recipients: str = ""
    offered: str | None = None
    keep_until: int = NEVER
    retention: str = ""
    actions: str = ""
    remind_at: int = NEVER

    @property
    def is_open(self) -> bool:
        """Whether it stands in the open queue."""
        return self.status not in {"closed", "merged", "transferred"}

    @property
    def named(self) -> dict[LeadId, Recipient]:
        """The recipients by id; each call reads them anew."""
        return read_recipients(self.recipients)

    @property
    def rungs(self) -> dict[LeadId, int]:
        """On which rung each recipient stands."""
        return {lead: one.rung for lead, one in self.named.items()}

    @property
    def planned(self) -> tuple[Planned, ...]:
        """The open actions, by the entries that planned them; each call reads them anew."""
        return read_planned(self.actions)

    def with_planned(self, kept: Iterable[Planned]) -> ClearRow:
        """Give the case with other open actions; the caller commits what `change_rows` gives."""
        left = tuple(kept)
        remind_at = min((one.remind_at for one in left), default=NEVER)
        return replace(self, actions=write_planned(left), remind_at=remind_at)

    def without_recipient(self, lead: LeadId) -> ClearRow:
        """Give the case without one of its recipients, who is neither its owner nor offered it any more.

        What that lead was to do is its owner's now, or nobody's in particular.
        The caller empties the wraps and takes the row out of the queue, and commits what `change_rows` gives.
        """
        named, bands = self.named, read_bands(self.bands)
        left = (one for one in named.values() if one.lead != lead)
        others = {one: band for one, band in bands.items() if one != lead}
        owner = None if self.owner == lead else self.owner
        return replace(
            self.with_planned(handed_on(self.planned, lead, owner)),
            recipients=write_recipients(left),
            bands=write_bands(others),
            owner=owner,
            offered=None if lead in {self.owner, self.offered} else self.offered,
        )

    def without_owner(self, now: int) -> ClearRow:
        """Give a case that nobody has; an open one is to be acknowledged at `now` (seconds), if it was not sooner."""
        same = replace(self, owner=None, offered=None)
        if not self.is_open or self.due == "acknowledge":
            return same
        return replace(same, due="acknowledge", due_at=min(self.due_at, now))

    def with_recipient(self, one: Recipient) -> ClearRow:
        """Give the case with one more recipient, or with what changed for one; the others stay as they are.

        The caller adds the wrap and the changed access, and commits what `change_rows` gives.
        """
        return replace(self, recipients=write_recipients({**self.named, one.lead: one}.values()))


def stop_clock(clear: ClearRow) -> ClearRow:
    """End the clock that runs for a case: there is no date any more.

    An open one gets its next date from `dated`, so that none is forgotten.
    """
    return replace(clear, due=None, due_at=NEVER, act_at=NEVER)


def dated(clear: ClearRow, now: datetime, review: datetime | None = None) -> ClearRow:
    """Return an open case without a date with one on which it is looked at again; any other case unchanged.

    Args:
        clear: The case as it is to be.
        now: Aware; how long it is until the date follows from the urgency (`flows/duty/deadlines.py`).
        review: When a decision has it looked at again (aware); where that is ahead, it is no later than that.
    """
    if not clear.is_open or clear.due_at != NEVER:
        return clear
    by = review_by(URGENCIES[clear.rank], now)
    if review is not None and now < review:
        by = min(by, review)
    return replace(clear, due=clear.due or "review", due_at=int(by.timestamp()))


def acknowledged(clear: ClearRow) -> ClearRow:
    """End the first clock, if it runs; the next one is for the first action.

    Only a human's deed may call this: a clock is never stopped by a machine.
    """
    if clear.due != "acknowledge":
        return clear
    runs = clear.act_at != NEVER
    return replace(clear, due="act" if runs else None, due_at=clear.act_at)  # without one, `dated` gives a date
