"""Concerns that are kept and whose receipt may not have been shown: spoken again at the start."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select

from storage.ground import Ground
from storage.schema import chats
from storage.sealing.box import Place, seal_text
from storage.turns import Delete, Insert, Row
from storage.values import Address, Unspoken, UnspokenId


class UnspokenConcerns:
    """Receipts on their way; sealed under the day key, and removed when the Bot API has accepted the answer."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def pending(self) -> tuple[Unspoken, ...]:
        """Give what may not have been spoken yet.

        Raises:
            Tampered: A row is not the one that was kept.
        """
        async with self._ground.read() as connection:
            rows = (await connection.execute(select(chats.unspoken))).all()
        opened = ((row.id, self._ground.open_of_day(row.day, _place(row.id), row.sealed)) for row in rows)
        return tuple(_read(UnspokenId(one), text) for one, text in opened if text is not None)

    async def spoken(self, unspoken: UnspokenId) -> None:
        """Remove a row: the Bot API has accepted the message; safe to repeat."""
        await self._ground.commit(Delete(chats.unspoken, {"id": unspoken}))

    def row(self, unspoken: Unspoken) -> Row:
        """Give the row that keeps a receipt until it was shown."""
        key = self._ground.today()
        sealed = seal_text(key.box_key(), _place(unspoken.id), _write(unspoken))
        return Insert(chats.unspoken, {"id": unspoken.id, "day": key.day.isoformat(), "sealed": sealed})


def _place(one: str) -> Place:
    return Place("unspoken", None, one, "receipt", 0)


def _write(unspoken: Unspoken) -> str:
    return json.dumps(
        {
            "address": [unspoken.address.door, unspoken.address.chat_id],
            "words": unspoken.words,
            "token": unspoken.token,
            "site": unspoken.site,
            "register": unspoken.register,
            "language": unspoken.language,
            "urgency": unspoken.urgency,
            "read_by": unspoken.read_by and unspoken.read_by.isoformat(),
        }
    )


def _read(one: UnspokenId, text: str) -> Unspoken:
    kept = json.loads(text)
    door, chat_id = kept.pop("address")
    read_by = kept.pop("read_by")
    return Unspoken(id=one, address=Address(door, chat_id), read_by=read_by and datetime.fromisoformat(read_by), **kept)
