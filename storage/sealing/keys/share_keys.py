"""Seals what is shared with a partner, and what she answers: each under a fresh key, wrapped for those it is for alone.

No key of a case has a part in it. What is shared is sealed for one partner, what she answers for the recipients whom
the case has just then. See decision 36.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storage.sealing.keys.case_keys import WrapKind
from storage.sealing.primitives.box import Place, open_text, seal_text
from storage.sealing.primitives.derive import KEY_BYTES, canonical
from storage.sealing.primitives.xwing import KeyId, PrivateKey, PublicKey, key_id, unwrap, wrap

_NAME_BYTES = 16  # of a public key
_WRAP_BYTES = 1136 + KEY_BYTES  # what `xwing.wrap` makes of a key


@dataclass(frozen=True, slots=True)
class SealedShare:
    """What is shared, as it is kept: which key of the partner's opens it, the wrap for that, and the content."""

    key_id: KeyId
    wrapped: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedAnswer:
    """What a partner answers, as it is kept: 1,184 bytes for each reader, one after the other, and the content."""

    wraps: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


def seal_share(public: PublicKey, share: str, partner: str, text: str) -> SealedShare:
    """Seal a text for one partner (150 µs and its length).

    Args:
        public: The partner's 1,216 public bytes.
        share: The share's id; it opens as no other.
        partner: The partner's id.
        text: What she is to read; its length shows in steps only (`box.pad`).

    Raises:
        ValueError: The public key is not one; nothing was sealed.
    """
    key, named = os.urandom(KEY_BYTES), key_id(public)
    wrapped = wrap(public, _binding(share, partner, named), key)
    return SealedShare(named, wrapped, seal_text(key, _place(share), text))


def open_share(private: PrivateKey, share: str, partner: str, kept: SealedShare) -> str:
    """Open what `seal_share` made, with the private key that it was made for.

    Raises:
        CannotOpen: Anything at all differs, or it has ended.
    """
    key = unwrap(private, _binding(share, partner, kept.key_id), kept.wrapped)
    return open_text(key, _place(share), kept.sealed)


def rewrap_share(private: PrivateKey, public: PublicKey, share: str, partner: str, kept: SealedShare) -> SealedShare:
    """Wrap the key of a share anew for other keys of the same partner; its content stays as it is (300 µs).

    Args:
        private: That it was made for.
        public: Hers of now.
        share: The share's id.
        partner: The partner's id.
        kept: As `seal_share` made it.

    Raises:
        CannotOpen: The wrap is not for `private`, or anything of it differs.
        ValueError: The public key is not one.
    """
    key, named = unwrap(private, _binding(share, partner, kept.key_id), kept.wrapped), key_id(public)
    return SealedShare(named, wrap(public, _binding(share, partner, named), key), kept.sealed)


def seal_table(public: PublicKey, share: str, partner: str, text: str) -> bytes:
    """Seal what was said at a round table on a share, for its partner alone, under a fresh key each time (150 µs).

    Args:
        public: The partner's 1,216 public bytes.
        share: The share's id; it opens as no other.
        partner: The partner's id.
        text: What she is to read.

    Returns:
        The name of the partner's key, the wrap for it, and the content, one after the other.

    Raises:
        ValueError: The public key is not one; nothing was sealed.
    """
    key, named = os.urandom(KEY_BYTES), key_id(public)
    return named + wrap(public, _table_binding(share, partner, named), key) + seal_text(key, _table_place(share), text)


def open_table(held: Mapping[KeyId, PrivateKey], share: str, partner: str, kept: bytes) -> str | None:
    """Open what `seal_table` made, with one of the keys that are held; None where it is for none of them.

    Raises:
        CannotOpen: It is for one of them, and anything at all differs.
    """
    named, wrapped = KeyId(kept[:_NAME_BYTES]), kept[_NAME_BYTES : _NAME_BYTES + _WRAP_BYTES]
    if named not in held:
        return None
    key = unwrap(held[named], _table_binding(share, partner, named), wrapped)
    return open_text(key, _table_place(share), kept[_NAME_BYTES + _WRAP_BYTES :])


def seal_answer(readers: Iterable[PublicKey], share: str, number: int, text: str) -> SealedAnswer:
    """Seal a text for several readers (150 µs each).

    Args:
        readers: Their public keys.
        share: Of which share it is.
        number: Which of its answers, from 1.
        text: What is answered.

    Raises:
        ValueError: A public key is not one; nothing was sealed.
    """
    key, wraps = os.urandom(KEY_BYTES), b""
    for public in readers:
        named = key_id(public)
        wraps += named + wrap(public, _answer_binding(share, number, named), key)
    return SealedAnswer(wraps, seal_text(key, _answer_place(share, number), text))


def open_answer(held: Mapping[KeyId, PrivateKey], share: str, number: int, kept: SealedAnswer) -> str | None:
    """Open what `seal_answer` made with one of the keys that are held; None where it is for none of them.

    Raises:
        CannotOpen: It is for one of them, and anything at all differs.
    """
    each = _NAME_BYTES + _WRAP_BYTES
    for at in range(0, len(kept.wraps), each):
        named, blob = KeyId(kept.wraps[at : at + _NAME_BYTES]), kept.wraps[at + _NAME_BYTES : at + each]
        if named in held:
            key = unwrap(held[named], _answer_binding(share, number, named), blob)
            return open_text(key, _answer_place(share, number), kept.sealed)
    return None


def _binding(share: str, partner: str, named: KeyId) -> bytes:
    return canonical("hark/share/1", share, partner, named, WrapKind.PARTNER.value)


def _table_binding(share: str, partner: str, named: KeyId) -> bytes:
    return canonical("hark/share-table/1", share, partner, named, WrapKind.PARTNER.value)


def _table_place(share: str) -> Place:
    return Place("shares", None, share, "round_table", 0)


def _answer_binding(share: str, number: int, named: KeyId) -> bytes:
    return canonical("hark/share-answer/1", share, number, named)


def _place(share: str) -> Place:
    return Place("shares", None, share, "content", 0)


def _answer_place(share: str, number: int) -> Place:
    return Place("share_answers", None, share, "answer", number)
