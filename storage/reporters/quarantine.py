"""Updates that could not be read, sealed as they came; gone with their day's key after three days."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from sqlalchemy import func, select

from flows.values.ids import Door
from storage.core.core import StoreCore
from storage.database.schema.chats import quarantine
from storage.database.turn import Cell, Delete, Insert, Row
from storage.sealing.primitives.box import Place, seal_text
from storage.values import Address, Arrival
from storage.values.errors import AlreadySeen

#: Updates that are kept; of a flood the newest, since they are what still goes wrong.
MOST: Final = 500
#: Characters of one update that are kept: a message of Telegram's has 4,096.
_LONGEST: Final = 64_000
_MARK: Final = 32  # hexadecimal digits before what is sealed, which bind it to its place


class Quarantine:
    """Stores updates that could not be read; they are in no queue and are shown to no lead."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def keep(self, door: Door, raw: Mapping[str, object]) -> bool:
        """Seal an update and commit it together with its mark as seen; false where it was committed before.

        Raises:
            Unavailable: It could not be kept, so it must not be confirmed.
        """
        number = raw.get("update_id")
        marks = self._core.marks.seen_rows(Arrival(Address(door, 0), number)) if isinstance(number, int) else ()
        key = self._core.day_keys.today()
        mark = uuid4().hex
        text = json.dumps({"door": door, "update": raw})[:_LONGEST]
        sealed = seal_text(key.box_key(), _place(key.day.isoformat(), mark), text)
        values: dict[str, Cell] = {"day": key.day.isoformat(), "sealed": mark.encode() + sealed}
        try:
            await self._core.commit(*marks, Insert(quarantine, values), *await self._beyond())
        except AlreadySeen:
            return False
        return True

    async def count(self) -> int:
        """Return how many are kept, at most 500.

        Raises:
            Unavailable: The database cannot be read.
        """
        async with self._core.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(quarantine))).scalar_one())

    async def read(self) -> tuple[str, ...]:
        """Return what is kept as JSON, oldest first, for finding out why it could not be read.

        Each is at most 64,000 characters and may be cut in the middle. Those whose day's key is gone are left out.

        Raises:
            Tampered: A row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        async with self._core.read() as connection:
            rows = (await connection.execute(select(quarantine).order_by(quarantine.c.id))).all()
        opened = (self._open(row.day, row.sealed) for row in rows)
        return tuple(text for text in opened if text is not None)

    def _open(self, day: str, kept: bytes) -> str | None:
        mark, sealed = kept[:_MARK].decode(), kept[_MARK:]
        return self._core.day_keys.open(day, _place(day, mark), sealed)

    async def _beyond(self) -> tuple[Row, ...]:
        """The oldest ones, where there is no room for one more."""
        oldest = select(quarantine.c.id).order_by(quarantine.c.id.desc()).offset(MOST - 1).limit(MOST)
        async with self._core.read() as connection:
            return tuple(Delete(quarantine, {"id": one}) for one in (await connection.execute(oldest)).scalars())


def _place(day: str, mark: str) -> Place:
    return Place("quarantine", None, mark, day, 0)
