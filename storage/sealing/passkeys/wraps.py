"""A lead's seed, wrapped a second time: under what the PRF of one passkey gives (WebAuthn Level 3, section 10.1.4).

The PRF is evaluated at one input for every passkey, since it is not known before which one answers; the authenticator
holds a key of its own for each. What is drawn for each goes into the derivation.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from storage.sealing.primitives.box import Place, open_into_buffer, seal
from storage.sealing.primitives.derive import KEY_BYTES, expand, wipe
from storage.sealing.primitives.errors import CannotOpen, WrongFactor

_LABEL: Final = "hark/lead/passkey/1"
#: What the PRF is evaluated at.
PRF_INPUT: Final = b"hark/lead/passkey/prf/1"
SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class PasskeyWrap:
    """The seed of one lead, wrapped for one passkey; `version` is that of the lead's row when it was added."""

    lead: str
    credential: bytes
    version: int
    salt: bytes
    blob: bytes = field(repr=False, default=b"")


def wrap_for_passkey(
    seed: bytes | bytearray, prf: bytearray, lead: str, credential: bytes, version: int
) -> PasskeyWrap:
    """Seal a lead's seed under what a passkey's PRF gave (32 bytes), with a fresh salt.

    Raises:
        ValueError: `prf` is not 32 bytes long.
    """
    made = PasskeyWrap(lead, credential, version, os.urandom(SALT_BYTES))
    key = _key(prf, made)
    try:
        return PasskeyWrap(lead, credential, version, made.salt, seal(key, _place(made), seed))
    finally:
        wipe(key)


def unwrap_for_passkey(wrap: PasskeyWrap, prf: bytearray) -> bytearray:
    """Open a lead's seed, in a buffer that the caller wipes.

    Raises:
        WrongFactor: The PRF gave something else, or the wrap is another lead's, passkey's or version's, or was changed.
    """
    if len(prf) != KEY_BYTES:
        raise WrongFactor
    key = _key(prf, wrap)
    try:
        return open_into_buffer(key, _place(wrap), wrap.blob)
    except CannotOpen:
        raise WrongFactor from None
    finally:
        wipe(key)


def _key(prf: bytearray, wrap: PasskeyWrap) -> bytearray:
    return expand(prf, _LABEL, wrap.salt, wrap.lead, wrap.credential, wrap.version)


def _place(wrap: PasskeyWrap) -> Place:
    return Place("passkeys", None, wrap.lead, "seed", wrap.version)
