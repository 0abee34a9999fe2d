"""Values as canonical bytes, keys from keys by HKDF-Expand (RFC 5869), and buffers that are wiped.

No two different sequences of values give the same bytes, so nothing can slide from one field into the next.
"""

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

Field: TypeAlias = "bytes | str | int | Sequence[Field] | None"

_head: Final = Struct(">cQ").pack  # the tag, and the length or the number of items
_NONE: Final = _head(b"N", 0)
_SHORT: Final = 100
_TEXTS, _NUMBERS, _BYTES = ([_head(tag, length) for length in range(_SHORT)] for tag in (b"S", b"I", b"B"))

KEY_BYTES = 32  # of every derived key, unless a caller asks for another length


def canonical(label: str, *fields: Field) -> bytes:
    """Encode a domain separation label and its fields, unambiguously.

    Each value is one tag byte, its length as 8 bytes big-endian, and its bytes; text is UTF-8 as given (not
    normalised), a number is decimal ASCII, a sequence is the number of its items and then the items.

    Args:
        label: What the bytes are for, with a format version, such as `hark/box/1`.
        fields: Texts, bytes, whole numbers, None, or sequences of these. `True` and 1 are the same.

    Returns:
        The encoding; different arguments never share one.
    """
    parts: list[bytes] = []
    _encode((label, fields), parts.append)
    return b"".join(parts)


def _encode(values: Sequence[Field], add: Callable[[bytes], None]) -> None:
    """Add the parts of each value: a loop, since a call for each costs as much as all of its work."""
    for value in values:
        if isinstance(value, str):  # the most frequent first: every turn encodes some forty values
            text = value.encode()
            add(_TEXTS[len(text)] if len(text) < _SHORT else _head(b"S", len(text)))
            add(text)
        elif isinstance(value, int):
            digits = b"%d" % value
            add(_NUMBERS[len(digits)] if len(digits) < _SHORT else _head(b"I", len(digits)))
            add(digits)
        elif isinstance(value, bytes):
            add(_BYTES[len(value)] if len(value) < _SHORT else _head(b"B", len(value)))
            add(value)
        elif value is None:
            add(_NONE)
        else:
            add(_head(b"L", len(value)))
            _encode(value, add)


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
    """Overwrite a buffer with zeros in place.

    Copies made elsewhere are not reached: `bytes` and `str` are never wiped, so a secret is kept in a `bytearray`.
    """
    buffer[:] = bytes(len(buffer))


class Keyed:
    """Makes MACs under one key, which stays in memory as long as this does. Safe for threads."""

    def __init__(self, key: bytes) -> None:
        """Take the key, 32 bytes."""
        self._begun = HMAC(key, SHA256())

    def of(self, message: bytes) -> bytes:
        """Give the MAC of a message, 32 bytes."""
        mac = self._begun.copy()
        mac.update(message)
        return mac.finalize()
