"""The key to which another Hark seals a whole file, and with which this one signs that it has come. See decision 40.

Its seed is wrapped for each lead who reads, so that the server alone opens nothing that was sent here.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from storage.sealing.age.age_keys import read_recipient, recipient_text
from storage.sealing.primitives.derive import canonical, expand
from storage.sealing.primitives.errors import CannotOpen, NotGenuine
from storage.sealing.primitives.signing import sign, verify, verifying_key
from storage.sealing.primitives.xwing import KeyId, PrivateKey, PublicKey, key_id, public_key, unwrap, wrap
from storage.sealing.receipts.words import words_of

_WRAPPING: Final = "hark/transfer/wrapping/1"
_SIGNING: Final = "hark/transfer/signing/1"
_SEED: Final = "hark/transfer/seed/1"
_RECEIPT: Final = "hark/transfer/receipt/1"
_VERIFYING_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_DIGEST_BYTES: Final = 32
_READ_ALOUD: Final = 8  # words, of 11 bits each
_LETTERS_OF_RECEIPT: Final = 200  # 128 of them count


@dataclass(frozen=True, slots=True)
class TransferKey:
    """The public half: to which key a file is sealed (1,216 bytes), and by which its receipt is checked (32 bytes)."""

    wrapping: PublicKey
    verifying: bytes

    @property
    def text(self) -> str:
        """The key as it is printed and pasted, some 2,000 letters: an age recipient, a full stop, and 64 digits."""
        return f"{recipient_text(self.wrapping)}.{self.verifying.hex()}"

    @property
    def words(self) -> str:
        """Eight words by which two people compare it aloud (88 bits of its SHA-256)."""
        return read_aloud(sha256(canonical("hark/transfer/key/1", self.wrapping, self.verifying)).digest())


def transfer_key(seed: bytes | bytearray) -> TransferKey:
    """Give the public half of a 32-byte seed."""
    return TransferKey(public_key(expand(seed, _WRAPPING)), verifying_key(expand(seed, _SIGNING)))


def wrapping_seed(seed: bytes | bytearray) -> bytearray:
    """Give the seed that opens files which are sealed to the public half (`age_file.decrypt`)."""
    return expand(seed, _WRAPPING)


def read_transfer_key(text: str) -> TransferKey:
    """Read what `TransferKey.text` gave; spaces and lines anywhere in it do no harm.

    Raises:
        ValueError: It is none, or was mistyped or cut; the message holds nothing of it.
    """
    recipient, _, verifying = "".join(text.split()).partition(".")
    key = TransferKey(read_recipient(recipient), bytes.fromhex(verifying))
    if len(key.verifying) != _VERIFYING_BYTES:
        raise ValueError("not a transfer key")
    return key


def read_aloud(digest: bytes) -> str:
    """Give eight words for a digest of 11 bytes or more, to be compared aloud."""
    bits = int.from_bytes(digest[: _READ_ALOUD * 11 // 8])
    listed = words_of("en")
    return " ".join(listed[bits >> 11 * place & 2047] for place in reversed(range(_READ_ALOUD)))


def sign_receipt(seed: bytes | bytearray, digest: bytes) -> str:
    """Give the receipt for a container, as text: the signature of whoever received it over its digest."""
    signature = sign(expand(seed, _SIGNING), _RECEIPT, digest)
    return base64.urlsafe_b64encode(digest + signature).decode()


def check_receipt(verifying: bytes, digest: bytes, text: str) -> None:
    """Return quietly if a text is the receipt for this container from the holder of that key.

    Raises:
        NotGenuine: It is none, was mistyped or cut, is for another file, or of somebody else.
    """
    typed = "".join(text.split())
    try:
        told = base64.urlsafe_b64decode(typed) if len(typed) <= _LETTERS_OF_RECEIPT else b""
    except (binascii.Error, ValueError):
        raise NotGenuine from None
    if len(told) != _DIGEST_BYTES + _SIGNATURE_BYTES or told[:_DIGEST_BYTES] != digest:
        raise NotGenuine
    verify(verifying, told[_DIGEST_BYTES:], _RECEIPT, digest)


@dataclass(frozen=True, slots=True)
class SealedSeed:
    """The seed as it is kept: the public half, and a wrap for each key of a lead who read when it was made."""

    key: TransferKey
    wraps: Mapping[KeyId, bytes] = field(repr=False)


def seal_seed(seed: bytes | bytearray, leads: Iterable[PublicKey]) -> SealedSeed:
    """Wrap a seed for each of some leads (150 µs each).

    Raises:
        ValueError: A public key is not one.
    """
    key = transfer_key(seed)
    return SealedSeed(key, {key_id(one): wrap(one, _binding(key, key_id(one)), seed) for one in leads})


def open_seed(sealed: SealedSeed, own: Mapping[KeyId, PrivateKey]) -> bytes:
    """Open the seed with one of a lead's keys.

    Raises:
        CannotOpen: None of them is among those it was wrapped for, or it is not the seed of that public half.
    """
    named = next((one for one in sealed.wraps if one in own), None)
    if named is None:
        raise CannotOpen
    seed = unwrap(own[named], _binding(sealed.key, named), sealed.wraps[named])
    if transfer_key(seed) != sealed.key:
        raise CannotOpen
    return seed


def _binding(key: TransferKey, named: KeyId) -> bytes:
    return canonical(_SEED, key.wrapping, key.verifying, named)
