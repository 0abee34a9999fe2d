"""What time does to what is kept: drafts, day keys, marks, messages, invites and idle sessions. Safe to repeat."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, or_, select

from storage.chain_end import note_end
from storage.drafts import Drafts
from storage.ground import Ground
from storage.people.roster import Rosters
from storage.refusals import Conflict, Unavailable
from storage.schema import chats, people
from storage.schema.quarantine import quarantine
from storage.sealing.day_keys import LIFETIME
from storage.sealing.errors import KeyFileUnusable
from storage.talks import Talks
from storage.turns import Cell, Delete, Update
from storage.verify import Verified, verify

_AT_ONCE = 500  # rows of one transaction, so that nobody waits long behind the broom


@dataclass(frozen=True, slots=True)
class Swept:
    """How much of each was removed."""

    drafts: int
    day_keys: int
    marks: int
    messages: int
    invites: int
    talks: int
    sources: int


class Watch:
    """Removes what has had its time; the bot's watch loop calls it."""

    def __init__(self, ground: Ground, drafts: Drafts, talks: Talks, rosters: Rosters) -> None:
        self._ground = ground
        self._drafts = drafts
        self._talks = talks
        self._rosters = rosters

    async def verify(self) -> Verified:
        """Check everything that can be checked without opening it; see `storage.verify`."""
        return await verify(self._ground, self._rosters)

    async def sweep(self) -> Swept:
        """Remove drafts after 24 hours, what was sealed under day keys after 72 with the keys, and old invites.

        What was counted of a chat goes once its day is over. For an hour after the clock has jumped nothing goes.
        The end of the audit chain is noted beside the key file first.

        Raises:
            Unavailable: The database or the key directory cannot be written; what was done stays done.
        """
        self._drafts.sweep()
        await note_end(self._ground)
        await self._count_drafts()
        if self._ground.steady is not None and not self._ground.steady.holds():
            return Swept(0, 0, 0, 0, 0, self._talks.forget_idle(), 0)
        await self._bring_back()
        now = self._ground.second()
        old_draft = now - int((self._ground.limits.draft_life + timedelta(hours=1)).total_seconds())
        gone = self._destroy_keys()
        today = self._ground.now().date().isoformat()
        oldest = (self._ground.now() - LIFETIME).date().isoformat()
        swept = Swept(
            drafts=await self._remove(chats.drafts.c.address, chats.drafts.c.touched_hour <= old_draft),
            day_keys=len(gone),
            marks=await self._remove(chats.seen.c.mark, _over(chats.seen, oldest, gone)),
            messages=await self._remove(chats.spoken.c.id, _over(chats.spoken, oldest, gone))
            + await self._remove(chats.unspoken.c.id, _over(chats.unspoken, oldest, gone))
            + await self._remove(quarantine.c.id, _over(quarantine, oldest, gone)),
            invites=await self._remove(people.invites.c.code, people.invites.c.expires_at <= now),
            talks=self._talks.forget_idle(),
            sources=await self._remove(chats.sources.c.mark, chats.sources.c.day < today),
        )
        if any((swept.drafts, swept.marks, swept.messages, swept.invites, swept.sources)):
            await self._ground.writer.checkpoint()
        return swept

    async def _count_drafts(self) -> None:
        asked = select(func.count(), func.coalesce(func.sum(func.length(chats.drafts.c.sealed)), 0))
        async with self._ground.read() as connection:
            count, size = (await connection.execute(asked)).one()
        self._ground.room.counted(count, size)

    async def _bring_back(self) -> None:
        """Give drafts that seem to be of a time to come, since the clock was set back, their 24 hours from now."""
        ahead = chats.drafts.c.touched_hour > self._ground.second()
        async with self._ground.read() as connection:
            found = (await connection.execute(select(chats.drafts).where(ahead))).all()
        for row in found:
            now: dict[str, Cell] = {"touched_hour": self._ground.hour()}
            with suppress(Conflict):  # somebody goes on with it just now, and it has the time of now
                await self._ground.commit(Update(chats.drafts, {"address": row.address}, now, {"version": row.version}))

    def _destroy_keys(self) -> list[str]:
        try:
            return [day.isoformat() for day in self._ground.day_keys.destroy_old(self._ground.now())]
        except (OSError, KeyFileUnusable):
            raise Unavailable from None

    async def _remove(self, key: Column[Any], where: ColumnElement[bool]) -> int:
        removed = 0
        while found := await self._find(key, where):
            table = key.table
            if isinstance(table, Table):
                await self._ground.commit(*(Delete(table, {key.name: one}) for one in found))
            removed += len(found)
        return removed

    async def _find(self, key: Column[Any], where: ColumnElement[bool]) -> Sequence[Any]:
        async with self._ground.read() as connection:
            return (await connection.execute(select(key).where(where).limit(_AT_ONCE))).scalars().all()


def _over(table: Table, oldest: str, gone: Sequence[str]) -> ColumnElement[bool]:
    return or_(table.c.day <= oldest, table.c.day.in_(gone))
