"""Judges a lead's factors; whatever is wrong, the answer and the time it takes are the same."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field

from storage.giving_way import deriving
from storage.ground import Ground
from storage.people.roster import Lead
from storage.sealing.box import OVERHEAD_BYTES, Place, open_box, seal
from storage.sealing.derive import wipe
from storage.sealing.errors import CannotOpen, WrongFactor
from storage.sealing.lead_keys import LEAD_COST, unwrap_seed
from storage.sealing.stretching import Cost
from storage.sealing.totp import SECRET_BYTES, verify_totp

_FORMAT = b"\x01"


@dataclass(frozen=True, slots=True)
class Judged:
    """The passphrase was right: the seed, which the caller wipes, and the TOTP step to keep; None for a wrong code."""

    seed: bytearray = field(repr=False)
    step: int | None


def seal_totp(ground: Ground, lead: str, secret: bytes) -> bytes:
    """Seal a TOTP secret under a server subkey, for one lead."""
    return seal(ground.server_key.subkey("totp"), _place(lead), secret)


async def judge(
    ground: Ground, lead: Lead | None, factors: tuple[str, str], last_step: int, cost: Cost = LEAD_COST
) -> Judged | None:
    """Judge passphrase and code, in a thread, behind the unlock gate; None for an unknown name and a wrong passphrase.

    Args:
        ground: For the key that seals TOTP secrets, and the clock.
        lead: Who it is said to be; None for an unknown name, for whom the same is computed.
        factors: Passphrase and code, as typed.
        last_step: The last TOTP step that served; -1 if none has.
        cost: What an unknown name costs: the same as the leads'.

    Raises:
        Tampered: The lead's own row does not open.
    """
    passphrase, code = factors
    sealed = _nobody(cost) if lead is None else lead.seed
    name, version = ("", 0) if lead is None else (str(lead.id), lead.seed_version)
    step = verify_totp(_secret(ground, lead), code, ground.now().timestamp(), last_step)
    async with deriving(ground.unlocks_gate):
        seed = await asyncio.to_thread(_unwrapped, sealed, passphrase, name, version)
    if seed is None:
        return None
    if lead is None or lead.shut_out:
        wipe(seed)
        return None
    return Judged(seed, step)


def _secret(ground: Ground, lead: Lead | None) -> bytes:
    if lead is None:
        return os.urandom(SECRET_BYTES)
    try:
        return open_box(ground.server_key.subkey("totp"), _place(lead.id), lead.totp)
    except CannotOpen:
        raise ground.forged() from None


def _unwrapped(sealed: bytes, passphrase: str, lead: str, version: int) -> bytearray | None:
    try:
        return unwrap_seed(sealed, passphrase, lead, version)
    except (WrongFactor, CannotOpen):
        return None


def _nobody(cost: Cost) -> bytes:
    """Give a wrapped seed that no passphrase opens and that costs as much to try."""
    return _FORMAT + cost.to_bytes() + os.urandom(16) + b"\x01" + os.urandom(OVERHEAD_BYTES - 1 + 32)


def _place(lead: str) -> Place:
    return Place("leads", None, lead, "totp", 0)
