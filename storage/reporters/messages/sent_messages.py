"""Messages that were spoken or heard: the tidy list of each address, and the deletions that are due."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as Result
from sqlalchemy import Select, select

from storage.core.core import StoreCore
from storage.database.schema import chats
from storage.database.turn import Cell, Delete, UpdateAll
from storage.sealing.primitives.box import Place
from storage.values import Address, DueMessage

_COLUMNS = (chats.spoken.c.id, chats.spoken.c.address, chats.spoken.c.day, chats.spoken.c.sealed)
_MOST = 1_000  # messages of one address that are ever given


class SentMessages:
    """Which messages stand in which chat; sealed under day keys, since Telegram deletes within 48 hours only.

    Source: Bot API, `deleteMessage`.
    """

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def remember(self, address: Address, message_ids: Sequence[int], delete_at: datetime | None = None) -> None:
        """Put messages on the tidy list; with `delete_at`, they are also deleted then, and that is on disk now.

        Without it they are written with whatever is committed next: a crash may lose them. Where room is scarce, only
        those with `delete_at` are kept: what is left is for words that are sent.

        Raises:
            Unavailable: There is no day key; or those with `delete_at` cannot be written.
        """
        rows = [self._core.marks.message_row(address, one, delete_at) for one in message_ids]
        if delete_at is None and not self._core.room.is_scarce:
            self._core.writer.later(*rows)
        elif delete_at is not None and rows:
            await self._core.commit(*rows)

    async def ids(self, address: Address) -> tuple[int, ...]:
        """Give the ids of the messages on the tidy list, in ascending order, the newest 1,000.

        What is older than three days is not among them: its day's key is gone, and Telegram deletes it no more.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read, or what waits not be written.
        """
        return tuple(sorted({message.message_id for message in await self._of(address)}))

    async def forget(self, address: Address, message_ids: Sequence[int] | None = None) -> None:
        """Take messages off the list, once deleted; all of the address if no ids are given.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read or written; they stay on the list.
        """
        if message_ids is None:
            await self._core.writer.settle()
            await self._core.commit(Delete(chats.spoken, {"address": self._core.marks.of_address(address)}))
        else:
            gone = set(message_ids)
            await self.deleted([one.id for one in await self._of(address) if one.message_id in gone])

    async def due(self, limit: int = 100) -> tuple[DueMessage, ...]:
        """Give messages whose time to be deleted has come, the longest due first, at most `limit`.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read, or what waits not be written.
        """
        at = chats.spoken.c.delete_at
        asked = select(*_COLUMNS).where(at.is_not(None), at <= self._core.second()).order_by(at).limit(limit)
        return await self._opened(asked)

    async def desks(self) -> frozenset[Address]:
        """Give the chats in which messages stand that are to be deleted at their time: those of desks alone.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read, or what waits not be written.
        """
        at = chats.spoken.c.delete_at
        return frozenset(one.address for one in await self._opened(select(*_COLUMNS).where(at.is_not(None))))

    async def bring_forward(self, within: timedelta) -> None:
        """Make due now what is due within that time: for a start, since the end of the process locked its desks.

        Raises:
            Unavailable: The database cannot be read or written; each stays due at its time.
        """
        at, now = chats.spoken.c.delete_at, self._core.second()
        soon = select(chats.spoken.c.id).where(at > now, at <= now + int(within.total_seconds()))
        async with self._core.read() as connection:
            ids = (await connection.execute(soon)).scalars().all()
        await self.postpone(ids, self._core.now())

    async def postpone(self, ids: Sequence[int], until: datetime) -> None:
        """Have messages deleted at another time, by the ids of their rows; ids that are gone do no harm.

        Raises:
            Unavailable: The database cannot be written; each stays due at its time.
        """
        at = int(until.timestamp())
        if ids:
            await self._core.commit(*(UpdateAll(chats.spoken, {"id": one}, {"delete_at": at}) for one in ids))

    async def deleted(self, ids: Sequence[int]) -> None:
        """Take deleted messages off the list, by the ids of their rows; safe to repeat.

        Raises:
            Unavailable: The database cannot be written; they stay on the list, and are deleted once more.
        """
        if ids:
            await self._core.commit(*(Delete(chats.spoken, {"id": one}) for one in dict.fromkeys(ids)))

    async def _of(self, address: Address) -> tuple[DueMessage, ...]:
        mine = chats.spoken.c.address == self._core.marks.of_address(address)
        return await self._opened(select(*_COLUMNS).where(mine).order_by(chats.spoken.c.id.desc()).limit(_MOST))

    async def _opened(self, asked: Select[tuple[int, bytes, str, bytes]]) -> tuple[DueMessage, ...]:
        await self._core.writer.settle()
        async with self._core.read() as connection:
            rows = (await connection.execute(asked)).all()
        return tuple(message for row in rows if (message := self._open(row)) is not None)

    def _open(self, row: Result[tuple[int, bytes, str, bytes]]) -> DueMessage | None:
        text = self._core.day_keys.open(row.day, _place(row.address), row.sealed)
        if text is None:
            return None
        door, chat_id, message_id = json.loads(text)
        return DueMessage(row.id, Address(door, chat_id), message_id)


def message_anew(old: StoreCore, new: StoreCore, row: Mapping[str, Any]) -> dict[str, Cell] | None:
    """Give the columns by which a message is found under another server key; None where its day's key is gone.

    Raises:
        Tampered: It is not what was kept.
        Unavailable: The day's key cannot be read.
    """
    text = old.day_keys.open(row["day"], _place(row["address"]), row["sealed"])
    if text is None:
        return None
    door, chat_id, _ = json.loads(text)
    mark = new.marks.of_address(Address(door, chat_id))
    return {"address": mark, "sealed": old.day_keys.seal(row["day"], _place(mark), text)}


def _place(mark: bytes) -> Place:
    return Place("spoken", None, mark, "message", 0)
