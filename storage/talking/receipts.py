"""Receipts: drawn, read as they were typed, and derived in a thread."""

from __future__ import annotations

import os

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


async def keys_of_drawn(ground: Ground, receipt: Receipt) -> ReceiptKeys:
    """Derive what a receipt opens that Hark has drawn or kept itself: about 50 ms, behind nobody's guess."""
    return await ground.derivations.of_draw(derive, receipt, ground.receipt_salt)


async def keys_of_typed(ground: Ground, receipt: Receipt, source: bytes) -> ReceiptKeys:
    """Derive what a receipt opens that somebody brought: about 50 ms, whether or not there is a case for it.

    Raises:
        Crowded: Too many guesses wait; nothing was derived.
    """
    derivations = ground.derivations
    async with derivations.line("receipt", source) as turn:
        return await derivations.guess(turn, derive, receipt, ground.receipt_salt)
