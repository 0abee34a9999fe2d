"""Deeds that take two people: one proposes, and a different one confirms what still stands as it was proposed.

Every deed of two goes by this one rule; which those are stands in `roles.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flows.values.ids import LeadId

#: How long a second person has, where nothing else is said.
WITHIN: Final = timedelta(days=7)
#: How long a second person has for what is sensitive: both give a fresh code (decision 24).
WITHIN_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who proposed a deed, when (aware, UTC), and the state of what it is about, as it was then."""

    by: LeadId
    at: datetime
    state: str


def stands(proposal: Proposal, state: str, now: datetime, within: timedelta = WITHIN) -> bool:
    """Whether a proposal still counts: what it is about is as it was, and its time is not over.

    A clock that was set back behind the proposal ends it too.
    """
    return proposal.state == state and proposal.at <= now < proposal.at + within


def is_second(
    proposal: Proposal | None,
    by: LeadId,
    state: str,
    now: datetime,
    *,
    among: Collection[LeadId],
    within: timedelta = WITHIN,
) -> bool:
    """Whether `by` completes a deed of two; if not, `by` is the first to want it.

    Args:
        proposal: The first one's word, if there is one.
        by: Who wants it now.
        state: What it is about, as it is now.
        now: The time (aware, UTC).
        among: Who may do it now. Both have to be: the word of somebody who was shut out since counts no more.
        within: How long a second person has.
    """
    if proposal is None or not stands(proposal, state, now, within):
        return False
    return proposal.by != by and {proposal.by, by} <= set(among)
