"""What is kept for reporters and of chats: drafts, receipts to be shown, replies, notices, messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.cases.triage import Status
from flows.values.deeds import Answered, Urgency
from flows.values.draft import Answer, Draft
from flows.values.ids import LeadId, NoticeKind, Register, SiteId
from storage.values.base import Address, LeadCard, PendingId


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored draft with its version and the text of the definition that it was begun with."""

    draft: Draft
    version: int
    definition: str = field(repr=False)


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
class TakenDown:
    """What a lead of this name wrote down for whoever said it, as it was asked and answered."""

    by: str
    answers: tuple[Answered, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReporterView:
    """A case as its reporter sees it.

    `answers` are for going on with the questions, and the `messages` after sending for whom they name; neither is ever
    shown. `recipients` are those of now, `let_in` those of them who were withheld or kept out, and `added` those who
    were added since too few were left. `behind` tells that somebody has read it, and nobody yet what the reporter sent
    last. `taken_down` is what a lead wrote down, as long as whoever said it has not come back yet. `counted`: it is one
    of those that figures are told of (`flows/measures/counted.py`). `changed_at` is the hour of the last change (UTC).
    `files` is how many the reporter has added.
    """

    status: Status
    urgency: Urgency
    replies: tuple[Reply, ...]
    messages: tuple[str, ...] = field(repr=False)
    answers: Mapping[str, Answer]
    rules: frozenset[str]
    register: Register
    language: str
    site: SiteId
    sent_at: datetime
    notice_on: bool
    recipients: frozenset[LeadId]
    let_in: tuple[LeadCard, ...] = ()
    added: tuple[LeadCard, ...] = ()
    behind: bool = False
    taken_down: TakenDown | None = None
    counted: bool = False
    changed_at: datetime | None = None
    files: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell an addressee, without content: all that is due for that addressee, in one.

    `address` is None where nobody can be told: then the ladder climbs (`flows/duty/retries.py`). `count` is the
    number of cases; `pages` is true where one of them is new or raised and immediate. `addressee` tells two addressees
    apart. `site` is that of a lead, by whose clock times are told; `signed_in` is when the lead unlocked somewhere new
    (aware, UTC), to the second, the earliest first.
    """

    ids: tuple[int, ...]
    addressee: str
    address: Address | None
    lead: LeadId | None
    kinds: frozenset[NoticeKind]
    urgency: Urgency | None
    count: int
    language: str
    pages: bool = False
    site: SiteId | None = None
    signed_in: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is to be deleted now."""

    id: int
    address: Address
    message_id: int


@dataclass(frozen=True, slots=True)
class PendingReceipt:
    """A concern that is kept, and whose receipt may not have been shown yet.

    `lead` took it down, and hands the words over: they are shown at her desk alone; None for a reporter's own. `at` is
    when it was kept (aware), to tell two of hers apart. `renewed`: the words take the place of others that were used.
    """

    id: PendingId
    address: Address
    words: str = field(repr=False)
    token: str = field(repr=False)
    site: SiteId
    register: Register
    language: str
    urgency: Urgency
    read_by: datetime | None
    lead: LeadId | None = None
    at: datetime | None = None
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Something was added to a case from this chat, and what was said to that may not have been shown."""

    id: PendingId
    address: Address
    language: str
