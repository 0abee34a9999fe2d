"""Who looks through who read what: each read has one reviewer, never the reader, of cases that she can open too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flows.duty.escalation import week_end
from flows.values.ids import LeadId, Role

#: How long a reviewer has.
WEEK: Final = timedelta(days=7)
#: Who is told where nobody has looked: in this order.
_LEVELS: Final[Sequence[Role]] = ("head", "chair", "independent", "lead", "deputy")


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody read or copied a case, and who can open it by now, with the site that it is at."""

    reader: LeadId
    case: str
    recipients: frozenset[LeadId]
    site: str


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who reads here, as far as it matters to who reviews."""

    id: LeadId
    role: Role
    site: str


def in_turn(readers: Iterable[Reviewer], site: str, end: datetime) -> tuple[LeadId, ...]:
    """Give who reviews at a site in the week that ended then: another one is first each week.

    Those of other sites come last, for a case that nobody else here can open.

    Args:
        readers: All who read and are in.
        site: Of the cases.
        end: The end of the week, as `week_end` gives it.
    """
    every = sorted(readers, key=lambda one: one.id)
    here, others = [one.id for one in every if one.site == site], [one.id for one in every if one.site != site]
    first = end.date().toordinal() // WEEK.days % len(here) if here else 0
    return (*here[first:], *here[:first], *others)


def by_level(readers: Iterable[Reviewer], site: str) -> tuple[LeadId, ...]:
    """Give who is told where the one whose turn it was has not looked: the head first, then the next levels."""
    return tuple(one.id for one in sorted(readers, key=lambda one: (one.site != site, _LEVELS.index(one.role), one.id)))


def reviewer_of(read: Seen, order: Sequence[LeadId], but: Collection[LeadId] = ()) -> LeadId | None:
    """Give who looks at a read: the first who can open the case, did not read, and is not left out; or nobody."""
    fit = (lead for lead in order if lead in read.recipients and lead != read.reader and lead not in but)
    return next(fit, None)


def assigned(reads: Iterable[Seen], orders: Mapping[str, Sequence[LeadId]]) -> dict[Seen, LeadId]:
    """Give the reviewer of each read that has one; `orders` are those of the sites."""
    found = ((read, reviewer_of(read, orders[read.site])) for read in reads)
    return {read: lead for read, lead in found if lead is not None}


def weeks(now: datetime) -> tuple[datetime, datetime, datetime]:
    """Give when the week before the last one began, when the last one did, and when it ended (aware, UTC)."""
    end = week_end(now)
    return end - 2 * WEEK, end - WEEK, end
