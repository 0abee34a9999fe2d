"""Plain frozen values that storage takes and gives; nothing of the database and no key is in them."""

from __future__ import annotations

from flows.triage import Status
from storage.values.base import (
    READING,
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
    NoticeKind,
    UnspokenId,
    Which,
)
from storage.values.chats import DueMessage, Kept, Notice, Reply, ReporterView, Unanswered, Unspoken
from storage.values.desk import Action, Brief, CaseRow, CaseView, Change, Cursor, Entry, Glance, Page, Read
from storage.values.people import Invite, Invited, Joining

__all__ = [
    "READING",
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
    "LeadCard",
    "Limits",
    "Notice",
    "NoticeKind",
    "Page",
    "Read",
    "Reply",
    "ReporterView",
    "Status",
    "Unanswered",
    "Unspoken",
    "UnspokenId",
    "Which",
]
