"""When something that is done now and then was last done, to the hour: it outlasts the process, in the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from storage.ground import Ground
from storage.turns import Row

#: `fetched`: Telegram gave its updates; `heartbeat`: the leads were told that Hark works; `verified`: all was checked.
What: TypeAlias = Literal["fetched", "heartbeat", "verified"]


class Happened:
    """Notes and reads. Both raise `Tampered` and `Unavailable`, as the register does."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def at(self, what: What) -> datetime | None:
        """Give the hour in which it was last done (aware, UTC), or None if never."""
        found = self._ground.noted().happened.get(what)
        return None if found is None else datetime.fromtimestamp(found, UTC)

    async def note(self, what: What, *also: Row) -> None:
        """Note that it was done now, once the rows that do it are on disk; once an hour is enough."""
        hour = self._ground.hour()
        if self._ground.noted().happened.get(what) == hour:
            return
        if also:
            await self._ground.commit(*also)
        self._ground.note(lambda old: replace(old, happened={**old.happened, what: hour}))
