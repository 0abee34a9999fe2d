"""What a lead puts together, in memory only, until it is sent or kept: a share, an agreement, a goal, a board entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flows.cases.redaction import Redaction
from flows.together.partners import Agency
from storage.values import CaseId, LeadCard
from storage.values.shares import Basis, ChildTold, Outside


@dataclass(frozen=True, repr=False)
class UnsentShare:
    """Where it stands; what is None or empty is asked for next.

    `refers`: whoever it is for is asked to take it on. `two`: it takes two leads; `answer_by` is by when an answer is
    wanted. `upto` is the last entry that the numbers of the parts count. `chosen` are those numbers, none at first;
    `cut` holds the texts that are blacked out wherever they stand. `parted` tells that the parts were agreed to.
    """

    case: CaseId
    to: LeadCard | Outside
    upto: int
    tells_child: bool
    purpose: str = ""
    question: str = ""
    chosen: frozenset[int] = frozenset()
    cut: Redaction = field(default_factory=Redaction)
    parted: bool = False
    basis: Basis | None = None
    told: ChildTold | None = None
    why: str = ""
    until: datetime | None = None
    two: bool = False
    refers: bool = False
    answer_by: datetime | None = None


@dataclass(frozen=True, repr=False)
class UnsentAgreement:
    """Where an agreement with a partner stands; what is None or empty is asked for next."""

    name: str = ""
    job: str = ""
    agency: Agency | None = None
    what: str = ""
    until: datetime | None = None


@dataclass(frozen=True, repr=False)
class UnsavedGoal:
    """Where it stands: what is wanted, how it is measured, and whose it is; what is None or empty is asked for next."""

    what: str = ""
    measure: str = ""
    owner: LeadCard | None = None


@dataclass(frozen=True, repr=False)
class UnsavedEntry:
    """What was said, what was done, and the references of the cases behind it; what is empty is asked for next."""

    said: str = ""
    did: str = ""
    cases: frozenset[str] = frozenset()
