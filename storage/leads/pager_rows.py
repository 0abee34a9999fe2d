"""Rows of how a lead is reached: the e-mail address for notices, what became of each way, and their emptied rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from storage.core.core import StoreCore
from storage.database.turn import Cell
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_box, seal, seal_anew

_NAMES: Final = ("lead_id", "sealed", "asked_at", "tries", "confirmed_at", "version")
#: What an address that has ended leaves, so that the old one cannot be put back.
ENDED: Final[Mapping[str, Cell]] = {"sealed": b"", "asked_at": 0, "tries": 0, "confirmed_at": 0}
_TRIED: Final = ("taken_at", "refused_at", "version")
UNTRIED: Final[Mapping[str, Cell]] = {"taken_at": 0, "refused_at": 0}


def pager_name(lead: str) -> str:
    """Give what the register calls the row of a lead."""
    return f"pager {lead}"


def is_pager_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote, now or before."""
    return key.made(row["mac"], "pager/1", *(row[name] for name in _NAMES))


def pager_columns(core: StoreCore, lead: str, values: Mapping[str, Cell]) -> dict[str, Cell]:
    """Give the columns of a row but its key, with their MAC."""
    return _with_mac(core.server_key, lead, values)


def seal_pager(key: ServerKey, lead: str, address: str, code: str) -> bytes:
    """Seal a lead's address, and the code that confirms it."""
    return seal(key.address_key(), _place(lead), json.dumps([address, code]).encode())


def open_pager(key: ServerKey, lead: str, sealed: bytes) -> tuple[str, str]:
    """Give what `seal_pager` sealed: address and code.

    Raises:
        CannotOpen: It is another lead's, or was changed.
    """
    address, code = json.loads(open_box(key.address_key(), _place(lead), sealed))
    return address, code


def pager_anew(old: ServerKey, new: ServerKey, row: Mapping[str, Any]) -> dict[str, Cell]:
    """Give the columns of a row but its key, sealed and bound under another server key.

    Raises:
        CannotOpen: The address does not open under `old`.
    """
    lead, sealed = row["lead_id"], row["sealed"]
    again = seal_anew(old.address_key(), new.address_key(), _place(lead), sealed) if sealed else b""
    return _with_mac(new, lead, {**row, "sealed": again})


def reached_name(lead: str, channel: str) -> str:
    """Give what the register calls the row of a lead and a channel."""
    return f"reached {lead} {channel}"


def is_reached_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote, now or before."""
    return key.made(row["mac"], "reached/1", row["lead_id"], row["channel"], *(row[name] for name in _TRIED))


def reached_columns(key: ServerKey, lead: str, channel: str, values: Mapping[str, Cell]) -> dict[str, Cell]:
    """Give the columns of a row but its key, with their MAC."""
    cells = {name: values[name] for name in _TRIED}
    return {**cells, "mac": key.mac("reached/1", lead, channel, *cells.values())}


def _with_mac(key: ServerKey, lead: str, values: Mapping[str, Cell]) -> dict[str, Cell]:
    cells = {name: values[name] for name in _NAMES[1:]}
    return {**cells, "mac": key.mac("pager/1", lead, *cells.values())}


def _place(lead: str) -> Place:
    return Place("pagers", None, lead, "pager", 0)
