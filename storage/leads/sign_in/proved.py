"""A lead who was proved, before and after that is kept: what lies between judging factors and opening a desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flows.values.ids import LeadId
from storage.database.turn import Cell
from storage.leads.roster.roster import Lead, Roster
from storage.leads.sign_in.passkeys.passkey_rows import Change
from storage.leads.sign_in.unlock_records import KnownPlaces
from storage.sealing.primitives.derive import wipe
from storage.values import Address


@dataclass(frozen=True, slots=True)
class Fresh:
    """What changes with every unlock; and whether the lead gets notices by e-mail."""

    step: int
    chat: Address | None
    places: KnownPlaces = field(default_factory=KnownPlaces)
    mailed: bool = False


@dataclass(frozen=True, slots=True)
class Proved:
    """Factors that were right, of which nothing is kept yet: `Unlocks.keep` takes it over, or the holder wipes it.

    Attributes:
        lead: As she is once it is kept.
        seed: The lead's, in a buffer.
        step: The TOTP step to keep; the one of before where no code was typed.
        fresh: What was kept of the unlock before.
        roster: As it was read before the factors were judged.
        invite: The row of the invite that she came by, if any.
        source: The mark of the chat that tried, whose misses are forgotten once it is kept.
        account: Likewise the lead's account, as the throttle knows it.
        mark: Likewise the place.
        passkeys: The lead's passkeys as they were, and as they are to be kept: one of them has counted on.
    """

    lead: Lead
    seed: bytearray = field(repr=False)
    step: int
    fresh: Fresh
    roster: Roster = field(repr=False)
    invite: dict[str, Cell] | None = field(repr=False)
    source: bytes
    account: tuple[LeadId, bool]
    mark: str
    passkeys: Change | None = None

    def wipe(self) -> None:
        """Overwrite the seed; for whoever holds it and opens no desk with it."""
        wipe(self.seed)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A lead whose factors were right and whose unlock is on disk; the caller takes the seed over.

    `before` is when the lead unlocked or joined before that, or None where it is not known.
    """

    lead: Lead
    seed: bytearray
    before: datetime | None
