"""Wraps secrets for a person's public key: HPKE (RFC 9180) with the post-quantum X-Wing hybrid.

Suite: MLKEM768_X25519, HKDF_SHA256, AES_256_GCM. A key pair is a 32-byte seed, expanded as in the C2SP age
specification and draft-ietf-hpke-pq, so an `age` post-quantum identity is such a seed too (see `age_keys`).
"""

import hashlib
from typing import NewType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import CannotOpen

PublicKey = NewType("PublicKey", bytes)  # 1,216 bytes: ML-KEM-768 encapsulation key, X25519 public key
KeyId = NewType("KeyId", bytes)  # 16 bytes: which public key a wrap is for
PrivateKey = MLKEM768X25519PrivateKey

SEED_BYTES = 32
PUBLIC_BYTES = 1216  # ML-KEM's 1,184 and X25519's 32 (RFC 7748)
_MLKEM_SEED_BYTES = 64  # d and z (FIPS 203, algorithm 16)
_MLKEM_PUBLIC_BYTES = 1184  # FIPS 203, table 3, ML-KEM-768
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def private_key(seed: bytes | bytearray) -> PrivateKey:
    """Expand a 32-byte seed into a private key (110 µs; keep it where many wraps are opened).

    Raises:
        ValueError: The seed is not 32 bytes long (a bug).
    """
    mlkem, x25519 = _halves(seed)
    return MLKEM768X25519PrivateKey(mlkem, x25519)


def public_key(seed: bytes | bytearray) -> PublicKey:
    """Give the 1,216 public bytes that belong to a 32-byte seed.

    Raises:
        ValueError: The seed is not 32 bytes long (a bug).
    """
    mlkem, x25519 = _halves(seed)
    return PublicKey(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())


def key_id(public: PublicKey) -> KeyId:
    """Name a public key by 16 bytes of its SHA-256."""
    return KeyId(hashlib.sha256(canonical("hark/key-id/1", public)).digest()[:16])


def wrap(public: PublicKey, info: bytes, secret: bytes | bytearray, suite: Suite = _SUITE) -> bytes:
    """Encrypt a secret for the holder of a public key's seed (150 µs).

    Args:
        public: The recipient's 1,216 public bytes.
        info: What the wrap is bound to; it opens only with exactly these bytes.
        secret: Any bytes; the wrap is 1,136 bytes longer.
        suite: The HPKE suite; only age files have another.

    Returns:
        The encapsulated key (1,120 bytes) followed by the ciphertext.

    Raises:
        ValueError: The public key is not one (damaged, or of another kind).
    """
    if len(public) != PUBLIC_BYTES:
        raise ValueError("a public key is 1,216 bytes")
    mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES])
    x25519 = X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:])
    return suite.encrypt(secret, MLKEM768X25519PublicKey(mlkem, x25519), info)


def unwrap(key: bytes | bytearray | PrivateKey, info: bytes, blob: bytes, suite: Suite = _SUITE) -> bytes:
    """Decrypt what `wrap` made, with the seed or with its `private_key`.

    Raises:
        CannotOpen: It is for another key, bound to something else, or changed.
    """
    private = private_key(key) if isinstance(key, bytes | bytearray) else key
    try:
        return suite.decrypt(blob, private, info)
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def _halves(seed: bytes | bytearray) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed is 32 bytes")
    expanded = hashlib.shake_256(seed).digest(96)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:]),
    )
