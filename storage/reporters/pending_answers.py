"""Answers to what is kept that may not have been shown: receipts of concerns, and that words were added to a case."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.core.core import StoreCore
from storage.database.schema import chats
from storage.database.turn import Delete, Insert, Row
from storage.sealing.primitives.box import Place, seal_text
from storage.values import Address, Unanswered, Unspoken, UnspokenId


class UnspokenAnswers:
    """Answers on their way; sealed under the day key, and removed when the Bot API has accepted them."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def pending(self) -> tuple[Unspoken, ...]:
        """Give the receipts that may not have been shown yet; those whose day's key is gone are left out.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return tuple(one for one in await self._read() if isinstance(one, Unspoken))

    async def unanswered(self) -> tuple[Unanswered, ...]:
        """Give what was added to cases and may not have been answered yet, also what is being answered just now.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return tuple(one for one in await self._read() if isinstance(one, Unanswered))

    async def spoken(self, unspoken: UnspokenId) -> None:
        """Remove a row: the Bot API has accepted the message; safe to repeat.

        Raises:
            Unavailable: The database cannot be written; the words of the receipt are shown once more after a start.
        """
        await self._core.commit(Delete(chats.unspoken, {"id": unspoken}))

    def answered(self, unanswered: Iterable[UnspokenId]) -> None:
        """Remove rows along with whatever is committed next, within 0.2 seconds; nobody waits for it.

        After a crash they may be there once more: the chat is then told once more that its words are kept.
        """
        rows = [Delete(chats.unspoken, {"id": one}) for one in unanswered]
        if rows:
            self._core.writer.later(*rows)

    def row(self, unspoken: Unspoken | Unanswered) -> Row:
        """Give the row that keeps an answer until it was shown, sealed under today's day key.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        key = self._core.day_keys.today()
        sealed = seal_text(key.box_key(), _place(unspoken.id), json.dumps(_write(unspoken)))
        return Insert(chats.unspoken, {"id": unspoken.id, "day": key.day.isoformat(), "sealed": sealed})

    async def _read(self) -> list[Unspoken | Unanswered]:
        async with self._core.read() as connection:
            rows = (await connection.execute(select(chats.unspoken))).all()
        opened = ((row.id, self._core.day_keys.open(row.day, _place(row.id), row.sealed)) for row in rows)
        return [_read(UnspokenId(one), json.loads(text)) for one, text in opened if text is not None]


def _place(one: str) -> Place:
    return Place("unspoken", None, one, "receipt", 0)


def _write(unspoken: Unspoken | Unanswered) -> dict[str, Any]:
    where = {"address": [unspoken.address.door, unspoken.address.chat_id], "language": unspoken.language}
    if isinstance(unspoken, Unanswered):
        return where
    return where | {
        "words": unspoken.words,
        "token": unspoken.token,
        "site": unspoken.site,
        "register": unspoken.register,
        "urgency": unspoken.urgency,
        "read_by": unspoken.read_by and unspoken.read_by.isoformat(),
    }


def _read(one: UnspokenId, kept: dict[str, Any]) -> Unspoken | Unanswered:
    address = Address(*kept.pop("address"))
    if "words" not in kept:
        return Unanswered(id=one, address=address, **kept)
    read_by = kept.pop("read_by")
    return Unspoken(id=one, address=address, read_by=read_by and datetime.fromisoformat(read_by), **kept)
