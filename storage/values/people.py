"""What inviting and joining give."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.known import Role, SiteId


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
