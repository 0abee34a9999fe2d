"""What a conversation may know of the world, handed in: the time, the site, and who could read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.values.ids import Audience, Door, LeadId, Role, SiteId


@dataclass(frozen=True)
class Reader:
    """A lead as the readers screen names him: by name and job."""

    lead: LeadId
    name: str
    role: Role
    title: str


@dataclass(frozen=True)
class Contact:
    """An adult or a service that can be found without Hark; empty fields are not shown."""

    name: str
    job: str = ""
    room: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Helpline:
    """A number or address of `helplines.csv`; `verified` is false for grade C and for stale entries."""

    name: str
    number: str
    url: str
    hours: str
    verified: bool
    audience: Audience = "any"


@dataclass(frozen=True)
class Site:
    """One school or setting, as far as a reporter is told about it.

    `practice` sites say so on their first screen. `contact` is the adult to find; `outside` are the places to turn to
    where nobody here can read. `takedown` are the places where pictures can be taken down. `files`: whether photos,
    PDFs and voice messages are taken here at all.
    """

    id: SiteId
    name: str
    country: str
    emergency: str
    helplines: tuple[Helpline, ...]
    contact: Contact | None
    outside: tuple[Contact, ...]
    languages: tuple[str, ...]
    timezone: str
    practice: bool
    controller: str
    privacy_contact: str
    retention: str = ""
    takedown: tuple[Helpline, ...] = ()
    files: bool = False


@dataclass(frozen=True)
class Cover:
    """Whether somebody is there, by the site's hours.

    `read_by` is when a new concern of the given urgency will have been read at the latest, `opens_at` the next time
    the desk is open; either is None where the site gave no hours. Times are aware, in UTC.
    """

    open_now: bool
    read_by: datetime | None
    opens_at: datetime | None


@dataclass(frozen=True)
class Situation:
    """All that a step may depend on beside the draft and the input. `now` is aware, in UTC.

    `slow`: nobody who reads has opened the desk lately. `notified`: an address for update notices of the open concern
    is kept. `crowded`: the unsent drafts of all people together take too much room. `about_staff`: it may be about an
    adult of this site, so that whoever does not read it is not named, and people are sent to somebody outside.
    `changed`: something stands on the site's board. `files`: a file may be added to the open concern.
    """

    now: datetime
    language: str
    door: Door
    site: Site
    roster: tuple[Reader, ...]
    cover: Cover
    slow: bool = False
    notified: bool = False
    crowded: bool = False
    about_staff: bool = False
    changed: bool = False
    files: bool = False
