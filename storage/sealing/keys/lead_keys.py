"""A lead's keys, all from one seed that the passphrase opens; and fingerprints, by which people compare keys.

A wrapped seed is: format byte, cost (8), salt (16), and a box (`box`) under Argon2id of the passphrase.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from storage.sealing.primitives.argon2 import Cost, stretch
from storage.sealing.primitives.box import Place, open_into_buffer, seal
from storage.sealing.primitives.derive import KEY_BYTES, canonical, expand, wipe
from storage.sealing.primitives.errors import CannotOpen, WrongFactor
from storage.sealing.primitives.signing import verifying_key
from storage.sealing.primitives.xwing import KeyId, PrivateKey, PublicKey, key_id, private_key, public_key

# RFC 9106, section 4, second choice, with one lane (see `Cost`).
LEAD_COST = Cost(memory_kib=64 * 1024, passes=3)
_FORMAT = b"\x01"
_SALT_BYTES = 16
_HEADER_BYTES = len(_FORMAT) + 8 + _SALT_BYTES

TAG_BYTES: Final = 16
_DIGITS: Final = 40  # about 133 bits: nobody finds a second key with the same ones
_GROUP: Final = 5  # digits


@dataclass(frozen=True, slots=True)
class PublicCard:
    """What everybody may know of a lead's keys: it goes on the roster, under its MAC."""

    key_id: KeyId
    wrapping: PublicKey
    verifying: bytes


@dataclass(frozen=True, slots=True)
class LeadKeys:
    """The keys of an unlocked lead; the holder calls `wipe` in the end.

    Attributes:
        private: Opens the lead's wraps.
        signing_seed: Signs the lead's entries (32 bytes).
        own: A box key for the lead's own rows (32 bytes).
        tags: Makes the tags of names (`name_tag`), 32 bytes.
        index: A box key for the segments of her index of names (32 bytes).
        card: The public halves.
    """

    private: PrivateKey = field(repr=False)
    signing_seed: bytearray = field(repr=False)
    own: bytearray = field(repr=False)
    tags: bytearray = field(repr=False)
    index: bytearray = field(repr=False)
    card: PublicCard

    def wipe(self) -> None:
        """Overwrite all keys but one: the library frees its own private key with the last reference."""
        for key in (self.signing_seed, self.own, self.tags, self.index):
            wipe(key)


def new_lead_seed() -> bytearray:
    """Draw a new seed of 32 bytes; the caller wipes it once wrapped."""
    return bytearray(os.urandom(KEY_BYTES))


def lead_keys(seed: bytes | bytearray) -> LeadKeys:
    """Derive all keys of a lead from the 32-byte seed.

    The buffers within are secret: the holder calls `LeadKeys.wipe` in the end, and wipes the seed, which is untouched.

    Raises:
        ValueError: The seed is not 32 bytes long (a bug).
    """
    wrapping_seed = expand(seed, "hark/lead/x-wing/1")
    signing_seed = expand(seed, "hark/lead/ed25519/1")
    public = public_key(wrapping_seed)
    private = private_key(wrapping_seed)
    wipe(wrapping_seed)
    card = PublicCard(key_id(public), public, verifying_key(signing_seed))
    own, tags, index = (expand(seed, f"hark/lead/{purpose}/1") for purpose in ("own", "tags", "index"))
    return LeadKeys(private, signing_seed, own, tags, index, card)


def name_tag(keys: LeadKeys, kind: str, name: str) -> bytes:
    """Give the 16 bytes by which a name is known to one lead: the same name has another tag for every other lead.

    HMAC-SHA-256 (RFC 2104) under `LeadKeys.tags`, cut to 128 bits. About 4 µs.

    Args:
        keys: Hers, not wiped.
        kind: What of a name it is, such as `surname`.
        name: Folded (`flows/names/forms.py`).
    """
    return hmac.digest(keys.tags, canonical("hark/name-tag/1", kind, name), "sha256")[:TAG_BYTES]


