"""Plain frozen values that storage takes and gives; nothing of the database and no key is in them."""

from __future__ import annotations

from flows.cases.triage import Status
from storage.values.base import (
    ROLES,
    URGENCIES,
    Address,
    Alert,
    AlertKind,
    Arrival,
    CaseId,
    Clocks,
    Due,
    EntryKind,
    LeadCard,
    Limits,
    PendingId,
    Which,
)
from storage.values.chats import DueMessage, Kept, Notice, PendingReceipt, Reply, ReporterView, Unanswered
from storage.values.desk import Action, Brief, CaseRow, CaseView, Change, Cursor, Entry, Glance, KeptOut, Page, Read
from storage.values.leads import CHANGES, Invite, Invited, Joining, Member, OfferedKey, TeamChange, TeamView

__all__ = [
    "CHANGES",
    "ROLES",
    "URGENCIES",
    "Action",
    "Address",
    "Alert",
    "AlertKind",
    "Arrival",
    "Brief",
    "CaseId",
    "CaseRow",
    "CaseView",
    "Change",
    "Clocks",
    "Cursor",
    "Due",
    "DueMessage",
    "Entry",
    "EntryKind",
    "Glance",
    "Invite",
    "Invited",
    "Joining",
    "Kept",
    "KeptOut",
    "LeadCard",
    "Limits",
    "Member",
    "Notice",
    "OfferedKey",
    "Page",
    "PendingId",
    "PendingReceipt",
    "Read",
    "Reply",
    "ReporterView",
    "Status",
    "TeamChange",
    "TeamView",
    "Unanswered",
    "Which",
]
