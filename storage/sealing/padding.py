"""Hides the exact length of what is sealed: 1, 4 and 16 KiB, then PADMÉ.

PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PETS 2019)
costs at most 12 % and leaks O(log log n) bits. The end of the content is marked as in ISO/IEC 7816-4.
"""

from storage.sealing.errors import CannotOpen

STEPS = (1024, 4096, 16384)  # bytes
_MARK = b"\x80"


def padded_length(length: int) -> int:
    """Tell how many bytes a content of `length` bytes has once padded: always more than `length`."""
    needed = length + len(_MARK)
    return next((step for step in STEPS if needed <= step), _padme(needed))


def pad(content: bytes) -> bytes:
    """Pad content of any length (also none) to the next step; `unpad` gives it back."""
    return (content + _MARK).ljust(padded_length(len(content)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Give back what `pad` was given.

    Raises:
        CannotOpen: These bytes do not come from `pad`.
    """
    content = padded.rstrip(b"\0")
    if not content.endswith(_MARK) or len(padded) != padded_length(len(content) - 1):
        raise CannotOpen
    return content[:-1]


def _padme(length: int) -> int:
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask
