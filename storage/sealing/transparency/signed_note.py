"""Signed notes (c2sp.org/signed-note): a text, a blank line, and signature lines, here of one Ed25519 key."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.sealing.primitives.errors import NotGenuine

#: The signature type of Ed25519.
_ED25519: Final = b"\1"
_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_DASH: Final = "\N{EM DASH} "
_MOST: Final = 100_000  # characters of a note that are read
_SIGNATURES: Final = 64  # that are looked at


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key that signs notes: its name, without spaces or plus signs, and 32 bytes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(f"{self.name}\n".encode() + _ED25519 + self.public).digest()[:_ID_BYTES]

    def text(self) -> str:
        """Give the key as one line, `NAME+ID+KEY`, as other programs for signed notes read it."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class SignerKey:
    """What signs notes: a name and a 32-byte Ed25519 seed."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())


def read_verifier_key(text: str) -> VerifierKey:
    """Read what `VerifierKey.text` gave.

    Raises:
        NotGenuine: It is no such key, or its id is not its own.
    """
    try:
        name, known, encoded = text.strip().split("+", 2)
        content = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise NotGenuine from None
    key = VerifierKey(name, content[1:])
    if not _is_name(name) or content[:1] != _ED25519 or len(key.public) != _KEY_BYTES or key.id.hex() != known:
        raise NotGenuine
    return key


def sign_note(text: str, key: SignerKey) -> str:
    """Give a text, which ends in a line break, as a note with one signature (RFC 8032): the same for the same text."""
    return add_signature(f"{text}\n", key)


def add_signature(note: str, key: SignerKey) -> str:
    """Give a note with one more signature below it; without any it is the text and an empty line."""
    text = note.rpartition("\n\n")[0]
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(f"{text}\n".encode())
    line = base64.b64encode(key.verifier.id + signature).decode()
    return f"{note}{_DASH}{key.name} {line}\n"


def open_note(note: str, keys: Collection[VerifierKey]) -> str:
    """Give the text of a note that one of the keys signed; signatures of other keys are not looked at.

    Raises:
        NotGenuine: It is no note, none of the keys signed it, or what says so is not that key's signature.
    """
    text, parted, signatures = note.rpartition("\n\n")
    if len(note) > _MOST or not parted or not note.endswith("\n") or any(sign < " " and sign != "\n" for sign in note):
        raise NotGenuine
    lines, known = signatures.splitlines(), {(key.name, key.id): key for key in keys}
    if not 0 < len(lines) <= _SIGNATURES:
        raise NotGenuine
    found = [known[of] for line in lines if (of := _named(line)) in known and _verify(known[of], line, f"{text}\n")]
    if not found:
        raise NotGenuine
    return f"{text}\n"


def _named(line: str) -> tuple[str, bytes]:
    name, signature = _parted(line)
    return name, signature[:_ID_BYTES]


def _verify(key: VerifierKey, line: str, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(_parted(line)[1][_ID_BYTES:], text.encode())
    except (InvalidSignature, ValueError):
        raise NotGenuine from None
    return True


def _parted(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        signature = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise NotGenuine from None
    if not line.startswith(_DASH) or not _is_name(name) or len(signature) <= _ID_BYTES:
        raise NotGenuine
    return name, signature


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(sign.isspace() for sign in name)
