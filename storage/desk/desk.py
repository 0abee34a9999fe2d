"""The desk: queues, opened cases, and what leads do to them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import bindparam, select

from flows.values.bounds import Bounded
from flows.values.ids import LeadId, SiteId
from storage.cases import entry_content
from storage.cases.entries import Said, append
from storage.cases.header import header_row
from storage.cases.loaded import Loaded
from storage.cases.rows.case_row import change_rows, read_clear, require_clear
from storage.core.core import StoreCore, one_row
from storage.database.schema.cases import cases, readers
from storage.database.turn import Logged, Row
from storage.deeds.header_content import learnt
from storage.deeds.loading import ONE, load_one, load_row
from storage.desk.actions import Acting
from storage.desk.asked_exports import AskedExports
from storage.desk.case_files import CaseFiles
from storage.desk.case_view import Raw, case_view, open_raw, read_raw
from storage.desk.handovers import Handing
from storage.desk.many_cases.grants import Grants
from storage.desk.many_cases.own_cases import OwnCases
from storage.desk.measures.boxes import Boxes
from storage.desk.measures.case_figures import CaseFigures
from storage.desk.names.indexing import Names
from storage.desk.names.tying import Tyings
from storage.desk.partnership.sharing.case_shares import CaseShares
from storage.desk.partnership.transfer.arriving import Arriving
from storage.desk.partnership.transfer.leaving import Leaving
from storage.desk.partnership.transfer.own_key import OwnTransferKey
from storage.desk.queue.queue import Queue
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters, beside_roster
from storage.leads.rota import Rotas
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import (
    Arrival,
    CaseId,
    CaseRow,
    CaseView,
    Glance,
    LeadCard,
)
from storage.values.errors import AlreadySeen, Conflict, NoSuchCase, ReasonNeeded, SessionOver

_OPEN_FOR = timedelta(minutes=5)  # how long somebody who opened a case counts as having it open
#: How often it is tried to keep that words were shown, while the reporter goes on talking.
_TRIES: Final = 3
_REMEMBERED = 1_000  # opened cases, the latest
_ONE = beside_roster(ONE)
_CASE = beside_roster(select(cases).where(cases.c.id == bindparam("case")))


class Desk:
    """What unlocked leads see and do.

    A case that does not exist and one that is not for this lead are the same `NoSuchCase`; what is not genuine is
    `Tampered`, and is never shown.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the lead's role and
    while she waits for two others to say yes, `Tampered` where the roster is not the one that was kept, and
    `Unavailable` where the database does not answer.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, rotas: Rotas) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._rotas = rotas
        self.queues = Queue(core, rosters, sessions)
        self.acting = Acting(core, rosters, sessions)
        self.act: Final = self.acting.act
        self.act_together: Final = self.acting.act_together
        self.handing = Handing(core, self.acting)
        self.files = CaseFiles(core, rosters, sessions)
        self.shares = CaseShares(core, rosters, sessions, self.acting)
        self.transfer_key = OwnTransferKey(core, rosters)
        self.leaving = Leaving(core, rosters, sessions)
        self.arriving = Arriving(core, rosters, sessions, rotas, self.transfer_key)
        self.grants = Grants(core, rosters, sessions)
        self.asked_exports: Final = AskedExports(core, rosters, sessions).read
        self.boxes = Boxes(core, rosters, sessions)
        self.case_figures: Final = CaseFigures(core, rosters, sessions).read
        self.names = Names(core, rosters, sessions)
        self.tie: Final = Tyings(core, rosters, sessions, self.names).tie
        own = OwnCases(core, rosters, sessions)
        self.ending: Final = own.ending
        self.own_actions: Final = own.with_actions
        self._opened: Bounded[CaseId, dict[LeadId, datetime]] = Bounded(_REMEMBERED)

    async def find(self, session: LeadSession, reference: str) -> CaseId:
        """Find a case by its reference, such as `K7QM3D`, in letters of any case.

        Raises:
            NoSuchCase: There is none, or not for this lead.
            Tampered: There is one for this lead, and it is not genuine.
        """
        await self._require(session)
        mine = readers.c.lead_id == session.lead.id
        asked = select(cases.c.id).join(readers, readers.c.case_id == cases.c.id)
        async with self._core.read() as connection:
            found = (
                await connection.execute(asked.where(cases.c.reference == reference.strip().upper(), mine))
            ).scalar()
            if found is None:
                self._core.measures.refused()
                raise NoSuchCase
            return (await load_one(self._core, connection, session, CaseId(found))).clear.id

    async def open_case(self, session: LeadSession, arrival: Arrival, case: CaseId, reason: str = "") -> CaseView:
        """Open a case; that it was opened is logged. Its words count as read once they were shown: see `words_shown`.

        Its header is brought up to date with what the reporter told since, and what partners answered is taken into it.
        Whoever is told of it only after others, and neither has it nor is on duty, gives a reason once a session: it is
        kept sealed in the history of the case.

        Raises:
            SessionOver: The session has ended.
            ReasonNeeded: No reason was given, in this call or before; nothing was logged.
            Conflict: Others wrote at the same moment, again and again; nothing was logged.
            NoSuchCase: There is none, or not for this lead.
            Tampered: It is not genuine; nothing was logged.
            AlreadySeen: The update was committed before.
            Unavailable: That it was opened cannot be logged, so nothing is shown.
        """
        try:
            return await self._open(session, arrival, case, "read")
        except ReasonNeeded:
            if not reason.strip():
                raise
        await self._give_reason(session, arrival, case, reason.strip())
        return await self._open(session, arrival, case, "read")

    async def copy_case(self, session: LeadSession, arrival: Arrival, case: CaseId) -> CaseView:
        """Open a case in order to copy it elsewhere; that is logged as a copy. For its words see `words_shown`.

        Raises:
            ReasonNeeded: It is for others first, and no reason was given to open it in this session.
            NoSuchCase: There is none, or not for this lead.
            Tampered: It is not genuine; nothing was logged.
            AlreadySeen: The update was committed before.
            Unavailable: That it was copied cannot be logged, so nothing is shown.
        """
        return await self._open(session, arrival, case, "copy")

    async def words_shown(self, session: LeadSession, row: CaseRow, *, whole: bool) -> None:
        """Keep that this lead was shown words of a case as it was opened, up to its last entry if `whole`.

        Call it once they were shown. Without `whole` the concern counts as read where more came since, and that stays
        unread; so does what came after the case was opened. It is tried three times while others write; then the words
        stay unread, and nothing is raised.

        Raises:
            NoSuchCase: It was destroyed meanwhile.
            Tampered: It is gone although nobody destroyed it, or is not genuine.
        """
        await self._require(session)
        for _ in range(_TRIES):
            with suppress(Conflict):  # somebody has said or done something just now
                await self._core.commit(*await self._read(session.lead.id, row.id, row.entries if whole else None))
                return

    async def _read(self, lead: LeadId, case: CaseId, entries: int | None) -> tuple[Row, ...]:
        """It stands in the clear row, under its MAC, and only ever grows: what was read is not unread again.

        `entries` are None where some pages were not shown: then the last word stays unread, whichever it is.
        """
        async with self._core.read(once=True) as connection:
            row = await one_row(connection, select(cases).where(cases.c.id == case))
        if row is None:
            if any(one.kind == "case" and one.id == case for one in self._core.ledger.read()):
                raise NoSuchCase  # it was on the screen while two others destroyed it
            raise self._core.forgeries.record(case)
        clear = read_clear(self._core, row)
        mine = clear.named.get(lead)
        read_to = min(1, clear.last_word - 1) if entries is None else entries
        if mine is None or mine.read_to >= read_to:
            return ()
        after = clear.with_recipient(replace(mine, read_to=read_to))
        return change_rows(self._core, clear, after)

    async def others(self, session: LeadSession, case: CaseId) -> tuple[LeadCard, ...]:
        """Tell who else of its recipients has opened the case within the last five minutes.

        It is known for the 1,000 cases that were opened last, until the process ends. Who has not opened the case
        herself is told of nobody, and neither is who was kept out of it since.
        """
        since, mine = self._core.now() - _OPEN_FOR, session.lead.id
        opened = self._opened.get(case) or {}
        if mine not in opened:
            await self._require(session)
            return ()
        roster = await self._reads_still(session, case)
        if roster is None:
            return ()
        now_open = [lead for lead, at in opened.items() if at > since and lead != mine]
        return tuple(card for lead in now_open if (card := roster.card(lead)) is not None)

    async def _open(
        self, session: LeadSession, arrival: Arrival, case: CaseId, what: Literal["read", "copy"]
    ) -> CaseView:
        raw = await self._read_raw(session, case, what)
        if await self._asks_reason(session, raw.loaded, raw.roster):
            raise ReasonNeeded(raw.loaded.clear.reference)
        if raw.answered and await self.shares.take_in(session, case):
            raw = await self._read_raw(session, case, what)
        opened = open_raw(self._core, raw)
        glance = learnt(raw.loaded.glance, opened)
        # Logged before it is shown: nobody reads without leaving a trace.
        logged = Logged(self._core.hour(), session.lead.id, what, case)
        turn = (*self._core.marks.seen_rows(arrival), logged)
        try:
            await self._core.commit(*turn, *self._header(raw.loaded, glance))
        except Conflict:  # somebody wrote at the same moment: whoever opens it next brings the header up to date
            await self._core.commit(*turn)
        if await self._reads_still(session, case) is None:
            raise NoSuchCase
        self._note_open(case, session.lead.id)
        return case_view(replace(raw, loaded=replace(raw.loaded, glance=glance)), opened)

    async def _read_raw(self, session: LeadSession, case: CaseId, what: Literal["read", "copy"]) -> Raw:
        async with self._core.read() as connection:
            asked = {"lead": session.lead.id, "case": case}
            roster, row = await self._rosters.read_with(connection, _ONE, asked)
            self._sessions.require_lead(session, roster.card(session.lead.id), what)
            return await read_raw(connection, await load_row(self._core, connection, session, row), roster)

    async def _reads_still(self, session: LeadSession, case: CaseId) -> Roster | None:
        """Give the roster; None to a lead who was kept out of this case meanwhile, or if it was destroyed.

        Roster and case are each as new as the question, so they need not be of one state.
        """
        async with self._core.read(once=True) as connection:
            roster, row = await self._rosters.read_with(connection, _CASE, {"case": case})
        self._sessions.require_lead(session, roster.card(session.lead.id), "read")
        with suppress(NoSuchCase):
            if session.lead.id in require_clear(self._core, case, row).named:
                return roster
        return None

    async def _asks_reason(self, session: LeadSession, loaded: Loaded, roster: Roster) -> bool:
        """Whether a case is for others first. Who is told at once, has it, is offered it or is on duty just reads."""
        clear, lead = loaded.clear, session.lead.id
        lowest = min(roster.there(clear.rungs).values(), default=0)
        if clear.id in session.reasoned or clear.rungs[lead] <= lowest or lead in {clear.owner, clear.offered}:
            return False
        return lead not in await self._rotas.first_told(SiteId(clear.site), self._core.now())

    async def _give_reason(self, session: LeadSession, arrival: Arrival, case: CaseId, reason: str) -> None:
        """Keep why a lead opens a case, before it is shown; a turn of its own. Nothing where none is asked for.

        Raises:
            Conflict: Others wrote at the same moment, three times; nothing was kept.
        """
        own = replace(arrival, update_id=-arrival.update_id)
        for _ in range(_TRIES):
            async with self._core.read() as connection:
                roster = await self._rosters.read(connection)
                self._sessions.require_lead(session, roster.card(session.lead.id), "read")
                loaded = await load_one(self._core, connection, session, case)
            if not await self._asks_reason(session, loaded, roster):
                return
            if session.author is None:
                raise SessionOver
            said = Said("desk", entry_content.read(reason, loaded.clear.desk_version, self._core.now()))
            clear, entry = append(loaded.clear, loaded.keys, session.author, said, self._core.hour())
            rows = (entry, *change_rows(self._core, loaded.clear, clear))
            logged = Logged(self._core.hour(), session.lead.id, "reason", case)
            with suppress(Conflict):
                with suppress(AlreadySeen):  # it is kept, and the process ended before the case was shown
                    await self._core.commit(*self._core.marks.seen_rows(own), *rows, logged)
                session.reasoned.add(case)
                return
        raise Conflict

    def _header(self, loaded: Loaded, glance: Glance) -> tuple[Row, ...]:
        if glance == loaded.glance:
            return ()
        clear = replace(loaded.clear, header_version=loaded.clear.header_version + 1)
        return (*change_rows(self._core, loaded.clear, clear), header_row(clear, loaded.desk_key, glance))

    def _note_open(self, case: CaseId, lead: LeadId) -> None:
        self._opened.put(case, {**(self._opened.get(case) or {}), lead: self._core.now()})

    async def _require(self, session: LeadSession) -> None:
        self._sessions.require_lead(session, (await self._rosters.read()).card(session.lead.id), "read")
