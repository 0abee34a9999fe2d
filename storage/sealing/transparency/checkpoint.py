"""Checkpoints (c2sp.org/tlog-checkpoint) and inclusion proofs (c2sp.org/tlog-proof@v1) of a log, as texts."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.transparency.merkle_tree import HASH_BYTES, hash_leaf, verify_inclusion
from storage.sealing.transparency.signed_note import SignerKey, VerifierKey, open_note, sign_note

_HEAD: Final = "c2sp.org/tlog-proof@v1"
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,17}")
#: Characters of a seal, 100 bits, and how they are grouped.
_SEAL: Final = 20
_GROUP: Final = 5
SURE: Final = 12  # whole bytes of those bits


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: who issued it, how many leaves its tree has, and the root of that tree."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Give the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def sign(self, key: SignerKey) -> str:
        """Give the whole note; the key's name is the origin."""
        return sign_note(self.text(), key)

    def seal(self) -> str:
        """Give 20 letters and digits that stand for this checkpoint and tell nothing of it, the size neither.

        Whoever has the log finds the checkpoint again by trying every size. The root is known to nobody else.
        """
        return read_seal(base64.b32encode(self.seal_digest())[:_SEAL].decode())

    def seal_digest(self) -> bytes:
        """Give what the seal is the beginning of, 32 bytes; five times as fast, for whoever compares many."""
        return sha256(canonical("hark/audit-seal/1", self.text())).digest()


def read_seal(typed: str) -> str:
    """Give a seal as it is shown, in groups of five, however it was typed."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def seal_beginning(seal: str) -> bytes:
    """Give the first 12 bytes of the digest of a seal; none for what cannot be one."""
    try:
        return base64.b32decode(seal.replace("-", "") + "====")[:SURE]
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That a leaf, counted from 0, stands in the log of a checkpoint; `leaf` is the row that it is the hash of."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """Give the proof as a file holds it."""
        lines = (_HEAD, f"extra {_encoded(self.leaf)}", f"index {self.index}", *map(_encoded, self.path))
        return "\n".join((*lines, "", self.note))

    def holds(self, checkpoint: Checkpoint) -> bool:
        """Whether it is right for the checkpoint that its note holds, once that was verified."""
        return verify_inclusion(self.index, checkpoint.size, hash_leaf(self.leaf), self.path, checkpoint.root)


def read_checkpoint(note: str, keys: Collection[VerifierKey]) -> Checkpoint:
    """Read a checkpoint whose note one of the keys signed.

    Raises:
        NotGenuine: It was signed by none of them, or is no checkpoint.
    """
    origin, size, root, *further = [*open_note(note, keys).split("\n")[:-1], "", "", ""]
    if not origin or not _DECIMAL.fullmatch(size) or any(not line for line in further[:-3]):
        raise NotGenuine
    return Checkpoint(origin, int(size), _hash(root))


def notes_in(text: str) -> Iterator[str]:
    """Give the notes of a file to which they were appended, each with a blank line before it; CRLF counts as a break.

    Raises:
        NotGenuine: There is none, or text without its signatures.
    """
    parts = [part for part in re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n")) if part]
    if not parts or len(parts) % 2:
        raise NotGenuine
    return (f"{body}\n\n{signatures}\n" for body, signatures in zip(parts[::2], parts[1::2], strict=True))


def is_proof(text: str) -> bool:
    """Tell whether a file holds an inclusion proof, and not checkpoints."""
    return text.startswith(f"{_HEAD}\n")


def read_proof(text: str) -> InclusionProof:
    """Read what `InclusionProof.text` gave; nothing of it is verified yet.

    Raises:
        NotGenuine: It is no such proof.
    """
    head, parted, note = text.replace("\r\n", "\n").partition("\n\n")
    name, extra, index, *path = [*head.split("\n"), "", ""]
    leaf, number = extra.removeprefix("extra "), index.removeprefix("index ")
    if not parted or name != _HEAD or leaf == extra or number == index or not _DECIMAL.fullmatch(number):
        raise NotGenuine
    return InclusionProof(_decoded(leaf), int(number), tuple(map(_hash, path[:-2])), note)


def _hash(text: str) -> bytes:
    found = _decoded(text)
    if len(found) != HASH_BYTES:
        raise NotGenuine
    return found


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise NotGenuine from None
