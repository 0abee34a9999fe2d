"""Receipts: drawn, read as typed, derived in a thread, with the deployment's salt."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import select

from storage.core.core import StoreCore, one_row
from storage.database.schema.leads import deployment
from storage.database.turn import Insert
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.receipts.reading import read_receipt
from storage.sealing.receipts.receipt import Receipt, ReceiptKeys, Slip, derive, new_receipt, token_to_receipt
from storage.values.errors import Conflict

#: What the register calls the row.
DEPLOYMENT: Final = "deployment"
_SALT_BYTES: Final = 32

_TOKEN_CHARACTERS = 15  # 11 bytes in base64url without padding (RFC 4648, section 5)


async def begin_deployment(core: StoreCore) -> None:
    """Read the salt, or draw it where there never was one.

    Raises:
        Tampered: It is not the one that was drawn, or was taken away: with another one no receipt would open its case.
        Unavailable: The database, or the register, cannot be read or written.
    """
    if not await _read(core):
        core.register.require_floor(DEPLOYMENT, 0)
        salt = os.urandom(_SALT_BYTES)
        mac = core.server_key.mac("deployment/1", salt)
        with suppress(Conflict):  # another process was first, and its salt is everybody's
            await core.commit(Insert(deployment, {"id": 1, "receipt_salt": salt, "mac": mac}))
        await _read(core)
    core.register.note_floor(DEPLOYMENT, 1)


def is_deployment(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote."""
    return key.made(row["mac"], "deployment/1", row["receipt_salt"])


async def _read(core: StoreCore) -> bool:
    async with core.read() as connection:
        row = await one_row(connection, select(deployment))
    if row is None:
        return False
    if not is_deployment(core.server_key, row):
        raise core.forgeries.record()
    core.receipt_salt = row["receipt_salt"]
    return True


def draw(language: str) -> Receipt:
    """Draw a receipt in the reporter's language, in English words where that has no list; nothing is kept by it."""
    return new_receipt(language, os.urandom)


def read(words_or_token: str) -> Receipt | Slip:
    """Read words as a person typed them, or the token of a button; nothing is looked up.

    Args:
        words_or_token: At most a message; 15 ASCII characters without a space are taken for a token.

    Returns:
        A receipt that is in itself right, or what is amiss; whether there is a case for it `find_case` tells.
    """
    text = words_or_token.strip()
    if len(text) == _TOKEN_CHARACTERS and text.isascii() and " " not in text:
        return token_to_receipt(text)
    return read_receipt(text)


async def keys_of_drawn(core: StoreCore, receipt: Receipt) -> ReceiptKeys:
    """Derive the keys of a receipt that Hark has drawn or kept itself: about 50 ms in a thread, ahead of guesses."""
    return await core.derivations.of_draw(derive, receipt, core.receipt_salt, core.receipt_cost)


async def keys_of_typed(core: StoreCore, receipt: Receipt, source: bytes) -> ReceiptKeys:
    """Derive what a receipt opens that somebody brought: about 50 ms, whether or not there is a case for it.

    Raises:
        Crowded: Too many guesses wait; nothing was derived.
    """
    derivations = core.derivations
    async with derivations.line("receipt", source) as turn:
        return await derivations.guess(turn, derive, receipt, core.receipt_salt, core.receipt_cost)
