"""What changes of a lead with every unlock: the step of the code that served, the chats, and the day; under one MAC.

The step only grows, so it is the version of the row too: the newest one stands in the register beside the key file. A
row that was put back is not genuine, and a code that served once never serves again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from storage.ground import Ground
from storage.refusals import Tampered
from storage.schema.people import leads
from storage.sealing.server_key import ServerKey
from storage.turns import Cell

#: What has to be read of a row to judge it.
STATE: Final = tuple(leads.c[name] for name in ("id", "totp_step", "chat", "unlocked_day", "places", "state_mac"))
_NAMES: Final = ("id", "totp_step", "chat", "unlocked_day", "places")


def state_name(lead: str) -> str:
    """Give what the register calls the row of a lead."""
    return f"lead {lead}"


def state_columns(
    ground: Ground, lead: str, step: int, chat: bytes | None, day: str | None, places: bytes | None
) -> dict[str, Cell]:
    """Give the columns, with their MAC; after the commit `Ground.note_floor` is told the step."""
    values: dict[str, Cell] = {"totp_step": step, "chat": chat, "unlocked_day": day, "places": places}
    return {**values, "state_mac": ground.server_key.mac("lead-state/1", lead, *values.values())}


def is_state_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row, with the columns of `STATE`, is one that Hark wrote, now or before."""
    return key.made(row["state_mac"], "lead-state/1", *(row[name] for name in _NAMES))


def require_state(ground: Ground, row: Mapping[str, Any]) -> None:
    """Return quietly if a row, with the columns of `STATE`, is the newest that was kept.

    Raises:
        Tampered: It was changed, or put back.
    """
    if not is_state_row(ground.server_key, row):
        raise ground.forged()
    ground.require_floor(state_name(row["id"]), row["totp_step"])


def is_state(ground: Ground, row: Mapping[str, Any]) -> bool:
    """Tell the same; what is not genuine is counted."""
    try:
        require_state(ground, row)
    except Tampered:
        return False
    return True
