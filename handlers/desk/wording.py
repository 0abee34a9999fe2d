"""What the desk calls things: urgencies, states, registers, doors and the few answers that a glance shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.deeds import Urgency
from flows.known import Door, Register, Role
from flows.texts import Text
from flows.triage import STATUSES
from handlers.desk.visit import desk
from storage.values import Status

URGENCY: Final[Mapping[Urgency, Text]] = {
    "immediate": desk("immediate"),
    "same_day": desk("same day"),
    "soon": desk("soon"),
    "routine": desk("routine"),
}

#: A sign beside the word, never instead of it.
SIGN: Final[Mapping[Urgency, str]] = {"immediate": "🔴", "same_day": "🟠", "soon": "🟡", "routine": "⚪"}

STATUS: Final[Mapping[Status, Text]] = STATUSES

#: Who speaks, with the age band.
REGISTER: Final[Mapping[Register, Text]] = {
    "under_12": desk("a child under 12"),
    "12_17": desk("a child of 12 to 17"),
    "parent": desk("a parent or carer"),
    "staff": desk("a member of staff"),
}

DOOR: Final[Mapping[Door, Text]] = {"telegram": desk("by Telegram"), "web": desk("by the web chat")}

ROLE: Final[Mapping[Role, Text]] = {
    "lead": desk("safeguarding lead"),
    "deputy": desk("deputy lead"),
    "head": desk("head"),
    "chair": desk("chair"),
    "independent": desk("independent person"),
    "manager": desk("site manager"),
    "partner": desk("partner"),
    "auditor": desk("auditor"),
    "admin": desk("administrator"),
}

#: "Are you safe right now?", as it was answered; the parents' question asks the reverse.
SAFE: Final[Mapping[tuple[str, str], Text]] = {
    ("C4", "yes"): desk("yes"),
    ("C4", "no"): desk("NO"),
    ("C4", "not_sure"): desk("not sure"),
    ("C4a", "yes"): desk("yes"),
    ("C4a", "no"): desk("NO"),
    ("C4a", "not_sure"): desk("not sure"),
    ("P3", "yes"): desk("NO: a child is in danger now"),
    ("P3", "no"): desk("yes"),
    ("P3", "not_sure"): desk("not sure"),
}

#: How old the child is, where it is not the child who writes (C6a, P4a).
AGE: Final[Mapping[str, Text]] = {
    "under_6": desk("a child under 6"),
    "6_11": desk("a child of 6 to 11"),
    "12_17": desk("a child of 12 to 17"),
    "adult": desk("an adult"),
    "not_sure": desk("somebody of unknown age"),
}

#: How the reporter can be talked to safely (C20).
CONTACT: Final[Mapping[str, Text]] = {
    "chat": desk("in this chat"),
    "in_person": desk("in person at school"),
    "phone": desk("by phone"),
    "no": desk("please do not contact"),
}
