"""Who used the recovery key, when and why, for every lead to read: in the register, out of the database."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from storage.core.core import StoreCore
from storage.core.register import Noted
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_text, seal_anew, seal_text
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId
from storage.values import RecoveryUse

#: An entry of `Noted.recoveries`.
_Entry: TypeAlias = tuple[int, str, bool, str]
#: How many uses are kept; the audit has them all, without the words.
_KEPT: Final = 50


def note_use(core: StoreCore, key: KeyId, use: RecoveryUse) -> None:
    """Write a use down, on disk when this returns. Reason and names are sealed under the server key.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: It cannot be read or written; nothing was noted.
    """
    text = json.dumps({"reason": use.reason, "people": use.people})
    at = int(use.at.timestamp())
    sealed = seal_text(core.server_key.subkey("recovery-use"), _place(at, key), text).hex()
    entry = (at, key.hex(), use.rehearsal, sealed)
    core.register.change(lambda old: replace(old, recoveries=(*old.recoveries, entry)[-_KEPT:]))


def uses(core: StoreCore, within: timedelta) -> tuple[RecoveryUse, ...]:
    """Give the uses of the last while, rehearsals among them, the newest first.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: It cannot be read.
    """
    since = (core.now() - within).timestamp()
    kept = [one for one in core.register.read().recoveries if one[0] >= since]
    return tuple(_opened(core, *one) for one in reversed(kept))


def rehearsed(core: StoreCore, key: KeyId) -> datetime | None:
    """Give when a key was last rehearsed, or used; None where it never was.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: It cannot be read.
    """
    found = [at for at, named, _, _ in core.register.read().recoveries if named == key.hex()]
    return datetime.fromtimestamp(max(found), UTC) if found else None


def uses_anew(old: ServerKey, new: ServerKey, noted: Noted) -> Noted:
    """Give the register with every use sealed under another server key; one that does not open stays as it is."""
    return replace(noted, recoveries=tuple(_anew(old, new, *one) for one in noted.recoveries))


def _anew(old: ServerKey, new: ServerKey, at: int, key: str, rehearsal: bool, sealed: str) -> _Entry:  # noqa: FBT001 - a cell
    before, after = (one.subkey("recovery-use") for one in (old, new))
    with suppress(CannotOpen, ValueError):
        sealed = seal_anew(before, after, _place(at, KeyId(bytes.fromhex(key))), bytes.fromhex(sealed)).hex()
    return at, key, rehearsal, sealed


def _opened(core: StoreCore, at: int, key: str, rehearsal: bool, sealed: str) -> RecoveryUse:  # noqa: FBT001 - a cell
    try:
        place = _place(at, KeyId(bytes.fromhex(key)))
        kept = json.loads(open_text(core.server_key.subkey("recovery-use"), place, bytes.fromhex(sealed)))
    except (CannotOpen, ValueError):
        raise core.forgeries.record() from None
    first, second = kept["people"]
    return RecoveryUse(datetime.fromtimestamp(at, UTC), rehearsal, kept["reason"], (first, second))


def _place(at: int, key: KeyId) -> Place:
    return Place("register", None, key.hex(), "recovery", at)
