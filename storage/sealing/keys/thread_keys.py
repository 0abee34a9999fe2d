"""Seals what several people write together: a thread has one key, wrapped for each of those who take part.

Each writing is sealed under that key at its own place. Who takes part later is given the same key and reads what was
written before; who does not any more gets no wrap, and keeps what was read. See decision 39.
"""

import os
from collections.abc import Iterable, Iterator, Mapping

from storage.sealing.primitives.box import Place, open_text, seal_text
from storage.sealing.primitives.derive import KEY_BYTES, canonical
from storage.sealing.primitives.xwing import KeyId, PrivateKey, PublicKey, key_id, unwrap, wrap

_NAME_BYTES = 16  # of a public key
_WRAP_BYTES = 1136 + KEY_BYTES  # what `xwing.wrap` makes of a key


def new_thread_key() -> bytes:
    """Draw the key of a new thread."""
    return os.urandom(KEY_BYTES)


def wrap_thread(readers: Iterable[PublicKey], thread: str, key: bytes) -> bytes:
    """Wrap the key of a thread for several readers, in the order of their keys' names (150 µs and 1,184 bytes each).

    Raises:
        ValueError: A public key is not one; nothing was wrapped.
    """
    named = sorted((key_id(public), public) for public in readers)
    return b"".join(name + wrap(public, _binding(thread, name), key) for name, public in named)


def wrap_over(wraps: bytes, thread: str, key: bytes, former: KeyId, public: PublicKey) -> bytes:
    """Give the wraps with one for a reader's new key in the place of that for her key of before; the others stay.

    Raises:
        ValueError: The public key is not one; nothing was wrapped.
    """
    kept = {name: blob for name, blob in _parts(wraps) if name not in {former, key_id(public)}}
    kept[key_id(public)] = wrap(public, _binding(thread, key_id(public)), key)
    return b"".join(name + blob for name, blob in sorted(kept.items()))


def wrapped_for(wraps: bytes) -> frozenset[KeyId]:
    """Give for which keys a thread's key is wrapped."""
    return frozenset(name for name, _ in _parts(wraps))


def open_thread(held: Mapping[KeyId, PrivateKey], thread: str, wraps: bytes) -> bytes | None:
    """Give the key of a thread, by one of the private keys that are held; None where it is for none of them.

    Raises:
        CannotOpen: It is for one of them, and anything at all differs.
    """
    for name, blob in _parts(wraps):
        if name in held:
            return unwrap(held[name], _binding(thread, name), blob)
    return None


def seal_writing(key: bytes, thread: str, number: int, text: str) -> bytes:
    """Seal what is written as `number` of a thread; its length shows in steps only (`box.pad`)."""
    return seal_text(key, _place(thread, number), text)


def open_writing(key: bytes, thread: str, number: int, sealed: bytes) -> str:
    """Open what `seal_writing` made.

    Raises:
        CannotOpen: Anything at all differs.
    """
    return open_text(key, _place(thread, number), sealed)


def _parts(wraps: bytes) -> Iterator[tuple[KeyId, bytes]]:
    each = _NAME_BYTES + _WRAP_BYTES
    for at in range(0, len(wraps), each):
        yield KeyId(wraps[at : at + _NAME_BYTES]), wraps[at + _NAME_BYTES : at + each]


def _binding(thread: str, name: KeyId) -> bytes:
    return canonical("hark/thread/1", thread, name)


def _place(thread: str, number: int) -> Place:
    return Place("thread_writings", None, thread, "writing", number)
