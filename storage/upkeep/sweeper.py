"""Deletes what has had its time: drafts, day keys, marks, messages, invites, idle sessions. Safe to repeat."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column, ColumnElement, Table, func, or_, select

from storage.cases.return_address import finish_address_keys
from storage.core.audit.audit_log import AuditLog
from storage.core.core import StoreCore
from storage.core.tab_key import former_tab_key
from storage.database.schema import chats, leads
from storage.database.schema.chats import quarantine
from storage.database.schema.measures import pending_letters
from storage.database.schema.together import letters
from storage.database.turn import Cell, Delete, Row, Update
from storage.desk.partnership.sharing.ending import EndingShares
from storage.desk.partnership.together.thanks import MONTH, THANKS, UNREAD_FOR
from storage.leads.partners import Partners
from storage.leads.roster.rosters import Rosters
from storage.reporters.drafts import Drafts
from storage.reporters.recordings import Recordings
from storage.reporters.talks import Talks
from storage.sealing.keys.day_keys import LIFETIME
from storage.upkeep.destroying import Destruction
from storage.upkeep.verification.audit_checkpoint import note_end
from storage.upkeep.verification.verify import Verified, verify
from storage.values.errors import Conflict

#: `fetched`: Telegram gave its updates; `heartbeat`: the leads were told that Hark works; `verified`: all was checked;
#: `filed` and `mailed`: a checkpoint was handed out.
What: TypeAlias = Literal["fetched", "heartbeat", "verified", "filed", "mailed"]

_AT_ONCE = 500  # rows of one transaction, so that nobody waits long behind the broom
_LINKS = 20_000  # rows of the audit that the tree grows by at most, half a second's work


class LastRuns:
    """Notes and reads when something was last done, to the hour, in the register beside the key file.

    Every method raises `Tampered` where the register is not the one that was written, and `Unavailable` where it cannot
    be read or written.
    """

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def at(self, what: What) -> datetime | None:
        """Give the hour in which it was last done (aware, UTC), or None if never."""
        found = self._core.register.read().last_runs.get(what)
        return None if found is None else datetime.fromtimestamp(found, UTC)

    async def note(self, what: What, *also: Row) -> None:
        """Note that it was done now, once the rows that do it are on disk; once an hour is enough.

        Args:
            what: What was done.
            also: Committed first, unless it was done in this hour already: then nothing is written at all.
        """
        hour = self._core.hour()
        if self._core.register.read().last_runs.get(what) == hour:
            return
        if also:
            await self._core.commit(*also)
        self._core.register.change(lambda old: replace(old, last_runs={**old.last_runs, what: hour}))


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
    cases: int = 0


class Sweeper:
    """Removes what has had its time; the bot's watch loop calls it."""

    def __init__(
        self,
        core: StoreCore,
        drafts: Drafts,
        recordings: Recordings,
        talks: Talks,
        rosters: Rosters,
        destruction: Destruction,
        audit: AuditLog,
        shares: EndingShares,
        partners: Partners,
    ) -> None:
        self._core = core
        self._partners = partners
        self._shares = shares
        self._destruction = destruction
        self._audit = audit
        self._drafts = drafts
        self._recordings = recordings
        self._talks = talks
        self._rosters = rosters

    async def verify(self) -> Verified:
        """Check everything that can be checked without opening it; see `storage.upkeep.verification.verify`.

        Raises:
            Tampered: The register is not the one that was written.
            Unavailable: The database, or what stands beside the key file, cannot be read.
        """
        return await verify(self._core, self._rosters)

    async def sweep(self) -> Swept:
        """Remove drafts after 24 hours, what was sealed under day keys after 72 with the keys, and old invites.

        Whoever had begun to take something down is told that it lapsed.
        Recipients are told of cases whose time is nearly over; those that two people agreed on go, if a kill left some.
        Partners whose agreement has ended, or who were away too long, are suspended. Shares whose time is over end:
        their keys are destroyed.
        Thanks that nobody has read in three months go.
        What was counted of a chat goes once its day is over. For an hour after the clock has jumped nothing goes.
        After that, and after a deed that destroyed something, what was deleted is taken out of the database's files.
        The end of the audit chain is noted beside the key file first, and the tree over it grows by what came.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database or the key directory cannot be written; what was done stays done.
        """
        self._drafts.sweep()
        await note_end(self._core)
        await self._audit.tree.grow(_LINKS)
        await self._count_drafts()
        if self._core.clock_guard is not None and not self._core.clock_guard.holds():
            return Swept(0, 0, 0, 0, 0, self._talks.forget_idle(), 0)
        await self._bring_back()
        await self._destruction.tell()
        await self._partners.end_due()
        await self._shares.end_due()
        oldest_thanks = (self._core.now() - UNREAD_FOR).strftime(MONTH)
        await self._remove(letters.c.id, (letters.c.kind == THANKS) & (letters.c.period < oldest_thanks))
        now = self._core.second()
        old_draft = now - int((self._core.limits.draft_life + timedelta(hours=1)).total_seconds())
        finish_address_keys(self._core)
        with suppress(OSError):  # the next sweep tries again
            former_tab_key(self._core.checkpoint, self._core.server_key, self._core.now())  # one that is over goes
        gone = self._core.day_keys.destroy_old()
        today = self._core.now().date().isoformat()
        oldest = (self._core.now() - LIFETIME).date().isoformat()
        swept = Swept(
            drafts=await self._recordings.lapse(old_draft)
            + await self._remove(chats.drafts.c.address, chats.drafts.c.touched_hour <= old_draft),
            day_keys=len(gone),
            marks=await self._remove(chats.seen.c.mark, _over(chats.seen, oldest, gone)),
            messages=await self._remove(chats.spoken.c.id, _over(chats.spoken, oldest, gone))
            + await self._remove(chats.unspoken.c.id, _over(chats.unspoken, oldest, gone))
            + await self._remove(quarantine.c.id, _over(quarantine, oldest, gone))
            + await self._remove(pending_letters.c.id, _over(pending_letters, oldest, gone)),
            invites=await self._remove(leads.invites.c.code, leads.invites.c.expires_at <= now),
            talks=self._talks.forget_idle(),
            sources=await self._remove(chats.sources.c.mark, chats.sources.c.day < today),
            cases=await self._destruction.finish(),
        )
        removed = any((swept.drafts, swept.marks, swept.messages, swept.invites, swept.sources))
        if removed or self._core.ledger.erasures_due:
            await self._core.writer.checkpoint()
            self._core.ledger.erasures_due = max(0, self._core.ledger.erasures_due - 1)
        return swept

    async def _count_drafts(self) -> None:
        asked = select(func.count(), func.coalesce(func.sum(func.length(chats.drafts.c.sealed)), 0))
        async with self._core.read() as connection:
            count, size = (await connection.execute(asked)).one()
        self._core.room.counted(count, size)

    async def _bring_back(self) -> None:
        """Give drafts that seem to be of a time to come, since the clock was set back, their 24 hours from now."""
        ahead = chats.drafts.c.touched_hour > self._core.second()
        async with self._core.read() as connection:
            found = (await connection.execute(select(chats.drafts).where(ahead))).all()
        for row in found:
            now: dict[str, Cell] = {"touched_hour": self._core.hour()}
            with suppress(Conflict):  # somebody goes on with it just now, and it has the time of now
                await self._core.commit(Update(chats.drafts, {"address": row.address}, now, {"version": row.version}))

    async def _remove(self, key: Column[Any], where: ColumnElement[bool]) -> int:
        removed = 0
        while found := await self._find(key, where):
            table = key.table
            if isinstance(table, Table):
                await self._core.commit(*(Delete(table, {key.name: one}) for one in found))
            removed += len(found)
        return removed

    async def _find(self, key: Column[Any], where: ColumnElement[bool]) -> Sequence[Any]:
        async with self._core.read() as connection:
            return (await connection.execute(select(key).where(where).limit(_AT_ONCE))).scalars().all()


def _over(table: Table, oldest: str, gone: Sequence[str]) -> ColumnElement[bool]:
    return or_(table.c.day <= oldest, table.c.day.in_(gone))