def public_card(seed: bytes | bytearray) -> PublicCard:
    """Give the public halves of a lead's keys; the private ones are wiped before this returns.

    Raises:
        ValueError: The seed is not 32 bytes long (a bug).
    """
    keys = lead_keys(seed)
    keys.wipe()
    return keys.card


def wrap_seed(seed: bytes | bytearray, passphrase: str, lead: str, version: int, cost: Cost = LEAD_COST) -> bytes:
    """Seal a lead's seed under a passphrase. Blocking (270 ms, 64 MiB): call it in a thread, few at once.

    Args:
        seed: The 32 bytes.
        passphrase: As typed; it is brought to NFC, nothing else. `passphrase.check_passphrase` judges it first.
        lead: The lead's id.
        version: Counts the lead's passphrases; an old wrap does not open as a new one.
        cost: Kept in the wrap, so it can be raised later.

    Returns:
        The wrapped seed (122 bytes).
    """
    salt = os.urandom(_SALT_BYTES)
    key = _passphrase_key(passphrase, salt, cost)
    try:
        return _FORMAT + cost.to_bytes() + salt + seal(key, _place(lead, version), seed)
    finally:
        wipe(key)


def unwrap_seed(wrapped: bytes, passphrase: str, lead: str, version: int) -> bytearray:
    """Open a lead's seed. Blocking like `wrap_seed`.

    Returns:
        The seed, in a buffer that the caller wipes.

    Raises:
        WrongFactor: The passphrase is wrong, or the wrap is another lead's or version's, or was changed: these
            cannot be told apart.
        CannotOpen: This is no wrapped seed at all.
    """
    if len(wrapped) < _HEADER_BYTES or wrapped[:1] != _FORMAT:
        raise CannotOpen
    cost, salt = Cost.from_bytes(wrapped[1:9]), wrapped[9:_HEADER_BYTES]
    key = _passphrase_key(passphrase, salt, cost)
    try:
        return open_into_buffer(key, _place(lead, version), wrapped[_HEADER_BYTES:])
    except CannotOpen:
        raise WrongFactor from None
    finally:
        wipe(key)


def seal_former_seed(keys: LeadKeys, former: bytes | bytearray, lead: str, version: int) -> bytes:
    """Seal the seed of before under a lead's new keys, for as long as something is still sealed for it.

    Args:
        keys: The new keys.
        former: The 32 bytes.
        lead: The lead's id.
        version: That of the new seed's wrap.
    """
    return seal(keys.own, _former_place(lead, version), former)


def open_former_seed(keys: LeadKeys, sealed: bytes, lead: str, version: int) -> bytearray:
    """Open what `seal_former_seed` gave; the caller wipes it.

    Raises:
        CannotOpen: It is another lead's or version's, or was changed.
    """
    return open_into_buffer(keys.own, _former_place(lead, version), sealed)


def _passphrase_key(passphrase: str, salt: bytes, cost: Cost) -> bytearray:
    typed = bytearray(unicodedata.normalize("NFC", passphrase).encode())
    try:
        return stretch(typed, salt, cost)
    finally:
        wipe(typed)


def _place(lead: str, version: int) -> Place:
    return Place("lead", None, lead, "seed", version)


def _former_place(lead: str, version: int) -> Place:
    return Place("lead", None, lead, "former seed", version)


def fingerprint(wrapping: bytes, verifying: bytes = b"") -> str:
    """Give eight groups of five digits for public keys: a decimal of their SHA-256, modulo 10^40.

    Args:
        wrapping: What is sealed for, 1,216 bytes; of a lead, or the recovery key.
        verifying: What a lead signs with, 32 bytes; a recovery key has none.
    """
    digest = hashlib.sha256(canonical("hark/fingerprint/1", wrapping, verifying)).digest()
    digits = f"{int.from_bytes(digest) % 10**_DIGITS:0{_DIGITS}}"
    return " ".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))
