"""What all values share: ids, kinds, limits, addresses and the leads' cards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NewType

from flows.values.deeds import Urgency
from flows.values.ids import Door, LeadId, Role, SiteId

CaseId = NewType("CaseId", str)  # 32 hexadecimal digits, random
PendingId = NewType("PendingId", str)

Which = Literal["open", "new", "unread", "mine", "overdue", "closed"]
Due = Literal["acknowledge", "act", "review"]
EntryKind = Literal["concern", "answer", "message", "reply", "note", "action", "file"]
#: What can be wrong with Hark itself; its sentence is in `handlers/desk/chat/wording/labels.py`.
AlertKind = Literal[
    "quarantined",
    "undelivered",
    "silence",
    "gap",
    "database",
    "disk",
    "ladder_end",
    "tampered",
    "clock",
    "conflict",
    "recovery",
]

#: Most urgent first: the rank that a queue is ordered by.
URGENCIES: tuple[Urgency, ...] = ("immediate", "same_day", "soon", "routine")


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
    """One update from an address. `message_id` is the person's own message, if it was one: it joins the tidy list.

    `device` stands for the browser that a secret was typed in, where the page knows it. `kept`: that the update was
    seen is on disk already, with the code that was given for what it asks for.
    """

    address: Address
    update_id: int
    message_id: int | None = None
    device: str = field(default="", repr=False)
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """Something wrong with Hark itself: how often it was met, and first and last when (aware, UTC)."""

    kind: AlertKind
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Clocks:
    """When a case is due (aware, UTC): its first human acknowledgement, then its first action; None: no clock."""

    acknowledge_by: datetime | None
    act_by: datetime | None


@dataclass(frozen=True, slots=True)
class LeadCard:
    """A lead as colleagues see them. Whoever is `waiting` for two leads to say yes counts as `disabled` too."""

    id: LeadId
    name: str
    title: str
    role: Role
    site: SiteId
    disabled: bool
    language: str
    waiting: bool = False
