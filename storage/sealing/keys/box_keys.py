"""Keys of the box: a key pair for each site and term, wrapped for those who open it; letters of one size.

See decision 38.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from storage.sealing.primitives.derive import KEY_BYTES, canonical, expand
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId, PrivateKey, PublicKey, key_id, private_key, public_key, unwrap, wrap

_NAME_BYTES = 16  # of a public key
_WRAP_BYTES = 1136 + KEY_BYTES  # what `xwing.wrap` makes of a seed
_LETTER_BYTES = 64  # every letter, whatever it says
_MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class BoxKeys:
    """The key pair of one box: its public half, and its seed wrapped for each holder, 1,184 bytes each."""

    public: PublicKey
    wraps: bytes = field(repr=False)


def new_box(holders: Iterable[PublicKey], site: str, term: str) -> BoxKeys:
    """Draw the key pair of a box and wrap it for its holders (150 µs each); the seed is kept nowhere else.

    Args:
        holders: Their public keys.
        site: The site's id.
        term: The first day of the term (ISO 8601).

    Raises:
        ValueError: A public key is not one; nothing was drawn.
    """
    seed = os.urandom(KEY_BYTES)
    return BoxKeys(public_key(seed), wrapped_for(holders, seed, site, term))


def wrapped_for(holders: Iterable[PublicKey], seed: bytes, site: str, term: str) -> bytes:
    """Give the wraps of a box's seed, one after the other, as they stand in its row.

    Raises:
        ValueError: A public key is not one.
    """
    return b"".join(key_id(one) + wrap(one, _wrap_binding(site, term, key_id(one)), seed) for one in holders)


def holders_of(wraps: bytes) -> frozenset[KeyId]:
    """Name the keys that a box is wrapped for."""
    return frozenset(named for named, _ in _parted(wraps))


def without_holders(wraps: bytes, gone: Collection[KeyId]) -> bytes:
    """Give the wraps of a box without those for some keys."""
    return b"".join(named + blob for named, blob in _parted(wraps) if named not in gone)


def open_seed(held: Mapping[KeyId, PrivateKey], wraps: bytes, site: str, term: str) -> bytes | None:
    """Give the seed of a box by one of the keys that are held; None where it is wrapped for none of them.

    Raises:
        CannotOpen: It is wrapped for one of them, and anything at all differs.
    """
    for named, blob in _parted(wraps):
        if named in held:
            return unwrap(held[named], _wrap_binding(site, term, named), blob)
    return None


def opener(seed: bytes) -> PrivateKey:
    """Expand a box's seed into what opens its letters (110 µs).

    Raises:
        ValueError: It is not 32 bytes long (a bug).
    """
    return private_key(seed)


def seal_letter(public: PublicKey, site: str, term: str, content: bytes) -> bytes:
    """Seal a letter: 1,200 bytes, whatever it says (150 µs).

    Raises:
        ValueError: The public key is not one, or the content is longer than a letter (a bug).
    """
    if len(content) >= _LETTER_BYTES:
        raise ValueError("a letter is shorter")
    return wrap(public, _letter_binding(site, term), content.ljust(_LETTER_BYTES, b"\0"))


def open_letter(key: PrivateKey, site: str, term: str, sealed: bytes) -> bytes:
    """Open what `seal_letter` made (124 µs); the zeros behind the content stay.

    Raises:
        CannotOpen: Anything at all differs.
    """
    content = unwrap(key, _letter_binding(site, term), sealed)
    if len(content) != _LETTER_BYTES:
        raise CannotOpen
    return content


def mark_of(secret: bytes, site: str, occasion: str, question: str) -> bytes:
    """Give 16 bytes by which it is known that a question was asked or answered, to nobody without the receipt.

    Args:
        secret: The receipt's signing seed (32 bytes).
        site: The site's id.
        occasion: On which of the occasions.
        question: Its id; empty for having been asked.
    """
    return bytes(expand(secret, "hark/box-mark/1", site, occasion, question, length=_MARK_BYTES))


def _parted(wraps: bytes) -> Iterable[tuple[KeyId, bytes]]:
    each = _NAME_BYTES + _WRAP_BYTES
    for at in range(0, len(wraps), each):
        yield KeyId(wraps[at : at + _NAME_BYTES]), wraps[at + _NAME_BYTES : at + each]


def _wrap_binding(site: str, term: str, named: KeyId) -> bytes:
    return canonical("hark/box/1", site, term, named)


def _letter_binding(site: str, term: str) -> bytes:
    return canonical("hark/letter/1", site, term)
