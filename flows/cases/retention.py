"""Until when a closed case is kept and why, and what stands against destroying it; months in UTC, rounded up.

What is not known makes it longer: a child of unknown age counts as newborn when the case was sent, an adult as 18.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, TypeAlias

from flows.loading.conditions import holds
from flows.loading.retention import RecordKind, RetentionRules
from flows.values.ids import Register

#: How long before a case may be destroyed its recipients are told.
NOTICE: Final = timedelta(days=7)
#: An adult who works somewhere is at least so old.
_ADULT: Final = 18
#: The youngest that a child of a band can be; a band that is not here, and none, tell nothing.
_YOUNGEST: Final[Mapping[str, int]] = {"under_6": 0, "6_11": 6, "12_17": 12}
#: The questions for the age of a child who does not write, and what says that the child who writes is meant.
_AGE_QUESTIONS: Final = ("C6a", "P4a")
_OWN: Final = ("C6", "me")

_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})")
_BORN: Final = re.compile(r"born\s+(\d{4})", re.IGNORECASE)
_LAST_YEAR: Final = 2999

#: What stands against destroying a case: it is open, has unread words or a running clock, is held, has its time still,
#: nobody was told, or was told less than a week ago.
Block: TypeAlias = Literal["open", "unread", "clock", "held", "kept", "untold", "week"]


@dataclass(frozen=True)
class ClosedRecord:
    """What is known of a case when it is closed.

    `adult`: it is, or may be, about an adult who works here. `youngest` is the least age of the child in `sent_year`.
    `child_born` and `adult_born` are years, once somebody gave them.
    """

    categories: frozenset[str]
    outcome: str
    adult: bool
    sent_year: int
    youngest: int = 0
    child_born: int | None = None
    adult_born: int | None = None


@dataclass(frozen=True)
class Kept:
    """The first day on which a case may be destroyed, which is the first of a month; None: nobody knows. And why."""

    until: date | None
    kind: RecordKind


@dataclass(frozen=True)
class Standing:
    """A case as its clear row tells of it; times are aware.

    `until` is when its time is over, None for never. `told` is when its recipients were told that it is to be
    destroyed. `early`: somebody asked for that before its time.
    """

    is_open: bool
    unread: bool
    clock_runs: bool
    held: bool
    until: datetime | None
    told: datetime | None
    early: bool


def youngest(register: Register, chosen: Mapping[str, Collection[str]]) -> int:
    """Return the least age that the child can have had when the case was sent; 0 where nothing is known.

    Args:
        register: Who writes.
        chosen: Ids of the chosen options by question.
    """
    bands = [band for question in _AGE_QUESTIONS for band in chosen.get(question, ())]
    step, me = _OWN
    if list(chosen.get(step, ())) == [me]:
        bands.append(register)
    return min((_YOUNGEST.get(band, 0) for band in bands), default=0)


def keep_until(rules: RetentionRules, record: ClosedRecord, closed: date) -> Kept:
    """Return until when a case is kept that was closed on a day (UTC): the longest of all kinds that hold of it.

    The last in the order of the file gives the reason where several are as long.
    """
    facts = {
        "category": record.categories,
        "outcome": frozenset({record.outcome}),
        "adult": frozenset({"yes" if record.adult else "no"}),
    }
    found = [Kept(_until(kind, record, closed), kind) for kind in rules.kinds if holds(kind.when, {}, facts)]
    return max(reversed(found), key=lambda kept: kept.until or date.max)


def _until(kind: RecordKind, record: ClosedRecord, closed: date) -> date | None:
    month = next_month(closed)
    match kind.basis:
        case "employment":
            return None
        case "closing":
            until = month.replace(year=month.year + kind.years)
        case "birth":
            born = record.sent_year - record.youngest if record.child_born is None else record.child_born
            until = date(born + kind.years + 1, 1, 1)
        case "pension":
            born = record.sent_year - _ADULT if record.adult_born is None else record.adult_born
            until = date(born + kind.years + 1, 1, 1)
    return max(until, month.replace(year=month.year + kind.least))


def next_month(day: date) -> date:
    """Return the first of the month after `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def blocks(case: Standing, now: datetime) -> frozenset[Block]:
    """Return everything that stands against destroying a case at `now` (aware); without any it may be destroyed."""
    return frozenset(_blocks(case, now))


def is_to_be_told(case: Standing, now: datetime) -> bool:
    """Whether the recipients are to be told now: in a week nothing but time stands against destroying it any more."""
    return blocks(case, now + NOTICE) == {"untold"}


def _blocks(case: Standing, now: datetime) -> Iterator[Block]:
    if case.is_open:
        yield "open"
    if case.unread:
        yield "unread"
    if case.clock_runs:
        yield "clock"
    if case.held:
        yield "held"
    if not case.early and (case.until is None or now < case.until):
        yield "kept"
    if case.told is None:
        yield "untold"
    elif not case.told + NOTICE <= now:
        yield "week"


def read_date(text: str) -> date | None:
    """Read a month as leads type it, `2051-02`; None if it is none, or is beyond the year 2999."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or not 1970 < int(found[1]) <= _LAST_YEAR:
        return None
    return date(int(found[1]), int(found[2]), 1)


def read_birth(text: str, now: datetime) -> int | None:
    """Read a year of birth as leads type it, `born 2014`; None if it is none, lies ahead, or is 120 years ago."""
    found = _BORN.fullmatch(text.strip())
    year = int(found[1]) if found else 0
    return year if now.year - 120 <= year <= now.year else None


def instant(day: date) -> datetime:
    """Return the beginning of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
