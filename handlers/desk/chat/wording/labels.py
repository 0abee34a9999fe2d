"""What the desk calls things: urgencies, states, outcomes, days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flows.cases.golive import Lack
from flows.cases.triage import OUTCOMES, STATUSES
from flows.duty.working_days import WhyNot
from flows.values.deeds import Media, Urgency
from flows.values.ids import Door, Register, Role
from flows.values.text import Moment, Text
from handlers.desk.chat.visit import desk
from storage.values import AlertKind, CaseFile, Status

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

#: "Are you safe right now?", as it was answered, and as it was asked again; the parents' question asks the reverse.
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
    ("P3a", "yes"): desk("NO: a child is in danger now"),
    ("P3a", "no"): desk("yes"),
    ("P3a", "not_sure"): desk("not sure"),
}

#: How old the child is, where it is not the child who writes (C6a, P4a).
AGE: Final[Mapping[str, Text]] = {
    "under_6": desk("a child under 6"),
    "6_11": desk("a child of 6 to 11"),
    "12_17": desk("a child of 12 to 17"),
    "adult": desk("an adult"),
    "not_sure": desk("somebody of unknown age"),
}

#: How the reporter can be talked to safely (C20, and P12 of parents).
CONTACT: Final[Mapping[str, Text]] = {
    "chat": desk("in this chat"),
    "in_person": desk("in person"),
    "phone": desk("by phone"),
    "no": desk("please do not contact"),
}

#: What is wrong with Hark itself, and what to do about it.
ALERT: Final[Mapping[AlertKind, Text]] = {
    "quarantined": desk(
        "A message came that Hark could not read. It is kept sealed for three days. Tell whoever runs Hark."
    ),
    "undelivered": desk("A notice could not be delivered for a whole day. Please look at your queue."),
    "silence": desk("Hark hears nothing from a door: messages may be waiting outside. Tell whoever runs Hark now."),
    "gap": desk("Hark was away for more than a day. What was sent by Telegram in that time may be lost."),
    "database": desk("Hark could not reach its database. Tell whoever runs Hark now."),
    "disk": desk("The disk is nearly full. Tell whoever runs Hark today."),
    "clock": desk("The server's clock was wrong, or is. Do not rely on due times of today. Tell whoever runs Hark."),
    "conflict": desk("Something else fetches Hark's messages with its token. Tell whoever runs Hark now."),
    "ladder_end": desk("Everybody was told of a case, and nobody has opened it. Please look at your queue now."),
    "recovery": desk("The recovery key was used. If nobody told you of that before, tell your head now."),
    "tampered": desk("Something in the database was changed from outside. Tell your head and whoever runs Hark now."),
}


#: What a file is.
MEDIA: Final[Mapping[Media, Text]] = {
    "photo": desk("a photo"),
    "pdf": desk("a PDF"),
    "voice": desk("a voice message"),
}
_KILOBYTE: Final = 1024


def file_label(file: CaseFile) -> Text:
    """What a file is, and its size: such as "a photo, 240 kB"."""
    return desk("{what}, {size} kB", what=MEDIA[file.media], size=max(1, file.size // _KILOBYTE))


def lack(found: Lack) -> Text:
    """What a site lacks, and what to do about it."""
    return desk("{what} {do}", what=found.what, do=found.do)


__all__ = ["OUTCOMES", "outcome"]


def outcome(name: str) -> Text:
    """The outcome in words."""
    return OUTCOMES.get(name, desk("another outcome"))


def calendar_day(day: date) -> Moment:
    """Give a day of a site's calendar as it is shown: its noon in UTC is on the same day nearly everywhere."""
    return Moment(datetime.combine(day, time(12), UTC), "day")


def day_end(now: datetime, timezone: str) -> datetime:
    """The end of the site's own day: the next midnight there, aware; `timezone` is an IANA name."""
    there = now.astimezone(ZoneInfo(timezone))
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=midnight.tzinfo)


def minutes(since: datetime, now: datetime) -> int:
    """Whole minutes from `since` to `now`; never negative."""
    return max(0, int((now - since).total_seconds() // 60))


#: Why a day that was typed does not do.
WHY_NOT: Final[Mapping[WhyNot, Text]] = {
    "unread": desk("That could not be read as a day. Type it like 12.6.2027 or 2027-06-12."),
    "past": desk("That day is past."),
    "far": desk("That is more than a year away. Type an earlier day."),
    "closed": desk("Nobody is there on that day."),
}


def day_label(day: date, today: date) -> Text:
    """Give what the button of a day says: `Today`, `Tomorrow`, or the day."""
    if day == today:
        return desk("Today")
    if day == today + timedelta(days=1):
        return desk("Tomorrow")
    return Text("{day}", "desk", {"day": calendar_day(day)})
