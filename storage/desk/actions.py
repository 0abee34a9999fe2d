"""Commits what leads do: loaded afresh, checked against the version that was shown, signed, in one turn."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.roles import may
from storage.cases import entry_content
from storage.cases.case_row import change_rows
from storage.cases.clear_row import dated
from storage.cases.entries import Author, Opened, append
from storage.cases.header import header_row
from storage.cases.loaded import Loaded
from storage.core.core import StoreCore
from storage.database import instrumentation
from storage.database.schema.notices import return_addresses
from storage.database.turn import Logged, Row
from storage.deeds.deed import Acted, Deed, DeedContext
from storage.deeds.loading import load_one
from storage.desk.case_view import open_raw, read_raw
from storage.desk.queue.queue import case_row
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.notices.enqueue import read_ladder
from storage.values import URGENCIES, Arrival, CaseId, CaseRow, Change
from storage.values.errors import Conflict, NotOffered, SessionOver, Stale

_TRIES = 8  # a reporter may write at the same moment, again and again


class Acting:
    """Does one deed to one case."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def act(
        self,
        session: LeadSession,
        arrival: Arrival | None,
        case: CaseId,
        version: int | None,
        deed: Deed,
    ) -> CaseRow:
        """Do a deed, and give the case as it is then.

        Args:
            session: Who does it.
            arrival: The update that asked for it; None where that is on disk already, since it asks for several.
            case: To what.
            version: The version that the lead was shown; None for a deed that no version matters to.
            deed: What; it is asked again if the reporter writes at the same moment.

        Raises:
            NoSuchCase: There is none, or not for this lead.
            Stale: A lead, or a rise of the urgency, has changed the case since.
            CodeMissing: The deed takes a fresh code, and none was given for it (`Leads.fresh_code`).
            NotOffered: The deed does not fit the case, or is not for the lead: by her role, by what she is to the case,
                or since she waits for two others to say yes.
            SessionOver: The session has ended.
            Tampered: The case, or the roster, is not genuine; nothing changed.
            Unavailable: It cannot be read or written.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, eight times; nothing changed.
        """
        self._sessions.take_code_for(session, deed.name)
        for _ in range(_TRIES):
            async with self._core.read() as connection:
                roster = await self._rosters.read(connection)
                card = self._sessions.require_lead(session, roster.card(session.lead.id), deed.name)
                loaded = await load_one(self._core, connection, session, case)
                own = await _return_id(connection, case) if deed.needs_return_id else None
                ladder = await read_ladder(connection, case) if deed.needs_ladder else ()
                raw = await read_raw(connection, loaded, roster) if deed.needs_words else None
            if may(card.role, deed.name, loaded.relation) is None:
                raise NotOffered
            if version is not None and loaded.clear.desk_version != version:
                raise Stale(await self._changes(session, case, version))
            opened = () if raw is None else open_raw(self._core, raw)
            now = self._core.now()
            context = DeedContext(self._core, loaded, roster, session.lead.id, now, own, ladder, opened)
            acted = deed.apply(context)
            after, rows = self._rows(session, loaded, acted)
            instrumentation.reach("deed.sealed")
            try:
                # A lead whom another process shuts out meanwhile has done nothing.
                same = self._rosters.unchanged(roster)
                await self._core.commit(*(self._core.marks.seen_rows(arrival) if arrival else ()), *rows, same)
            except Conflict:
                continue
            instrumentation.reach("deed.kept")
            self._measure(loaded, after)
            return case_row(after, roster)
        raise Conflict

    def _rows(self, session: LeadSession, loaded: Loaded, acted: Acted) -> tuple[Loaded, list[Row]]:
        author, hour, clear = self._author(session), self._core.hour(), acted.clear
        rows: list[Row] = list(acted.rows)
        keys = acted.keys or loaded.keys
        for said in acted.said:
            clear, entry = append(clear, keys, author, said, hour)
            rows.append(entry)
        clear = replace(clear, desk_version=clear.desk_version + 1, header_version=clear.header_version + 1)
        clear = dated(clear, self._core.now())
        rows += change_rows(self._core, loaded.clear, clear)
        after = replace(loaded, clear=clear, glance=acted.glance, epochs={**loaded.epochs, clear.epoch: keys})
        rows += (header_row(clear, after.desk_key, acted.glance), Logged(hour, author.id, acted.what, clear.id))
        return after, rows

    def _measure(self, before: Loaded, after: Loaded) -> None:
        if before.clear.status == "new" and after.clear.status != "new":
            waited = self._core.now() - before.glance.sent_at
            self._core.measures.acknowledged(URGENCIES[before.clear.rank], waited)

    def _author(self, session: LeadSession) -> Author:
        if session.author is None:
            raise SessionOver
        return session.author

    async def _changes(self, session: LeadSession, case: CaseId, version: int) -> tuple[Change, ...]:
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            raw = await read_raw(connection, await load_one(self._core, connection, session, case), roster)
        return _since(open_raw(self._core, raw), version, roster)


async def _return_id(connection: AsyncConnection, case: CaseId) -> str | None:
    """Name the return address of a case, if one is kept."""
    asked = select(return_addresses.c.id).where(return_addresses.c.case_id == case)
    return (await connection.execute(asked)).scalar()


def _since(opened: tuple[Opened, ...], version: int, roster: Roster) -> tuple[Change, ...]:
    """Tell what leads did since a version; where they did nothing, the urgency rose by what the reporter said last."""
    done = [one for one in opened if cast("int", one.content.get("version", 0)) > version]
    if not done:
        return (Change("raised", None, entry_content.moment(opened[-1].content)),)
    return tuple(
        Change(cast("str", one.content["what"]), roster.card(one.author), entry_content.moment(one.content))
        for one in done
    )
