"""Seals one content under one key, bound to its place, padded to 1, 4 and 16 KiB, then PADMÉ.

PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PETS 2019)
costs at most 12 % and leaks O(log log n) bits. The end of the content is marked as in ISO/IEC 7816-4.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq

from storage.sealing.primitives.derive import canonical, expand, wipe
from storage.sealing.primitives.errors import CannotOpen

STEPS = (1024, 4096, 16384)  # bytes
_MARK = b"\x80"  # ISO/IEC 7816-4: the first byte of the padding; zeros follow

_FORMAT = b"\x01"
_SALT_BYTES = 16
_COMMITMENT_BYTES = 32
_TAG_BYTES = 16  # AES-GCM (NIST SP 800-38D)
OVERHEAD_BYTES = len(_FORMAT) + _SALT_BYTES + _COMMITMENT_BYTES + _TAG_BYTES
# A zero nonce is safe because the AES key serves once: it comes from a salt that is fresh in every `seal`, which
# draws it by itself so that no caller can repeat one. Two of n boxes share a salt with a chance of n² / 2^129.
_NONCE = bytes(12)


def padded_length(length: int) -> int:
    """Tell how many bytes a content of `length` bytes has once padded.

    Returns:
        The next of 1,024, 4,096 and 16,384 bytes, and beyond these the length that PADMÉ gives; always more than
            `length`.
    """
    needed = length + len(_MARK)
    return next((step for step in STEPS if needed <= step), _padme(needed))


def pad(content: bytes) -> bytes:
    """Pad content of any length (also none) to the next step.

    The mark and the zeros after it are those of ISO/IEC 7816-4, so `unpad` gives back also what ends in zeros.
    """
    return (content + _MARK).ljust(padded_length(len(content)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Give back what `pad` was given.

    Raises:
        CannotOpen: These bytes do not come from `pad`.
    """
    content = padded.rstrip(b"\0")
    if not content.endswith(_MARK) or len(padded) != padded_length(len(content) - 1):
        raise CannotOpen
    return content[:-1]


def _padme(length: int) -> int:
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed content is kept; it opens nowhere else.

    Attributes:
        table: The table's name.
        case: The case's id, or None for what belongs to no case.
        entry: The row's id within the table.
        kind: Which of the row's sealed columns, or what kind of entry.
        version: The row's version, from 0; an old version does not open as a new one.
    """

    table: str
    case: str | bytes | None
    entry: str | bytes | int
    kind: str
    version: int

    def bound(self) -> bytes:
        """Give the canonical associated data."""
        return canonical("hark/place/1", self.table, self.case, self.entry, self.kind, self.version)


def seal(key: bytes | bytearray, place: Place, plain: bytes | bytearray) -> bytes:
    """Seal a content for one place; 65 bytes longer than the content, whose exact length shows.

    Args:
        key: 32 random bytes; it may seal 2^32 boxes and more.
        place: Where it will be kept, exactly.
        plain: The content, at most 2^31 - 1 bytes.

    Returns:
        The sealed box; two boxes of the same content have nothing in common.
    """
    salt = os.urandom(_SALT_BYTES)
    once = _expand_once(key, salt)
    try:
        sealed = AESGCM(memoryview(once)[:32]).encrypt(_NONCE, plain, place.bound())
        return b"".join((_FORMAT, salt, once[32:], sealed))
    finally:
        wipe(once)


def open_box(key: bytes | bytearray, place: Place, sealed: bytes) -> bytes:
    """Open what `seal` made with the same key for the same place.

    Raises:
        CannotOpen: Anything at all differs; nothing was released.
    """
    opened = open_into_buffer(key, place, sealed)
    try:
        return bytes(opened)
    finally:
        wipe(opened)


def open_into_buffer(key: bytes | bytearray, place: Place, sealed: bytes) -> bytearray:
    """Open like `open_box`, into the only copy there is; the caller wipes it. For keys rather than texts.

    Raises:
        CannotOpen: Anything at all differs; nothing was released.
    """
    if len(sealed) < OVERHEAD_BYTES or sealed[:1] != _FORMAT:
        raise CannotOpen
    salt, commitment, encrypted = sealed[1:17], sealed[17:49], sealed[49:]
    once, opened = _expand_once(key, salt), bytearray(len(encrypted) - _TAG_BYTES)
    try:
        # The commitment makes it impossible to craft one box that opens under two keys to two contents.
        if not bytes_eq(bytes(once[32:]), commitment):
            raise CannotOpen
        AESGCM(memoryview(once)[:32]).decrypt_into(_NONCE, encrypted, place.bound(), opened)
    except InvalidTag:
        wipe(opened)
        raise CannotOpen from None
    finally:
        wipe(once)
    return opened


def seal_anew(old: bytes, new: bytes, place: Place, sealed: bytes) -> bytes:
    """Seal under another key what stands in the same place; both are 32 bytes.

    Raises:
        CannotOpen: It was not sealed there under `old`.
    """
    return seal(new, place, open_box(old, place, sealed))


def seal_text(key: bytes | bytearray, place: Place, text: str) -> bytes:
    """Seal a text, padded so that its length shows only in steps (see `pad`).

    Raises:
        UnicodeEncodeError: The text holds a lone surrogate; nothing was sealed. `answers_json.escaped` takes these out.
    """
    return seal(key, place, pad(text.encode()))


def open_text(key: bytes | bytearray, place: Place, sealed: bytes) -> str:
    """Open what `seal_text` made.

    Raises:
        CannotOpen: Anything at all differs, or what is inside is not a padded text.
    """
    try:
        return unpad(open_box(key, place, sealed)).decode()
    except UnicodeDecodeError:
        raise CannotOpen from None


def _expand_once(key: bytes | bytearray, salt: bytes) -> bytearray:
    return expand(key, "hark/box/1", salt, length=32 + _COMMITMENT_BYTES)
