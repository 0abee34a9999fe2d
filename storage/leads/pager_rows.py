"""The row of a lead's e-mail address for notices: its version, its MAC, and the emptied row that ends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from storage.core.core import StoreCore
from storage.database.turn import Cell
from storage.sealing.keys.server_key import ServerKey

_NAMES: Final = ("lead_id", "sealed", "asked_at", "tries", "confirmed_at", "version")
#: What an address that has ended leaves, so that the old one cannot be put back.
ENDED: Final[Mapping[str, Cell]] = {"sealed": b"", "asked_at": 0, "tries": 0, "confirmed_at": 0}


def pager_name(lead: str) -> str:
    """Give what the register calls the row of a lead."""
    return f"pager {lead}"


def is_pager_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote, now or before."""
    return key.made(row["mac"], "pager/1", *(row[name] for name in _NAMES))


def pager_columns(core: StoreCore, lead: str, values: Mapping[str, Cell]) -> dict[str, Cell]:
    """Give the columns of a row but its key, with their MAC."""
    cells = {name: values[name] for name in _NAMES[1:]}
    return {**cells, "mac": core.server_key.mac("pager/1", lead, *cells.values())}
