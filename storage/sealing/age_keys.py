"""The texts in which age writes post-quantum keys (C2SP age specification): a seed, and the public key for it."""

import os

from storage.sealing import bech32
from storage.sealing.xwing import PUBLIC_BYTES, SEED_BYTES, PublicKey

_IDENTITY = "age-secret-key-pq-"
_RECIPIENT = "age1pq"


def new_identity_seed() -> bytes:
    """Draw the 32-byte seed of a new identity."""
    return os.urandom(SEED_BYTES)


def identity_text(seed: bytes) -> str:
    """Write a seed as `AGE-SECRET-KEY-PQ-1…`, to be printed once and kept offline."""
    return bech32.encode(_IDENTITY, seed).upper()


def recipient_text(public: PublicKey) -> str:
    """Write a public key as `age1pq1…` (1,959 characters)."""
    return bech32.encode(_RECIPIENT, public)


def read_identity(text: str) -> bytes:
    """Read a seed back from `AGE-SECRET-KEY-PQ-1…`; space around it does no harm.

    Raises:
        ValueError: It is not one; the message holds nothing of the text.
    """
    return _read(text, _IDENTITY, SEED_BYTES)


def read_recipient(text: str) -> PublicKey:
    """Read a public key back from `age1pq1…`; space around it does no harm.

    Raises:
        ValueError: It is not one.
    """
    return PublicKey(_read(text, _RECIPIENT, PUBLIC_BYTES))


def _read(text: str, wanted: str, length: int) -> bytes:
    prefix, content = bech32.decode(text.strip())
    if prefix != wanted or len(content) != length:
        raise ValueError("not an age post-quantum key of this kind")
    return content
