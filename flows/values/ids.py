"""Ids of people and sites, and the few words that are fixed everywhere: doors, roles, registers, urgencies."""

from __future__ import annotations

from typing import Final, Literal, NewType

LeadId = NewType("LeadId", str)
SiteId = NewType("SiteId", str)

Door = Literal["telegram", "web"]
Role = Literal["lead", "deputy", "head", "chair", "independent", "manager", "partner", "auditor", "admin"]
#: The roles for which a concern is ever sealed.
READING: Final[frozenset[Role]] = frozenset({"lead", "deputy", "head", "chair", "independent"})
Register = Literal["under_12", "12_17", "parent", "staff"]
#: Whom a helpline is for.
Audience = Literal["child", "adult", "any"]
Urgency = Literal["immediate", "same_day", "soon", "routine"]
#: What a notice tells of; the column `kind` of the outbox holds it.
NoticeKind = Literal[
    "new",
    "message",
    "raised",
    "sign_in",
    "known_sign_in",
    "passkey",
    "reply",
    "alert",
    "handover",
    "declined",
    "unheard",
    "golive",
    "heartbeat",
    "team",
    "digest",
    "reads",
    "reads_late",
    "retention",
    "action",
    "action_late",
    "lapsed",
    "unhanded",
    "server_key",
    "share",
    "share_answer",
    "share_late",
    "share_action",
    "partners",
    "checkin",
    "help_wanted",
    "board",
    "table",
]
