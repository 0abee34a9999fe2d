"""Keys from keys: HKDF-Expand (RFC 5869) with a canonical label, and buffers that can be wiped."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from storage.sealing.canonical import Field, canonical

KEY_BYTES = 32


def expand(key: bytes | bytearray, label: str, *fields: Field, length: int = KEY_BYTES) -> bytearray:
    """Derive bytes for one purpose from a key that is already uniformly random.

    Args:
        key: 32 uniformly random bytes (or the output of Argon2id); never a passphrase.
        label: The purpose, with a format version; distinct purposes never share one.
        fields: What else the result depends on.
        length: How many bytes to give, at most 8,160.

    Returns:
        A buffer that the caller wipes with `wipe` once it has served.

    Raises:
        ValueError: The key is not 32 bytes long (a bug).
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a key is 32 bytes")
    derived = bytearray(length)
    HKDFExpand(SHA256(), length, canonical(label, *fields)).derive_into(key, derived)
    return derived


def wipe(buffer: bytearray) -> None:
    """Overwrite a buffer with zeros in place; copies made elsewhere are not reached."""
    buffer[:] = bytes(len(buffer))
