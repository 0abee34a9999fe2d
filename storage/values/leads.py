"""What inviting and joining give, and who there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from flows.values.ids import LeadId, Role, SiteId
from storage.values.base import LeadCard

#: What the audit calls the changes that `/team` shows.
CHANGES: Final = (
    *("join", "confirmed", "moved", "renewed", "enabled", "disabled", "unsealed", "granted", "role", "factors"),
    *("recovery_offered", "recovery_taken"),
    *("passkey_added", "passkey_removed"),
)


@dataclass(frozen=True, slots=True)
class Invite:
    """A new invite: its code, shown once; whether its name is on the roster already, and was shut out."""

    code: str = field(repr=False)
    existing: bool
    shut_out: bool = False


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invite is for; `resets`: it lets somebody who knows the passphrase set up another authenticator."""

    name: str
    role: Role
    site: SiteId
    existing: bool
    resets: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """The second factor to set up: the `otpauth://` line and the secret in base32. Shown once, then deleted."""

    uri: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PendingDeed:
    """A deed on a lead that one has said the first word for: `what` it is, by whom, and what it would come to.

    `detail` is the lead who takes over the open cases, or the role and the title.
    """

    what: str
    by: LeadId
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A lead with the fingerprint of her keys.

    `first` is who has said yes to her already where she waits, or who proposes to suspend her where she is in.
    `pending` are all deeds on her that wait for a second word. `joined` and `unlocked` are days (UTC), None where
    nobody knows; `left` tells while her wraps are removed of how many cases that the one who looks can read, else None.
    """

    card: LeadCard
    fingerprint: str
    first: LeadId | None = None
    pending: tuple[PendingDeed, ...] = ()
    joined: date | None = None
    unlocked: date | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """A recovery key that waits, by its fingerprint, and who has said yes to it already."""

    fingerprint: str
    first: LeadId | None = None


@dataclass(frozen=True, slots=True)
class GrantProgress:
    """How far the giving of past cases to a lead is: cases `looked` at, of `total` of the giver's, and `granted`.

    `to` is None where that lead is not on the roster any more; `total` is 0 where it was not counted.
    """

    to: LeadCard | None
    looked: int
    total: int
    granted: int
    done: bool = False


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
    `suspended` are those of her site; `leaving`: she has said herself that she leaves, and a colleague has not yet.
    """

    members: tuple[Member, ...]
    own: str
    waiting: tuple[Member, ...]
    recovery: str | None
    offered: OfferedKey | None
    unlocked: frozenset[LeadId]
    lately: tuple[TeamChange, ...]
    decides: bool
    suspended: tuple[Member, ...] = ()
    leaving: bool = False
