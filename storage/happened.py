"""When something that is done now and then was last done, to the hour: it outlasts the process."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, TypeAlias

from sqlalchemy import select

from storage.ground import Ground
from storage.refusals import Conflict
from storage.schema.happened import happened
from storage.turns import Insert, Row, Update

#: `fetched`: Telegram gave its updates; `heartbeat`: the leads were told that Hark works; `verified`: all was checked.
What: TypeAlias = Literal["fetched", "heartbeat", "verified"]


class Happened:
    """Notes and reads; one row for each thing."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def at(self, what: What) -> datetime | None:
        """Give the hour in which it was last done (aware, UTC), or None if never."""
        async with self._ground.read() as connection:
            found = (await connection.execute(select(happened.c.hour).where(happened.c.what == what))).scalar()
        return None if found is None else datetime.fromtimestamp(found, UTC)

    async def note(self, what: What, *also: Row) -> None:
        """Note that it was done now, together with the rows that do it; once an hour is enough."""
        before, hour = await self.at(what), self._ground.hour()
        if before is not None and int(before.timestamp()) == hour:
            return
        row: Row = Insert(happened, {"what": what, "hour": hour})
        if before is not None:
            row = Update(happened, {"what": what}, {"hour": hour}, {"hour": int(before.timestamp())})
        try:
            await self._ground.commit(row, *also)
        except Conflict:  # somebody else noted it at the same moment, and did it
            return
