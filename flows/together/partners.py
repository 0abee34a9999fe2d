"""Partners from outside: by which agreement they are here, when that is over, and which shares take two leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

Agency: TypeAlias = Literal[
    "health", "police", "social_care", "early_help", "community", "faith", "youth_club", "other_school"
]
AGENCIES: Final[tuple[Agency, ...]] = get_args(Agency)
#: Whoever is of one of these meets families in daily life: what is shared with her, two leads say.
AMONG_FAMILIES: Final[frozenset[Agency]] = frozenset({"community", "faith", "youth_club"})
#: How long an agreement lasts at most; then two leads make another one.
LONGEST: Final = timedelta(days=365)
#: How many days a partner may stay away from her desk before her agreement ends by itself.
QUIET: Final = timedelta(days=90)
#: Characters of what an agreement is, and of a job.
LONGEST_AGREEMENT: Final = 500
LONGEST_JOB: Final = 80


@dataclass(frozen=True, slots=True)
class Agreement:
    """By what a partner is here: for which agency, what was agreed, since and until when (aware, UTC)."""

    agency: Agency
    what: str
    since: datetime
    until: datetime

    def has_ended(self, now: datetime) -> bool:
        """Whether its last moment is past."""
        return self.until <= now


def fits(agency: str, what: str, job: str, until: datetime, now: datetime) -> bool:
    """Whether two leads may agree on it: all is said, nothing too long, and it ends within a year from `now`."""
    said = 0 < len(what.strip()) <= LONGEST_AGREEMENT and 0 < len(job.strip()) <= LONGEST_JOB
    return agency in AGENCIES and said and now < until <= now + LONGEST


def is_over(agreement: Agreement | None, seen: date | None, now: datetime) -> bool:
    """Whether a partner is to be suspended: her agreement has ended, or she was not at her desk for 90 days.

    Args:
        agreement: Hers; None for a partner of before there were any, who is judged by her quiet days alone.
        seen: The day of her last unlock (UTC), None where nobody knows.
        now: Aware, UTC.
    """
    if agreement is not None and agreement.has_ended(now):
        return True
    days = [day for day in (seen, agreement.since.date() if agreement else None) if day is not None]
    return bool(days) and now.date() - max(days) >= QUIET


def takes_two(agreement: Agreement | None, *, named: bool) -> bool:
    """Whether two leads have to say what is shared: she is among families, of no known agency, or the words name her.

    Args:
        agreement: Hers.
        named: Whether anything written in the case names her.
    """
    return named or agreement is None or agreement.agency in AMONG_FAMILIES
