"""The one way in which values become bytes to be bound, signed or MACed: typed and length-prefixed.

No two different sequences of values give the same bytes, so nothing can slide from one field into the next.
"""

from collections.abc import Sequence
from typing import TypeAlias

Field: TypeAlias = "bytes | str | int | Sequence[Field] | None"


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
    return _encode(label) + _encode(fields)


def _encode(value: Field) -> bytes:
    if value is None:
        return _tagged(b"N", b"")
    if isinstance(value, str):
        return _tagged(b"S", value.encode())
    if isinstance(value, int):
        return _tagged(b"I", b"%d" % value)
    if isinstance(value, bytes):
        return _tagged(b"B", value)
    return b"L" + len(value).to_bytes(8) + b"".join(map(_encode, value))


def _tagged(tag: bytes, value: bytes) -> bytes:
    return tag + len(value).to_bytes(8) + value
