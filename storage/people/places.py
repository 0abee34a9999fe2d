"""Where a lead unlocked before: marks of chats and devices, so that the lead is told of a new one; sealed.

It is outside the roster's MAC, since it changes with every unlock. Somebody who puts an older one back makes Hark tell
too much or, of a chat that was known then, nothing: it opens no desk.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, replace
from typing import Final

from storage.ground import Ground
from storage.sealing.box import Place, open_box, seal
from storage.sealing.errors import CannotOpen
from storage.values import Address, Arrival

#: Chats and devices remembered for each lead, the latest.
_MOST: Final = 10
_MARK: Final = 16  # bytes


@dataclass(frozen=True, slots=True)
class Places:
    """`marks` are chats in which, or devices on which, the lead unlocked, the latest last.

    `at` is when she did so last, in seconds since 1970, or 0. `before` is the chat in which she was told of things
    before the present one.
    """

    marks: tuple[str, ...] = ()
    at: int = 0
    before: Address | None = None

    def knows(self, mark: str) -> bool:
        """Whether the lead unlocked there before, as far as it is remembered."""
        return mark in self.marks


def mark_of(ground: Ground, lead: str, arrival: Arrival) -> str:
    """Give the mark of the device on which a lead unlocks, or of the chat where no device is known.

    It is an HMAC under a server subkey, in hexadecimal digits. A device's is another one for each lead.
    """
    if not arrival.device:
        return ground.mark(arrival.address)[:_MARK].hex()
    said = f"{lead}:{arrival.device}".encode("utf-8", "replace")
    return hmac.digest(ground.server_key.subkey("device-mark"), said, "sha256")[:_MARK].hex()


def visited(places: Places, mark: str, at: int, before: Address | None) -> Places:
    """Give the places after an unlock in the chat of a mark."""
    others = tuple(one for one in places.marks if one != mark)
    return replace(places, marks=(*others[1 - _MOST :], mark), at=at, before=before)


def seal_places(ground: Ground, lead: str, places: Places) -> bytes:
    """Seal them, for one lead."""
    before = [places.before.door, places.before.chat_id] if places.before else None
    content = json.dumps([places.marks, places.at, before]).encode()
    return seal(ground.server_key.address_key(), _place(lead), content)


def open_places(ground: Ground, lead: str, sealed: bytes | None) -> Places:
    """Open them; where there are none, or what is not genuine, which is counted, nowhere is known."""
    if sealed is None:
        return Places()
    try:
        marks, at, before = json.loads(open_box(ground.server_key.address_key(), _place(lead), sealed))
    except CannotOpen:
        ground.forged()
        return Places()
    return Places(tuple(marks), at, Address(*before) if before else None)


def _place(lead: str) -> Place:
    return Place("leads", None, lead, "places", 0)
