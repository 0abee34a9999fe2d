"""The keys of a case and their wraps: who holds a wrap opens the case, and nobody else does.

Each epoch of a case has a talk key (recipients and reporter: narrative, messages) and a desk key (recipients only:
header, notes, decisions). An exclusion after sending starts a new epoch with new keys. All wraps but that for the
recovery identity are HPKE with the binding as `info` (`xwing`).

That one is an age file, so that stock `age` opens it where there is no Hark. Inside is plain text: a title, the case
and epoch, a digest of all that the wrap is bound to, and the two keys in hex.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives.constant_time import bytes_eq

from storage.sealing.age import age_file
from storage.sealing.primitives.derive import KEY_BYTES, canonical, expand
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId, PrivateKey, PublicKey, key_id, unwrap, wrap


class WrapKind(StrEnum):
    """The kind of holder a wrap is for; only the reporter's wrap lacks the desk key."""

    LEAD = "lead"
    REPORTER = "reporter"
    RECOVERY = "recovery"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Epoch:
    """One generation of a case's keys: the case's id and a number from 1."""

    case: str | bytes
    number: int


@dataclass(frozen=True, slots=True)
class CaseKeys:
    """The keys of one epoch, 32 bytes each; `desk` is None for a reporter."""

    talk: bytes = field(repr=False)
    desk: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Commitments:
    """What binds an epoch's keys without telling them, 32 bytes each; kept in clear and under the case's MAC."""

    talk: bytes
    desk: bytes


@dataclass(frozen=True, slots=True)
class Wrap:
    """The keys of one epoch, for one public key."""

    epoch: Epoch
    kind: WrapKind
    key_id: KeyId
    blob: bytes


def new_case_keys() -> CaseKeys:
    """Draw fresh keys for a new epoch: talk key and desk key, 32 random bytes each, independent of earlier epochs."""
    return CaseKeys(os.urandom(KEY_BYTES), os.urandom(KEY_BYTES))


def commit_to(epoch: Epoch, keys: CaseKeys) -> Commitments:
    """Give the commitments to both keys of an epoch.

    Raises:
        ValueError: There is no desk key (a reporter's keys commit to nothing; a bug).
    """
    if keys.desk is None:
        raise ValueError("a reporter's keys cannot be committed to")
    return Commitments(_commitment(epoch, "talk", keys.talk), _commitment(epoch, "desk", keys.desk))


def wrap_case_keys(epoch: Epoch, keys: CaseKeys, readers: Iterable[tuple[WrapKind, PublicKey]]) -> tuple[Wrap, ...]:
    """Wrap an epoch's keys for each reader, in the order given; the reporter gets the talk key alone.

    Raises:
        ValueError: There is no desk key, or a public key is not one (a bug: nothing was wrapped).
    """
    commitments = commit_to(epoch, keys)
    return tuple(_wrap_one(epoch, keys, commitments, kind, public) for kind, public in readers)


def wrap_talk_key(epoch: Epoch, talk: bytes, commitments: Commitments, public: PublicKey) -> Wrap:
    """Wrap the talk key alone, as a reporter has it, for somebody who may read what was said and not the desk's part.

    Args:
        epoch: Whose key it is.
        talk: 32 bytes.
        commitments: Those of the same epoch, whose MAC the caller has checked.
        public: Whom it is for.
    """
    return _wrap_one(epoch, CaseKeys(talk, None), commitments, WrapKind.REPORTER, public)


def unwrap_case_keys(key: bytes | bytearray | PrivateKey, wrapped: Wrap, commitments: Commitments) -> CaseKeys:
    """Open a wrap with the seed, or private key, that it was made for.

    Args:
        key: The reader's 32-byte seed or its `xwing.private_key`.
        wrapped: The wrap as it was stored.
        commitments: Those of the same epoch, whose MAC the caller has checked.

    Raises:
        CannotOpen: Another key, another case, epoch or kind, or keys other than those committed to.
    """
    opens = open_for_recovery if wrapped.kind is WrapKind.RECOVERY else unwrap
    binding = _binding(wrapped.epoch, wrapped.kind, wrapped.key_id, commitments)
    keys = _split(wrapped.kind, opens(key, binding, wrapped.blob))
    if not bytes_eq(_commitment(wrapped.epoch, "talk", keys.talk), commitments.talk):
        raise CannotOpen
    if keys.desk and not bytes_eq(_commitment(wrapped.epoch, "desk", keys.desk), commitments.desk):
        raise CannotOpen
    return keys


def _wrap_one(epoch: Epoch, keys: CaseKeys, commitments: Commitments, kind: WrapKind, public: PublicKey) -> Wrap:
    named, desk = key_id(public), keys.desk or b""
    binding = _binding(epoch, kind, named, commitments)
    if kind is WrapKind.RECOVERY:
        blob = seal_for_recovery(public, _name(epoch), binding, keys.talk, desk)
    else:
        blob = wrap(public, binding, keys.talk if kind is WrapKind.REPORTER else keys.talk + desk)
    return Wrap(epoch, kind, named, blob)


def _name(epoch: Epoch) -> str:
    case = epoch.case if isinstance(epoch.case, str) else epoch.case.hex()
    return f"case {case!r} epoch {epoch.number}"


def _split(kind: WrapKind, plain: bytes) -> CaseKeys:
    if len(plain) != (KEY_BYTES if kind is WrapKind.REPORTER else 2 * KEY_BYTES):
        raise CannotOpen
    return CaseKeys(plain[:KEY_BYTES], plain[KEY_BYTES:] or None)


def _binding(epoch: Epoch, kind: WrapKind, named: KeyId, commitments: Commitments) -> bytes:
    bound = (epoch.case, epoch.number, named, kind.value, commitments.talk, commitments.desk)
    return canonical("hark/wrap/1", *bound)


def _commitment(epoch: Epoch, which: str, key: bytes) -> bytes:
    return bytes(expand(key, "hark/case-key-commitment/1", epoch.case, epoch.number, which))


_TITLE = "hark recovery wrap 1"


def seal_for_recovery(public: PublicKey, name: str, binding: bytes, talk: bytes, desk: bytes) -> bytes:
    """Write the wrap.

    Args:
        public: The recovery identity's 1,216 public bytes.
        name: Case and epoch on one line, for whoever reads the text by eye.
        binding: The canonical bytes of everything that the wrap is bound to.
        talk: The talk key (32 bytes).
        desk: The desk key (32 bytes).
    """
    lines = (_TITLE, name, f"bound {_digest(binding)}", f"talk {talk.hex()}", f"desk {desk.hex()}")
    return age_file.encrypt(public, "".join(f"{line}\n" for line in lines).encode())


def open_for_recovery(key: bytes | bytearray | PrivateKey, binding: bytes, blob: bytes) -> bytes:
    """Read the wrap with the recovery identity's seed, and give talk key and desk key one after the other.

    Raises:
        CannotOpen: It is for another identity, bound to something else, changed, or no recovery wrap.
    """
    lines = age_file.decrypt(key, blob).split(b"\n")
    bound, talk, desk = (_value(lines, word) for word in (b"bound ", b"talk ", b"desk "))
    if lines[0] != _TITLE.encode() or not bytes_eq(bound, _digest(binding).encode()):
        raise CannotOpen
    try:
        return bytes.fromhex(talk.decode()) + bytes.fromhex(desk.decode())
    except ValueError:
        raise CannotOpen from None


def _value(lines: list[bytes], word: bytes) -> bytes:
    return next((line.removeprefix(word) for line in lines[2:] if line.startswith(word)), b"")


def _digest(binding: bytes) -> str:
    return hashlib.sha256(binding).hexdigest()
