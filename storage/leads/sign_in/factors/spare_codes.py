"""Spare codes: each serves once in the place of an authenticator's code, for a lead whose phone is lost.

They are kept as HMACs under a key of their own, sealed with it as one list under a server subkey, and under the
roster's MAC with its version: who writes the database puts none of them back, and who reads it learns none.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from storage.core.core import StoreCore
from storage.database.schema.leads import leads
from storage.database.turn import Logged, Row, Update
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.derive import KEY_BYTES
from storage.sealing.primitives.errors import CannotOpen

#: How many a lead gets at once; earlier ones end.
COUNT: Final = 8
#: Digits of each: about 40 bits, of which nobody tries more than a few an hour.
DIGITS: Final = 12
_MARK: Final = 16  # bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    """A set of codes: the key of their marks, and the marks of those that have not served."""

    key: bytes = field(repr=False)
    marks: tuple[str, ...]


def new_spare_codes() -> tuple[str, ...]:
    """Draw a set, twelve digits each."""
    return tuple(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _ in range(COUNT))


def seal_spare_codes(core: StoreCore, lead: str, codes: tuple[str, ...]) -> bytes:
    """Give what is kept of a set of codes, for one lead."""
    key = os.urandom(KEY_BYTES)
    return _sealed(core, lead, _Kept(key, tuple(_mark(key, lead, code) for code in codes)))


def spend(core: StoreCore, lead: Lead, code: str) -> bytes | None:
    """Give what is kept of a lead's codes once one of them has served; None where it is none of them.

    Raises:
        Tampered: What is kept does not open.
    """
    kept = _kept(core, lead)
    typed = _mark(kept.key, lead.id, code)
    left = tuple(one for one in kept.marks if not hmac.compare_digest(one, typed))
    return _sealed(core, lead.id, replace(kept, marks=left)) if len(left) < len(kept.marks) else None


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
    return len(_kept(core, lead).marks)


def spare_codes_anew(old: StoreCore, new: StoreCore, lead: Lead) -> bytes | None:
    """Give what is kept of a lead's codes, sealed under the key of `new`, or None; the codes stay good.

    Raises:
        Tampered: What is kept does not open under the key of `old`.
    """
    return None if lead.spare_codes is None else _sealed(new, lead.id, _kept(old, lead))


def _kept(core: StoreCore, lead: Lead) -> _Kept:
    """Read a set; those of before there was a key of their own have marks under a server subkey."""
    if lead.spare_codes is None:
        return _Kept(b"", ())
    try:
        kept = json.loads(open_box(core.server_key.subkey("totp"), _place(lead.id), lead.spare_codes))
    except CannotOpen:
        raise core.forgeries.record() from None
    if isinstance(kept, list):
        return _Kept(core.server_key.subkey("spare-code"), tuple(kept))
    return _Kept(bytes.fromhex(kept["key"]), tuple(kept["marks"]))


def _sealed(core: StoreCore, lead: str, codes: _Kept) -> bytes:
    content = json.dumps({"key": codes.key.hex(), "marks": codes.marks}).encode()
    return seal(core.server_key.subkey("totp"), _place(lead), content)


def _mark(key: bytes, lead: str, code: str) -> str:
    return hmac.digest(key, f"{lead}:{code}".encode("utf-8", "replace"), "sha256")[:_MARK].hex()


def _place(lead: str) -> Place:
    return Place("leads", None, lead, "spare codes", 0)
