"""Answers to what is kept that may not have been shown: receipts of concerns, and that words were added to a case."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.schema import chats
from storage.database.turn import Delete, Insert, Row
from storage.sealing.primitives.box import Place, seal_text
from storage.values import Address, PendingId, PendingReceipt, Unanswered


class PendingAnswers:
    """Answers on their way; sealed under the day key, and removed when the Bot API has accepted them."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def pending(self) -> tuple[PendingReceipt, ...]:
        """Give the receipts that may not have been shown yet; those whose day's key is gone are left out.

        Those that a lead hands over are not among them: see `to_hand_over`.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return tuple(one for one in await self._read() if isinstance(one, PendingReceipt) and not one.lead)

    async def to_hand_over(self, lead: LeadId) -> tuple[PendingReceipt, ...]:
        """Give the receipts of what a lead took down and that she has not handed over, the oldest first.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        hers = [one for one in await self._read() if isinstance(one, PendingReceipt) and one.lead == lead]
        return tuple(sorted(hers, key=lambda one: one.at.timestamp() if one.at else 0.0))

    async def unanswered(self) -> tuple[Unanswered, ...]:
        """Give what was added to cases and may not have been answered yet, also what is being answered just now.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return tuple(one for one in await self._read() if isinstance(one, Unanswered))

    async def mark_shown(self, pending: PendingId) -> None:
        """Remove a row: the Bot API has accepted the message; safe to repeat.

        Raises:
            Unavailable: The database cannot be written; the words of the receipt are shown once more.
        """
        await self._core.commit(Delete(chats.unspoken, {"id": pending}))

    def answered(self, unanswered: Iterable[PendingId]) -> None:
        """Remove rows along with whatever is committed next, within 0.2 seconds; nobody waits for it.

        After a crash they may be there once more: the chat is then told once more that its words are kept.
        """
        rows = [Delete(chats.unspoken, {"id": one}) for one in unanswered]
        if rows:
            self._core.writer.later(*rows)

    def row(self, pending: PendingReceipt | Unanswered) -> Row:
        """Give the row that keeps an answer until it was shown, sealed under today's day key.

        Raises:
            Unavailable: There is no day key and none can be written.
        """
        key = self._core.day_keys.today()
        sealed = seal_text(key.box_key(), _place(pending.id), json.dumps(_write(pending)))
        return Insert(chats.unspoken, {"id": pending.id, "day": key.day.isoformat(), "sealed": sealed})

    async def _read(self) -> list[PendingReceipt | Unanswered]:
        async with self._core.read() as connection:
            rows = (await connection.execute(select(chats.unspoken))).all()
        opened = ((row.id, self._core.day_keys.open(row.day, _place(row.id), row.sealed)) for row in rows)
        return [_read(PendingId(one), json.loads(text)) for one, text in opened if text is not None]


def _place(one: str) -> Place:
    return Place("unspoken", None, one, "receipt", 0)


def _write(pending: PendingReceipt | Unanswered) -> dict[str, Any]:
    where = {"address": [pending.address.door, pending.address.chat_id], "language": pending.language}
    if isinstance(pending, Unanswered):
        return where
    return where | {
        "words": pending.words,
        "token": pending.token,
        "site": pending.site,
        "register": pending.register,
        "urgency": pending.urgency,
        "read_by": pending.read_by and pending.read_by.isoformat(),
        **({"lead": pending.lead, "at": pending.at and pending.at.isoformat()} if pending.lead else {}),
        **({"renewed": True} if pending.renewed else {}),
    }


def _read(one: PendingId, kept: dict[str, Any]) -> PendingReceipt | Unanswered:
    address = Address(*kept.pop("address"))
    if "words" not in kept:
        return Unanswered(id=one, address=address, **kept)
    times: dict[str, Any] = {
        name: at and datetime.fromisoformat(at) for name in ("read_by", "at") for at in (kept.pop(name, None),)
    }
    return PendingReceipt(id=one, address=address, **kept, **times)
