"""The row of what became of a way to a lead: its version, its MAC, and the emptied row of a lead who is out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from storage.database.turn import Cell
from storage.sealing.keys.server_key import ServerKey

_TRIED: Final = ("taken_at", "refused_at", "version")
UNTRIED: Final[Mapping[str, Cell]] = {"taken_at": 0, "refused_at": 0}


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
