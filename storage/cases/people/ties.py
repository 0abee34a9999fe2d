"""What is said of two cases at once: one half in each, as random as the other, and together what was said.

Whoever opens one of them learns nothing from its half, not even which the other case is: the halves are a one-time pad
split in two, and only their number, drawn at random, is the same. See decision 33.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from struct import Struct, error
from typing import Final

from flows.cases.people import TIES, Tie
from storage.cases.answers_json import Object
from storage.cases.entries import Opened

#: What the entries are called. They are shown in no history, since that would tell of the other case.
TIED: Final = "tied"
#: The tie by its place in `TIES`, the people's numbers in the case whose id is lower and in the other, and zeros.
_SAID: Final = Struct(">BII7s")
_ZEROS: Final = bytes(7)
BYTES: Final = 16  # of a number, and of a half


@dataclass(frozen=True, slots=True)
class Half:
    """One half, as it was found in a case: in which entry, and by whom."""

    entry: int
    author: str
    number: bytes
    half: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tying:
    """What is said of two cases, and of one person in each; 0 where it is of the cases."""

    tie: Tie
    low: int = 0
    high: int = 0


def split(said: Tying) -> tuple[dict[str, str], dict[str, str]]:
    """Give the particulars of both entries: that of the case whose id is lower first. Each call draws anew."""
    whole = _SAID.pack(TIES.index(said.tie), said.low, said.high, _ZEROS)
    number, pad = os.urandom(BYTES).hex(), os.urandom(BYTES)
    return {"number": number, "half": pad.hex()}, {"number": number, "half": _xor(pad, whole).hex()}


def joined(one: Half, other: Half) -> Tying | None:
    """Give what two halves say; None where they are not of one whole, or not of one author."""
    if (one.number, one.author) != (other.number, other.author):
        return None
    try:
        place, low, high, zeros = _SAID.unpack(_xor(one.half, other.half))
    except error:
        return None
    return Tying(TIES[place], low, high) if zeros == _ZEROS and place < len(TIES) else None


def half_in(opened: Opened) -> Half | None:
    """Give the half that an entry holds, or None."""
    detail = opened.content.get("detail")
    if opened.content.get("what") != TIED or not isinstance(detail, dict):
        return None
    try:
        number, half = bytes.fromhex(str(detail["number"])), bytes.fromhex(str(detail["half"]))
    except (KeyError, ValueError):  # an author whose program is not Hark
        return None
    fits = len(number) == len(half) == BYTES
    return Half(opened.number, opened.author, number, half) if fits else None


def is_tied(content: Object) -> bool:
    """Tell whether an entry is one of these, which is shown to nobody by itself."""
    return content.get("what") == TIED


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
