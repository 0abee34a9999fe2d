"""What unlocked leads see: rows of queues, opened cases, and what was done to them; plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from flows.cases.approvals import Proposal
from flows.cases.exclusion import Remaining
from flows.cases.triage import Status
from flows.together.own_actions import OwnAction
from flows.values.deeds import Answered, Media, Urgency
from flows.values.ids import Door, LeadId, Register, SiteId
from storage.values.base import CaseId, Due, EntryKind, LeadCard


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Which recipient kept a lead out after sending, when (aware, UTC), and up to which entry she had been shown it.

    `read_to` is 0 where she had been shown nothing.
    """

    by: LeadId
    at: datetime
    read_to: int


@dataclass(frozen=True, slots=True)
class Glance:
    """What the queue shows of a case, out of its sealed header: no narrative.

    `chosen` holds the ids of the chosen options by question; `excluded` and `withheld` are leads it is not sealed for.
    `kept_out` are those whom a recipient kept out after sending. `unsure`: "not sure" was chosen on the readers screen.
    `review` is when a decision has it looked at again (aware). `taken_down` is the name of the lead who took it down.
    `proposed` holds the first one's word for deeds of two, by deed: `close OUTCOME`, or `admit` or `lift` and a lead's
    id. `actions` are what is to be done, by the number of the entry that planned it. `answered` is when a human first
    answered, `closed` when it was closed last (both aware), and `outcome` the code of what came of it.
    """

    register: Register
    language: str
    door: Door
    sent_at: datetime
    categories: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: tuple[LeadId, ...] = ()
    withheld: tuple[LeadId, ...] = ()
    kept_out: Mapping[LeadId, KeptOut] = field(default_factory=dict)
    unsure: bool = False
    proposed: Mapping[str, Proposal] = field(default_factory=dict)
    label: str = ""
    actions: Mapping[int, str] = field(default_factory=dict)
    review: datetime | None = None
    taken_down: str = ""
    answered: datetime | None = None
    closed: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class CaseRetention:
    """When the time of a case is over, and what stands beside that; times are aware (UTC).

    `until` is None for a case that is kept until somebody gives a date. `told` is when its recipients were told that it
    is to be destroyed; `early`: because somebody asked for it.
    """

    until: datetime | None = None
    held: bool = False
    told: datetime | None = None
    early: bool = False


@dataclass(frozen=True, slots=True)
class OpenAction:
    """What somebody is to do in a case, by a day at its site; `number` is that of the entry that planned it.

    `owner` is None once that lead does not read the case any more and nobody has it. `text` is empty where nobody is
    left who could open what the header told.
    """

    number: int
    text: str = field(repr=False)
    owner: LeadCard | None
    due: date


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the queue. `version` is what an action expects; it counts leads' actions and rises of the urgency."""

    id: CaseId
    reference: str
    version: int
    site: SiteId
    status: Status
    urgency: Urgency
    due_at: datetime | None
    due: Due | None
    owner: LeadCard | None
    unread: bool
    entries: int
    opened_hour: datetime
    glance: Glance
    retention: CaseRetention = CaseRetention()
    actions: tuple[OpenAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the queue ended: the last row's rank, band, due time and id."""

    rank: int
    band: int
    due_at: int
    case: CaseId


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a queue; `next` continues it; `total` counts the whole queue, to 1,000 at most, if that was asked for.

    `forged` is the number of rows that are left out because they are not genuine.
    """

    rows: tuple[CaseRow, ...]
    next: Cursor | None
    total: int | None
    forged: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """The desk in numbers, each counted to 1,000 at most, and the case to begin with."""

    new: int
    unread: int
    overdue: int
    due_today: int
    open: int
    first: CaseRow | None


@dataclass(frozen=True, slots=True)
class Action:
    """What a lead did to a case, such as `claim` or `urgency`, with its particulars."""

    what: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that an entry tells of, without its bytes; `size` is in bytes. Of a photo there is a blur."""

    media: Media
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a case, opened. `by` is None for the reporter; `ready` is the id of a ready reply.

    `taken_down` is the name of the lead who wrote a concern down for whoever said it; empty for all else. `file` is set
    for an entry that tells of one, and for no other.
    """

    number: int
    at: datetime
    by: LeadCard | None
    kind: EntryKind
    answers: tuple[Answered, ...] = ()
    text: str = ""
    ready: str | None = None
    action: Action | None = None
    rules: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    taken_down: str = ""
    file: CaseFile | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody opened or copied the case, within that hour; no lead did, if it was the recovery identity."""

    lead: LeadCard | None
    hour: datetime
    what: Literal["read", "copy", "recovered"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a lead did, or (by None) a rise of the urgency."""

    what: str
    by: LeadCard | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """An opened case. `reporter_read` tells whether the reporter has seen the latest reply.

    `unheard` tells that a notice, which the reporter asked for, did not arrive; `admissible` are those withheld who can
    be let in, `liftable` those kept out whom two can let in again. `read_to` is the last entry that each recipient was
    shown, and `without` who would read it once that recipient is kept out. `called_up` would be added, since fewer than
    two read it. `of_partners` is what partners are to do for what is shared with them, by the share's id, done or not.
    """

    row: CaseRow
    entries: tuple[Entry, ...]
    recipients: tuple[LeadCard, ...]
    reads: tuple[Read, ...]
    reporter_read: bool
    unheard: bool = False
    admissible: tuple[LeadCard, ...] = ()
    liftable: tuple[LeadCard, ...] = ()
    read_to: Mapping[LeadId, int] = field(default_factory=dict)
    without: Mapping[LeadId, Remaining] = field(default_factory=dict)
    called_up: tuple[LeadId, ...] = ()
    of_partners: Mapping[str, tuple[OwnAction, ...]] = field(default_factory=dict)
