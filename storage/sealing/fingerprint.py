"""Fingerprints: forty digits by which people compare public keys, read out or beside each other on two screens."""

from __future__ import annotations

import hashlib
from typing import Final

from storage.sealing.canonical import canonical

_DIGITS: Final = 40  # about 133 bits: nobody finds a second key with the same ones
_GROUP: Final = 5


def fingerprint(wrapping: bytes, verifying: bytes = b"") -> str:
    """Give eight groups of five digits for public keys: a decimal of their SHA-256, modulo 10^40.

    Args:
        wrapping: What is sealed for, 1,216 bytes; of a lead, or the recovery key.
        verifying: What a lead signs with, 32 bytes; a recovery key has none.
    """
    digest = hashlib.sha256(canonical("hark/fingerprint/1", wrapping, verifying)).digest()
    digits = f"{int.from_bytes(digest) % 10**_DIGITS:0{_DIGITS}}"
    return " ".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))
