"""Threads: what several people write one after the other, signed by each and sealed for those who take part.

A thread is of one site. All of the site's leads take part in it, and the partners whom it names. Who joined since, or
has other keys, is given its key by whoever opens it next; who was shut out is left out then. See decision 39.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.together.goals import MOST_WRITTEN, Written
from flows.values.ids import LeadId, NoticeKind, SiteId
from storage.cases.answers_json import Object, as_json
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound, mac_of
from storage.database.schema.notices import outbox
from storage.database.schema.together import thread_writings, threads
from storage.database.turn import Cell, Insert, Logged, Row, Update
from storage.desk.partnership.together.thread_rows import (
    SIGNED,
    ThreadId,
    ThreadKind,
    members_of,
    named_in,
    read_writing,
    threads_name,
)
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.thread_keys import (
    new_thread_key,
    open_thread,
    seal_writing,
    wrap_thread,
    wrapped_for,
)
from storage.sealing.primitives.errors import CannotOpen, NotGenuine
from storage.sealing.primitives.signing import sign
from storage.values import Arrival, LeadCard
from storage.values.errors import Conflict, SessionOver

_ID_BYTES: Final = 8  # random; they go onto buttons
_TRIES: Final = 5
_HEAD: Final = ("id", "site", "kind", "writings", "wraps", "version")


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as it was opened: its id, all that was written by number, and who takes part and is in."""

    id: ThreadId
    written: tuple[Written, ...] = field(repr=False)
    members: Mapping[LeadId, LeadCard]


#: What is to be written of a thread as it stands, or None where it may not be.
Writing = Callable[[Thread, LeadCard], Sequence[Object] | None]


@dataclass(frozen=True, slots=True)
class _Opened:
    head: Mapping[str, Any]
    key: bytes = field(repr=False)
    thread: Thread


