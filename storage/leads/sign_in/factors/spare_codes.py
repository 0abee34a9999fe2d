"""Spare codes: each serves once in the place of an authenticator's code, for a lead whose phone is lost.

They are kept as HMACs under a server subkey, sealed as one list, under the roster's MAC with its version: who writes
the database puts none of them back, and who reads it learns none.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import replace
from typing import Final

from storage.core.core import StoreCore
from storage.database.schema.leads import leads
from storage.database.turn import Logged, Row, Update
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.errors import CannotOpen

#: How many a lead gets at once; earlier ones end.
COUNT: Final = 8
#: Digits of each: about 40 bits, of which nobody tries more than a few an hour.
DIGITS: Final = 12
_MARK: Final = 16  # bytes


def new_spare_codes() -> tuple[str, ...]:
    """Draw a set, twelve digits each."""
    return tuple(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _ in range(COUNT))


def seal_spare_codes(core: StoreCore, lead: str, codes: tuple[str, ...]) -> bytes:
    """Give what is kept of a set of codes, for one lead."""
    return _sealed(core, lead, [_mark(core, lead, code) for code in codes])


def spend(core: StoreCore, lead: Lead, code: str) -> bytes | None:
    """Give what is kept of a lead's codes once one of them has served; None where it is none of them.

    Raises:
        Tampered: What is kept does not open.
    """
    kept = _kept(core, lead)
    typed = _mark(core, lead.id, code)
    left = [one for one in kept if not hmac.compare_digest(one, typed)]
    return _sealed(core, lead.id, left) if len(left) < len(kept) else None


def spent_rows(core: StoreCore, rosters: Rosters, roster: Roster, lead: Lead, left: bytes) -> tuple[Row, ...]:
    """Give the rows by which a code has served; after the commit `Rosters.note` is told the next version.

    Args:
        core: For the time.
        rosters: Gives the rows of the roster.
        roster: As it is.
        lead: Whose code it was, with what else changes for her.
        left: What `spend` gave.

    Raises:
        Unavailable: The ledger cannot be written.
    """
    changed = replace(lead, spare_codes=left)
    own = Update(leads, {"id": lead.id}, {"spare_codes": left})
    return (own, *rosters.rows(roster, lead=changed), Logged(core.hour(), lead.id, "spare_code"))


def left_of(core: StoreCore, lead: Lead) -> int:
    """Tell how many codes a lead has left.

    Raises:
        Tampered: What is kept does not open.
    """
    return len(_kept(core, lead))


def _kept(core: StoreCore, lead: Lead) -> list[str]:
    if lead.spare_codes is None:
        return []
    try:
        kept: list[str] = json.loads(open_box(core.server_key.subkey("totp"), _place(lead.id), lead.spare_codes))
    except CannotOpen:
        raise core.forgeries.record() from None
    return kept


def _sealed(core: StoreCore, lead: str, marks: list[str]) -> bytes:
    return seal(core.server_key.subkey("totp"), _place(lead), json.dumps(marks).encode())


def _mark(core: StoreCore, lead: str, code: str) -> str:
    said = f"{lead}:{code}".encode("utf-8", "replace")
    return hmac.digest(core.server_key.subkey("spare-code"), said, "sha256")[:_MARK].hex()


def _place(lead: str) -> Place:
    return Place("leads", None, lead, "spare codes", 0)
