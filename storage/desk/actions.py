"""Commits what leads do: loaded afresh, checked against the version that was shown, signed, in one turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.roles import may
from storage.cases import entry_content
from storage.cases.entries import Author, Opened, append
from storage.cases.header import header_row
from storage.cases.loaded import Loaded
from storage.cases.rows.case_row import change_rows
from storage.cases.rows.clear_row import dated
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


@dataclass(frozen=True, slots=True)
class DeedOn:
    """A deed, the case it is done to, and the version that the lead was shown; None where no version matters."""

    case: CaseId
    version: int | None
    deed: Deed


@dataclass(frozen=True, slots=True)
class _Done:
    """A case before and after a deed, and the rows of it."""

    before: Loaded
    after: Loaded
    rows: list[Row] = field(repr=False)


class Acting:
    """Does a deed to a case, or to several in one turn."""

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
        [row] = await self.act_together(session, arrival, (DeedOn(case, version, deed),))
        return row

    async def act_together(
        self, session: LeadSession, arrival: Arrival | None, asked: Sequence[DeedOn]
    ) -> tuple[CaseRow, ...]:
        """Do deeds of one kind to several cases in one turn: all, or none; give the cases as they are then.

        Args:
            session: Who does them.
            arrival: As for `act`.
            asked: Each on another case, and of one name: one fresh code serves for all.

        Raises:
            NoSuchCase: There is one of them no more, or not for this lead; nothing changed in any, here and below.
            Stale: One was changed since; which is not told.
            CodeMissing: The deeds take a fresh code, and none was given.
            NotOffered: One of the deeds does not fit its case, or is not for the lead.
            SessionOver: The session has ended.
            Tampered: A case, or the roster, is not genuine.
            Unavailable: One of them cannot be read or written.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, eight times.
        """
        self._sessions.take_code_for(session, asked[0].deed.name)
        for _ in range(_TRIES):
            roster, done = await self._sealed(session, asked)
            instrumentation.reach("deed.sealed")
            rows = [row for one in done for row in one.rows]
            try:
                # A lead whom another process shuts out meanwhile has done nothing.
                same = self._rosters.unchanged(roster)
                await self._core.commit(*(self._core.marks.seen_rows(arrival) if arrival else ()), *rows, same)
            except Conflict:
                continue
            instrumentation.reach("deed.kept")
            for one in done:
                self._measure(one.before, one.after)
            return tuple(case_row(one.after, roster) for one in done)
        raise Conflict

    async def _sealed(self, session: LeadSession, asked: Sequence[DeedOn]) -> tuple[Roster, list[_Done]]:
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            found = [await self._read(connection, session, roster, one) for one in asked]
        done = []
        for one, context in zip(asked, found, strict=True):
            if one.version is not None and context.loaded.clear.desk_version != one.version:
                raise Stale(await self._changes(session, one.case, one.version))
            done.append(self._done(session, context, one.deed))
        return roster, done

    async def _read(
        self, connection: AsyncConnection, session: LeadSession, roster: Roster, one: DeedOn
    ) -> DeedContext:
        """Read what a deed is applied to.

        Raises:
            NotOffered: It is not for this lead.
        """
        deed, case = one.deed, one.case
        card = self._sessions.require_lead(session, roster.card(session.lead.id), deed.name)
        loaded = await load_one(self._core, connection, session, case)
        own = await _return_id(connection, case) if deed.needs_return_id else None
        ladder = await read_ladder(connection, case) if deed.needs_ladder else ()
        raw = await read_raw(connection, loaded, roster) if deed.needs_words(loaded, roster) else None
        if may(card.role, deed.name, loaded.relation) is None:
            raise NotOffered
        opened = () if raw is None else open_raw(self._core, raw)
        return DeedContext(self._core, loaded, roster, session.lead.id, self._core.now(), own, ladder, opened)

    def _done(self, session: LeadSession, context: DeedContext, deed: Deed) -> _Done:
        after, rows = self._rows(session, context.loaded, deed.apply(context))
        return _Done(context.loaded, after, rows)

    def _rows(self, session: LeadSession, loaded: Loaded, acted: Acted) -> tuple[Loaded, list[Row]]:
        author, hour, clear = self._author(session), self._core.hour(), acted.clear
        rows: list[Row] = list(acted.rows)
        keys = acted.keys or loaded.keys
        for said in acted.said:
            clear, entry = append(clear, keys, author, said, hour)
            rows.append(entry)
        clear = replace(clear, desk_version=clear.desk_version + 1, header_version=clear.header_version + 1)
        clear = dated(clear, self._core.now(), acted.glance.review)
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
