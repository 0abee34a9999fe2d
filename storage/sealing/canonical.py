"""The one way in which values become bytes to be bound, signed or MACed: typed and length-prefixed.

No two different sequences of values give the same bytes, so nothing can slide from one field into the next.
"""

from collections.abc import Sequence
from struct import Struct
from typing import Final, TypeAlias

Field: TypeAlias = "bytes | str | int | Sequence[Field] | None"

_HEAD: Final = Struct(">cQ").pack  # the tag, and the length or the number of items
_NONE: Final = _HEAD(b"N", 0)


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
    if isinstance(value, str):  # the most frequent first: every turn encodes some forty values
        text = value.encode()
        return _HEAD(b"S", len(text)) + text
    if isinstance(value, int):
        digits = b"%d" % value
        return _HEAD(b"I", len(digits)) + digits
    if isinstance(value, bytes):
        return _HEAD(b"B", len(value)) + value
    if value is None:
        return _NONE
    return _HEAD(b"L", len(value)) + b"".join(map(_encode, value))
