"""The board, "you said, we did": what may stand behind an entry, and where one that was drafted stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flows.cases.approvals import WITHIN, Proposal, is_second, stands
from flows.together.goals import Written
from flows.values.ids import LeadId

#: Closed cases behind an entry, at least, and how long nothing may have happened in any of them.
LEAST_CASES: Final = 5
LEAST_AGE: Final = timedelta(days=30)
#: Characters of what was said, and of what was done.
LONGEST: Final = 300
#: Entries that stand at once at a site.
MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Behind:
    """What has to be known of a case before it counts: whether it is closed, and when something last happened in it.

    `kept_from` tells whether anybody was left out or kept out of it, or withheld; `adult` whether it is, or may be,
    about an adult who works there.
    """

    closed: bool
    touched_at: datetime
    kept_from: bool
    adult: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that one lead drafted: what was said and done, and whether it waits for a colleague still."""

    id: str
    said: str = field(repr=False)
    done: str = field(repr=False)
    proposal: Proposal
    signature: bytes = field(repr=False)
    waits: bool = True


def counts(case: Behind, now: datetime) -> bool:
    """Whether a case may stand behind a public sentence: then nobody learns of it by that.

    An adult whom it is about, or anybody who was kept out of it, would read of a case that is kept from them.
    """
    return case.closed and not case.kept_from and not case.adult and case.touched_at <= now - LEAST_AGE


def draft_of(thread: str, written: Sequence[Written]) -> Draft:
    """Give what was drafted.

    Args:
        thread: Its id.
        written: All of it by number; the first is the draft, any other ends it.

    Raises:
        KeyError: It is not what was written of an entry (a bug).
    """
    first = written[0]
    said: Mapping[str, str] = first.said
    proposal = Proposal(first.author, first.at, thread)
    return Draft(thread, said["said"], said["did"], proposal, bytes.fromhex(said["signature"]), len(written) == 1)


def is_waiting(draft: Draft, now: datetime) -> bool:
    """Whether a draft waits for a second lead still: for a week at most."""
    return draft.waits and stands(draft.proposal, draft.id, now)


def may_publish(draft: Draft, by: LeadId, among: Collection[LeadId], now: datetime) -> bool:
    """Whether a lead is the second who says yes to an entry that waits, within a week."""
    return draft.waits and is_second(draft.proposal, by, draft.id, now, among=among, within=WITHIN)
