"""Plain frozen values that storage takes and gives; nothing of the database and no key is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NewType

from flows.deeds import Answered, Urgency
from flows.draft import Answer, Draft
from flows.known import Door, LeadId, Register, Role, SiteId

CaseId = NewType("CaseId", str)  # 32 hexadecimal digits, random
UnspokenId = NewType("UnspokenId", str)

Status = Literal[
    "new",
    "acknowledged",
    "assessing",
    "action",
    "monitoring",
    "awaiting_info",
    "referred",
    "transferred",
    "merged",
    "closed",
    "reopened",
]
Which = Literal["open", "new", "unread", "mine", "overdue", "closed"]
Due = Literal["acknowledge", "act"]
EntryKind = Literal["concern", "answer", "message", "reply", "note", "action"]
NoticeKind = Literal["new", "message", "raised", "sign_in", "reply"]

#: Most urgent first: the rank that a queue is ordered by.
URGENCIES: tuple[Urgency, ...] = ("immediate", "same_day", "soon", "routine")
#: The roles for which a concern is ever sealed.
READING: frozenset[Role] = frozenset({"lead", "deputy", "head", "chair", "independent"})
ROLES: tuple[Role, ...] = ("lead", "deputy", "head", "chair", "independent", "manager", "partner", "auditor", "admin")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things last."""

    talk_idle: timedelta = timedelta(minutes=10)
    desk_idle: timedelta = timedelta(minutes=10)
    duty: timedelta = timedelta(hours=10)
    invite_life: timedelta = timedelta(days=7)
    draft_life: timedelta = timedelta(hours=24)
    joining: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Address:
    """A chat behind a door; kept only as an HMAC, or sealed."""

    door: Door
    chat_id: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """One update from an address. `message_id` is the person's own message, if it was one: it joins the tidy list."""

    address: Address
    update_id: int
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """When a case is due (aware, UTC): its first human acknowledgement, then its first action; None: no clock."""

    acknowledge_by: datetime | None
    act_by: datetime | None


@dataclass(frozen=True, slots=True)
class LeadCard:
    """A lead as colleagues see them."""

    id: LeadId
    name: str
    title: str
    role: Role
    site: SiteId
    disabled: bool
    language: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored draft with its version and the text of the definition that it was begun with."""

    draft: Draft
    version: int
    definition: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Glance:
    """What the queue shows of a case, out of its sealed header: no narrative.

    `chosen` holds the ids of the chosen options by question; `excluded` and `withheld` are leads it is not sealed for.
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
    label: str = ""


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


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the queue ended: the last row's rank, due time and id."""

    rank: int
    due_at: int
    case: CaseId


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a queue; `next` continues it; `total` counts the whole queue, to 1,000 at most.

    `forged` is the number of rows that are left out because they are not genuine.
    """

    rows: tuple[CaseRow, ...]
    next: Cursor | None
    total: int
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
class Entry:
    """One entry of a case, opened. `by` is None for the reporter; `ready` is the id of a ready reply."""

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


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody opened or copied the case, within that hour."""

    lead: LeadCard
    hour: datetime
    what: Literal["read", "copy"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a lead did, or (by None) a rise of the urgency."""

    what: str
    by: LeadCard | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """An opened case. `reporter_read` tells whether the reporter has seen the latest reply."""

    row: CaseRow
    entries: tuple[Entry, ...]
    recipients: tuple[LeadCard, ...]
    reads: tuple[Read, ...]
    reporter_read: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What a lead answered. `fresh`: the reporter has not seen it before."""

    number: int
    at: datetime
    by: LeadCard | None
    text: str
    ready: str | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class ReporterView:
    """A case as its reporter sees it; `answers` are for going on with the questions, never for showing."""

    status: Status
    urgency: Urgency
    replies: tuple[Reply, ...]
    own_messages: int
    answers: Mapping[str, Answer]
    rules: frozenset[str]
    register: Register
    language: str
    site: SiteId
    sent_at: datetime
    notice_on: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell an addressee, without content: all that is due for that addressee, in one.

    `address` is None where nobody can be told: then `Outbox.unreachable` climbs the ladder.
    """

    ids: tuple[int, ...]
    address: Address | None
    lead: LeadId | None
    kinds: frozenset[NoticeKind]
    urgency: Urgency | None
    count: int
    language: str


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is to be deleted now."""

    id: int
    address: Address
    message_id: int


@dataclass(frozen=True, slots=True)
class Unspoken:
    """A concern that is kept, and whose receipt may not have been shown yet."""

    id: UnspokenId
    address: Address
    words: str = field(repr=False)
    token: str = field(repr=False)
    site: SiteId
    register: Register
    language: str
    urgency: Urgency
    read_by: datetime | None


@dataclass(frozen=True, slots=True)
class Invite:
    """A new invite: its code, shown once, and whether it is for a name that is on the roster already."""

    code: str = field(repr=False)
    existing: bool


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invite is for."""

    name: str
    role: Role
    site: SiteId
    existing: bool


@dataclass(frozen=True, slots=True)
class Joining:
    """The second factor to set up: the `otpauth://` line and the secret in base32. Shown once, then deleted."""

    uri: str = field(repr=False)
    secret: str = field(repr=False)
