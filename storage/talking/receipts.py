"""Receipts, derived in a thread, a few at a time; unlocks have a queue of their own."""

from __future__ import annotations

import asyncio
import os

from storage.giving_way import deriving
from storage.ground import Ground
from storage.sealing.receipt import Receipt, ReceiptKeys, Slip, derive, new_receipt, token_to_receipt
from storage.sealing.receipt_reading import read_receipt

_TOKEN_CHARACTERS = 15


def draw(language: str) -> Receipt:
    """Draw a receipt in the reporter's language."""
    return new_receipt(language, os.urandom)


def read(words_or_token: str) -> Receipt | Slip:
    """Read words as a person typed them, or the token of a button; nothing is looked up."""
    text = words_or_token.strip()
    if len(text) == _TOKEN_CHARACTERS and text.isascii() and " " not in text:
        return token_to_receipt(text)
    return read_receipt(text)


async def keys_of(ground: Ground, receipt: Receipt) -> ReceiptKeys:
    """Derive what a receipt opens: about 50 ms, whether or not there is a case for it."""
    async with deriving(ground.receipts_gate):
        return await asyncio.to_thread(derive, receipt, ground.receipt_salt)
