"""What belongs to the deployment as a whole: the salt of every receipt, drawn once and never again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import select

from storage.ground import Ground, one_row
from storage.refusals import Conflict
from storage.schema.people import deployment
from storage.sealing.server_key import ServerKey
from storage.turns import Insert

#: What the register calls the row.
DEPLOYMENT: Final = "deployment"
_SALT_BYTES: Final = 32


async def begin_deployment(ground: Ground) -> None:
    """Read the salt, or draw it where there never was one.

    Raises:
        Tampered: It is not the one that was drawn, or was taken away: with another one no receipt would open its case.
        Unavailable: The database, or the register, cannot be read or written.
    """
    if not await _read(ground):
        ground.require_floor(DEPLOYMENT, 0)
        salt = os.urandom(_SALT_BYTES)
        mac = ground.server_key.mac("deployment/1", salt)
        with suppress(Conflict):  # another process was first, and its salt is everybody's
            await ground.commit(Insert(deployment, {"id": 1, "receipt_salt": salt, "mac": mac}))
        await _read(ground)
    ground.note_floor(DEPLOYMENT, 1)


def is_deployment(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote."""
    return key.made(row["mac"], "deployment/1", row["receipt_salt"])


async def _read(ground: Ground) -> bool:
    async with ground.read() as connection:
        row = await one_row(connection, select(deployment))
    if row is None:
        return False
    if not is_deployment(ground.server_key, row):
        raise ground.forged()
    ground.receipt_salt = row["receipt_salt"]
    return True
