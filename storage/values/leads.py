"""What inviting and joining give, and who there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flows.values.ids import LeadId, Role, SiteId
from storage.values.base import LeadCard

#: What the audit calls the changes that `/team` shows.
CHANGES: Final = ("join", "confirmed", "moved", "renewed", "enabled", "disabled", "recovery_offered", "recovery_taken")


@dataclass(frozen=True, slots=True)
class Invite:
    """A new invite: its code, shown once; whether its name is on the roster already, and was shut out."""

    code: str = field(repr=False)
    existing: bool
    shut_out: bool = False


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


@dataclass(frozen=True, slots=True)
class Member:
    """A lead with the fingerprint of her keys.

    `first` is who has said yes to her already where she waits, or who proposes to shut her out where she is in.
    """

    card: LeadCard
    fingerprint: str
    first: LeadId | None = None


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A recovery key that waits, by its fingerprint, and who has said yes to it already."""

    fingerprint: str
    first: LeadId | None = None


@dataclass(frozen=True, slots=True)
class RecoveryUse:
    """A use of the recovery key: when (aware, UTC), whether to rehearse only, why, and which two people were there."""

    at: datetime
    rehearsal: bool
    reason: str = field(repr=False)
    people: tuple[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TeamChange:
    """One of `CHANGES`, to which lead, if it was a lead, and within which hour."""

    what: str
    lead: LeadCard | None
    hour: datetime


@dataclass(frozen=True, slots=True)
class TeamView:
    """Who reads, for one lead: the `members` of her site besides her, her `own` fingerprint, and who waits anywhere.

    `unlocked` are those who unlocked in the week of the latest digest; `decides`: she may say yes to others.
    """

    members: tuple[Member, ...]
    own: str
    waiting: tuple[Member, ...]
    recovery: str | None
    offered: OfferedKey | None
    unlocked: frozenset[LeadId]
    lately: tuple[TeamChange, ...]
    decides: bool
