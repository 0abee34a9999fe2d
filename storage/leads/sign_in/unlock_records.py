"""What is kept of unlockings: the code's step, the chats seen before, the day; and who is told of one (decision 19).

It is under one MAC, and outside the roster's, since it changes with every unlock. Somebody who puts an older one back
makes Hark tell too much or, of a chat that was known then, nothing: it opens no desk.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from flows.duty.escalation import next_morning
from flows.values.ids import LeadId, NoticeKind
from storage.core.core import StoreCore
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Insert, Row
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Address, Arrival
from storage.values.errors import Tampered

#: Chats and devices remembered for each lead, the latest.
_MOST: Final = 10
_MARK: Final = 16  # bytes


@dataclass(frozen=True, slots=True)
class KnownPlaces:
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


def mark_of(core: StoreCore, lead: str, arrival: Arrival) -> str:
    """Give the mark of the device on which a lead unlocks, or of the chat where no device is known.

    It is an HMAC under a server subkey, in hexadecimal digits. A device's is another one for each lead.
    """
    if not arrival.device:
        return core.marks.of_address(arrival.address)[:_MARK].hex()
    said = f"{lead}:{arrival.device}".encode("utf-8", "replace")
    return hmac.digest(core.server_key.subkey("device-mark"), said, "sha256")[:_MARK].hex()


def visited(places: KnownPlaces, mark: str, at: int, before: Address | None) -> KnownPlaces:
    """Give the places after an unlock in the chat of a mark; the ten latest stay.

    Args:
        places: As they were.
        mark: Of the chat or device, which becomes the latest.
        at: When, in seconds since 1970.
        before: The chat in which the lead was told of things before this one.
    """
    others = tuple(one for one in places.marks if one != mark)
    return replace(places, marks=(*others[1 - _MOST :], mark), at=at, before=before)


def seal_places(core: StoreCore, lead: str, places: KnownPlaces) -> bytes:
    """Seal them under a server subkey, for one lead: an unlock needs them before the passphrase has opened anything."""
    before = [places.before.door, places.before.chat_id] if places.before else None
    content = json.dumps([places.marks, places.at, before]).encode()
    return seal(core.server_key.address_key(), _place(lead), content)


def open_places(core: StoreCore, lead: str, sealed: bytes | None) -> KnownPlaces:
    """Open them; where there are none, or what is not genuine, which is counted, nowhere is known.

    So an unlock is told as one in a new place: too much is told rather than too little.
    """
    if sealed is None:
        return KnownPlaces()
    try:
        marks, at, before = json.loads(open_box(core.server_key.address_key(), _place(lead), sealed))
    except CannotOpen:
        core.forgeries.record()
        return KnownPlaces()
    return KnownPlaces(tuple(marks), at, Address(*before) if before else None)


def _place(lead: str) -> Place:
    return Place("leads", None, lead, "places", 0)


#: What has to be read of a row to judge it.
STATE: Final = tuple(leads.c[name] for name in ("id", "totp_step", "chat", "unlocked_day", "places", "state_mac"))
_NAMES: Final = ("id", "totp_step", "chat", "unlocked_day", "places")


def state_name(lead: str) -> str:
    """Give what the register calls the row of a lead."""
    return f"lead {lead}"


def state_columns(
    core: StoreCore, lead: str, step: int, chat: bytes | None, day: str | None, places: bytes | None
) -> dict[str, Cell]:
    """Give the columns, with their MAC; after the commit `Register.note_floor` is told the step.

    Args:
        core: For the server's key.
        lead: Whose; the MAC binds the row to this lead.
        step: The TOTP step that served last. It only grows, and is what the register holds against an older row.
        chat: As `LeadChats.seal` gave it, if there is one.
        day: The day of the unlock (ISO, UTC), if there was one.
        places: As `seal_places` gave them.
    """
    values: dict[str, Cell] = {"totp_step": step, "chat": chat, "unlocked_day": day, "places": places}
    return {**values, "state_mac": core.server_key.mac("lead-state/1", lead, *values.values())}


def is_state_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row, with the columns of `STATE`, is one that Hark wrote, now or before."""
    return key.made(row["state_mac"], "lead-state/1", *(row[name] for name in _NAMES))


def require_state(core: StoreCore, row: Mapping[str, Any]) -> None:
    """Return quietly if a row, with the columns of `STATE`, is the newest that was kept.

    Raises:
        Tampered: It was changed, or put back; or the register is not the one that was written.
        Unavailable: The register cannot be read or written.
    """
    if not is_state_row(core.server_key, row):
        raise core.forgeries.record()
    core.register.require_floor(state_name(row["id"]), row["totp_step"])


def is_state(core: StoreCore, row: Mapping[str, Any]) -> bool:
    """Tell whether a row, with the columns of `STATE`, is the newest that was kept; what is not genuine is counted.

    Raises:
        Unavailable: The register cannot be read or written.
    """
    try:
        require_state(core, row)
    except Tampered:
        return False
    return True


@dataclass(frozen=True, slots=True)
class SignIn:
    """An unlock: whose, where she was told of things before it, where it was, and whether she unlocked there before.

    `mailed`: she is told by e-mail too.
    """

    lead: LeadId
    told_in: Address | None
    here: Address
    mailed: bool
    is_known: bool


def notice_of(one: SignIn, now: datetime) -> tuple[Row, ...]:
    """Give the row that tells the lead of an unlock, if that reaches her; `now` is aware, UTC.

    Of a new place she is told at once, elsewhere than there. Of known ones she is told at the next fixed hour, once
    for all of them.
    """
    by_chat = one.told_in is not None and one.told_in.door == "telegram"
    if not one.mailed and not (by_chat and (one.is_known or one.told_in != one.here)):
        return ()
    kind: NoticeKind = "known_sign_in" if one.is_known else "sign_in"
    due = next_morning(now) if one.is_known else now
    whom: dict[str, Cell] = {"lead_id": one.lead, "return_id": None, "case_id": None, "kind": kind}
    return (Insert(outbox, {**whom, "rank": 3, "rung": 0, "not_before": int(due.timestamp())}),)


def told_at(before: Address | None, now: Address) -> Address:
    """Give where a lead is told of things: a Telegram chat stays that, since a closed web page tells nobody.

    Args:
        before: Where she was told until now, if anywhere.
        now: The chat in which she has just unlocked.
    """
    return before if before is not None and before.door == "telegram" and now.door == "web" else now
