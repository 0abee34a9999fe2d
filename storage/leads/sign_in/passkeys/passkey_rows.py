"""A lead's passkeys as they are kept: one sealed list with a version, which the register holds against older ones.

So nobody who writes the database adds a passkey, brings one back that was removed, or sets back a counter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.core.core import StoreCore, one_row
from storage.database.schema.leads import passkeys
from storage.database.turn import Cell, Insert, Row, Update
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.passkeys.wraps import PasskeyWrap
from storage.sealing.primitives.box import Place, open_box, seal, seal_anew
from storage.sealing.primitives.errors import CannotOpen


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey: its public key and counter, the seed wrapped for it, and the day (ISO, UTC) it was added."""

    wrap: PasskeyWrap
    public_key: bytes = field(repr=False)
    count: int
    day: str

    @property
    def credential(self) -> bytes:
        """Its id, as the authenticator drew it."""
        return self.wrap.credential


@dataclass(frozen=True, slots=True)
class KeptPasskeys:
    """All of a lead's, with the version of the row: 0 where there never was one."""

    lead: LeadId
    version: int = 0
    all: tuple[Passkey, ...] = ()

    def find(self, credential: bytes) -> Passkey | None:
        """Give the one with this id, or None."""
        return next((one for one in self.all if one.credential == credential), None)


def passkeys_name(lead: str) -> str:
    """Give what the register calls the row of a lead."""
    return f"passkeys {lead}"


async def read_passkeys(core: StoreCore, lead: LeadId) -> KeptPasskeys:
    """Give a lead's passkeys.

    Raises:
        Tampered: They are not the newest that were kept, or the register is not.
        Unavailable: The database or the register cannot be read.
    """
    row = await _row(core, lead)
    core.register.require_floor(passkeys_name(lead), 0 if row is None else row["version"])
    if row is None:
        return KeptPasskeys(lead)
    try:
        return KeptPasskeys(lead, row["version"], _opened(core.server_key, row))
    except CannotOpen:
        raise core.forgeries.record() from None


def passkey_rows(core: StoreCore, before: KeptPasskeys, after: tuple[Passkey, ...]) -> tuple[Row, ...]:
    """Give the row that puts `after` in the place of `before`, as its next version.

    Once it is committed, `Register.note_floor` is told of it by `passkeys_name` and the version.
    """
    version = before.version + 1
    listed = [[_hex(one) for one in _fields(passkey)] for passkey in after]
    sealed = seal(_key(core.server_key), _place(before.lead, version), json.dumps(listed).encode())
    values: dict[str, Cell] = {"version": version, "sealed": sealed}
    if not before.version:
        return (Insert(passkeys, {"lead_id": before.lead, **values}),)
    return (Update(passkeys, {"lead_id": before.lead}, values, {"version": before.version}),)


#: A lead's passkeys as they were, and as they are to be.
Change: TypeAlias = tuple[KeptPasskeys, tuple[Passkey, ...]]


async def rows_at_unlock(
    core: StoreCore, lead: LeadId, change: Change | None, *, invited: bool
) -> tuple[tuple[Row, ...], int]:
    """Give what an unlock changes of passkeys, and their version then; 0 where nothing does, or `change` is None.

    Who comes by an invite may have lost what holds one: then all are removed, also where they are not genuine.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The database or the register cannot be read.
    """
    if invited:
        return await _forget_rows(core, lead)
    return ((), 0) if change is None else (passkey_rows(core, *change), change[0].version + 1)


async def _forget_rows(core: StoreCore, lead: LeadId) -> tuple[tuple[Row, ...], int]:
    row = await _row(core, lead)
    if row is None:
        return (), 0
    newest = max(core.register.floor(passkeys_name(lead)), row["version"])
    sealed = seal(_key(core.server_key), _place(lead, newest + 1), b"[]")
    values: dict[str, Cell] = {"version": newest + 1, "sealed": sealed}
    return (Update(passkeys, {"lead_id": lead}, values, {"version": row["version"]}),), newest + 1


def is_passkey_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote, now or before."""
    try:
        _opened(key, row)
    except CannotOpen:
        return False
    return True


def passkeys_anew(old: ServerKey, new: ServerKey, row: Mapping[str, Any]) -> bytes:
    """Give the list of a row, sealed under another server key.

    Raises:
        CannotOpen: It is not one that Hark wrote under `old`.
    """
    return seal_anew(_key(old), _key(new), _place(row["lead_id"], row["version"]), row["sealed"])


async def _row(core: StoreCore, lead: LeadId) -> dict[str, Any] | None:
    async with core.read() as connection:
        return await one_row(connection, select(passkeys).where(passkeys.c.lead_id == lead))


def _opened(key: ServerKey, row: Mapping[str, Any]) -> tuple[Passkey, ...]:
    lead = row["lead_id"]
    return tuple(
        _parsed(lead, one) for one in json.loads(open_box(_key(key), _place(lead, row["version"]), row["sealed"]))
    )


def _fields(one: Passkey) -> tuple[bytes | int | str, ...]:
    return (one.credential, one.wrap.version, one.wrap.salt, one.wrap.blob, one.public_key, one.count, one.day)


def _hex(one: bytes | int | str) -> int | str:
    return one.hex() if isinstance(one, bytes) else one


def _parsed(lead: str, kept: list[Any]) -> Passkey:
    credential, version, salt, blob, public, count, day = kept
    wrap = PasskeyWrap(lead, bytes.fromhex(credential), version, bytes.fromhex(salt), bytes.fromhex(blob))
    return Passkey(wrap, bytes.fromhex(public), count, day)


def _key(key: ServerKey) -> bytes:
    return key.subkey("passkeys")


def _place(lead: str, version: int) -> Place:
    return Place("passkeys", None, lead, "list", version)