class Threads:
    """Reads and writes them.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the lead's role,
    `Tampered` where a row, the roster or the register is not what was kept, and `Unavailable` where the database or the
    register cannot be read or written.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(
        self, session: LeadSession, kind: ThreadKind, deed: str, only: ThreadId | None = None
    ) -> tuple[Thread, ...]:
        """Give all threads of a kind at her site in which she takes part, in no order.

        Where somebody takes part who has no wrap yet, or has one and does not any more, that is put right.

        Args:
            session: Whose.
            kind: Of which kind.
            deed: By whose rule (`flows/cases/roles.py`).
            only: Which alone; all, if it is left out.

        Raises:
            SessionOver: The session has ended.
            Tampered: A row is not the one that was kept, or some were put back or taken away; none is given.
        """
        roster, opened = await self._open(session, kind, deed, only)
        for one in opened:
            with suppress(Conflict):  # somebody writes just now: the next who opens it does it
                await self._wrap_anew(roster, one)
        return tuple(one.thread for one in opened)

    async def begin(
        self,
        session: LeadSession,
        arrival: Arrival,
        kind: ThreadKind,
        deed: str,
        said: Object,
        also: Sequence[Row] = (),
    ) -> ThreadId:
        """Begin a thread with its first writing, and commit further rows with it.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            AlreadySeen: The update was committed before.
        """
        roster = await self._rosters.read()
        lead = self._sessions.require_lead(session, roster.card(session.lead.id), deed)
        thread, key = ThreadId(os.urandom(_ID_BYTES).hex()), new_thread_key()
        there = members_of(roster, lead.site, named_in([said]))
        wraps = wrap_thread((one.public for one in there.values()), thread, key)
        head: dict[str, Cell] = {"id": thread, "site": lead.site, "kind": kind, "writings": 1, "wraps": wraps}
        rows = (Insert(threads, {**head, "version": 1}), self._writing(session, key, thread, 1, said))
        await self._keep(lead.site, arrival, session, kind, (*rows, *also))
        return thread

    async def add(
        self,
        session: LeadSession,
        arrival: Arrival,
        thread: ThreadId,
        kind: ThreadKind,
        deed: str,
        writing: Writing,
        also: Sequence[Row] = (),
    ) -> bool:
        """Write further things of a thread as it stands at that moment; all of them, or nothing.

        Args:
            session: Whose.
            arrival: The update that asked for it.
            thread: Which; one in which she takes no part is the same as none.
            kind: Of which kind.
            deed: By whose rule.
            writing: Gives what is to be written, or None where that may not be. It may be asked again.
            also: Further rows of the same turn.

        Returns:
            Whether it was written.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, again and again; nothing was kept.
        """
        for left in reversed(range(_TRIES)):
            try:
                return await self._add(session, arrival, thread, kind, deed, writing, also)
            except Conflict:
                if not left:
                    raise
        raise Conflict

    async def _add(
        self,
        session: LeadSession,
        arrival: Arrival,
        thread: ThreadId,
        kind: ThreadKind,
        deed: str,
        writing: Writing,
        also: Sequence[Row],
    ) -> bool:
        roster, opened = await self._open(session, kind, deed, thread)
        found = opened[0] if opened else None
        card = roster.card(session.lead.id)
        said = writing(found.thread, card) if found is not None and card is not None else None
        if found is None or not said or found.head["writings"] + len(said) > MOST_WRITTEN:
            return False
        before = [one.said for one in found.thread.written]
        there = members_of(roster, SiteId(found.head["site"]), named_in([*before, *said]))
        wraps = self._wraps(found, there)
        first = found.head["writings"] + 1
        rows = [self._writing(session, found.key, thread, number, one) for number, one in enumerate(said, first)]
        head = self._changed(found.head, writings=found.head["writings"] + len(said), wraps=wraps)
        await self._keep(SiteId(found.head["site"]), arrival, session, kind, (head, *rows, *also))
        return True

    def notices(self, kind: NoticeKind, leads: Iterable[LeadId]) -> tuple[Row, ...]:
        """Give the rows that tell people that something waits, without a word of what."""
        rest: dict[str, Cell] = {"return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0}
        now = self._core.second()
        return tuple(Insert(outbox, {"lead_id": lead, **rest, "not_before": now}) for lead in leads)

    async def _keep(self, site: SiteId, arrival: Arrival, session: LeadSession, kind: str, rows: Iterable[Row]) -> None:
        logged = Logged(self._core.hour(), session.lead.id, kind)
        await self._core.commit(*self._core.marks.seen_rows(arrival), *rows, logged)
        async with self._core.read(once=True) as connection:
            heads = await all_rows(connection, select(threads).where(threads.c.site == site))
        genuine = (one["writings"] for one in heads if is_bound(self._core.server_key, threads, one))
        self._core.register.note_floor(threads_name(site), sum(genuine))

    async def _open(
        self, session: LeadSession, kind: ThreadKind, deed: str, only: ThreadId | None = None
    ) -> tuple[Roster, list[_Opened]]:
        """Open those of a kind that are hers, or `only` one; between two threads other tasks run."""
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            lead = self._sessions.require_lead(session, roster.card(session.lead.id), deed)
            heads, said = await self._proved(connection, lead.site)
        found = []
        for one in heads:
            if one["kind"] == kind and only in {None, one["id"]}:
                found.append(self._opened(session, roster, one, said[one["id"]]))
                await asyncio.sleep(0)
        return roster, [one for one in found if one is not None]

    async def _proved(
        self, connection: AsyncConnection, site: SiteId
    ) -> tuple[list[dict[str, Any]], Mapping[str, list[dict[str, Any]]]]:
        """Read all threads of a site, with their writings in order; what was put back or taken away is counted.

        The register is read first: what is committed meanwhile is newer than what it holds then.
        """
        floor = self._core.register.floor(threads_name(site))
        own = select(threads.c.id).where(threads.c.site == site)
        heads = await all_rows(connection, select(threads).where(threads.c.site == site))
        asked = select(thread_writings).where(thread_writings.c.thread_id.in_(own)).order_by(thread_writings.c.number)
        said: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in await all_rows(connection, asked):
            said[row["thread_id"]].append(row)
        key = self._core.server_key
        whole = all(is_bound(key, threads, one) and len(said[one["id"]]) == one["writings"] for one in heads)
        whole = whole and all(is_bound(key, thread_writings, row) for rows in said.values() for row in rows)
        if not whole or sum(one["writings"] for one in heads) < floor:
            raise self._core.forgeries.record()
        return heads, said

    def _opened(
        self, session: LeadSession, roster: Roster, head: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
    ) -> _Opened | None:
        """Open one; None where it is not for her."""
        if not session.is_open:
            raise SessionOver
        thread = ThreadId(head["id"])
        try:
            key = open_thread(session.private_keys, thread, head["wraps"])
            if key is None:
                return None
            written = tuple(read_writing(roster, key, row) for row in rows)
        except (CannotOpen, NotGenuine):
            raise self._core.forgeries.record() from None
        there = members_of(roster, SiteId(head["site"]), named_in(one.said for one in written))
        members = {lead: one.card for lead, one in there.items()}
        return _Opened(head, key, Thread(thread, written, members)) if session.lead.id in members else None

    async def _wrap_anew(self, roster: Roster, one: _Opened) -> None:
        there = {lead: roster.leads[lead] for lead in one.thread.members}
        wraps = self._wraps(one, there)
        if wraps != one.head["wraps"]:
            await self._core.commit(self._changed(one.head, wraps=wraps))

    def _wraps(self, one: _Opened, there: Mapping[LeadId, Lead]) -> bytes:
        """Give the wraps for those who take part: as they are where nobody comes or goes."""
        if wrapped_for(one.head["wraps"]) == {lead.key_id for lead in there.values()}:
            return bytes(one.head["wraps"])
        return wrap_thread((lead.public for lead in there.values()), one.thread.id, one.key)

    def _changed(self, head: Mapping[str, Any], **changes: Cell) -> Row:
        cells: dict[str, Cell] = {**{name: head[name] for name in _HEAD}, **changes, "version": head["version"] + 1}
        cells["mac"] = mac_of(self._core.server_key, threads, cells)
        return Update(threads, {"id": cells.pop("id")}, cells, {"version": head["version"]})

    def _writing(self, session: LeadSession, key: bytes, thread: ThreadId, number: int, said: Object) -> Row:
        author = session.author
        if author is None:
            raise SessionOver
        text = as_json({**said, "at": self._core.now().isoformat()})
        values: dict[str, Cell] = {
            "thread_id": thread,
            "number": number,
            "author": author.id,
            "sealed": seal_writing(key, thread, number, text),
            "signature": sign(author.signing_seed, SIGNED, thread, number, text),
        }
        return Insert(thread_writings, values)
