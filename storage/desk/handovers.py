"""Handovers at the desk: which cases are offered to whom, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from flows.values.ids import LeadId
from storage.cases.rows.case_row import read_cases, read_clear
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import cases, handovers, readers
from storage.deeds.deed import Deed
from storage.deeds.ownership import AcceptCase, DeclineCase, OfferCase, TakeBackCase
from storage.desk.actions import Acting
from storage.leads.sign_in.session import LeadSession
from storage.sealing.primitives.errors import NotGenuine
from storage.values import Arrival, CaseId
from storage.values.errors import Conflict, NoSuchCase, NotOffered


@dataclass(frozen=True, slots=True)
class Offered:
    """How many cases one lead hands over to another."""

    giver: LeadId
    cases: tuple[CaseId, ...]


@dataclass(frozen=True, slots=True)
class OpenCases:
    """The open cases that a lead has, of those that the one who asks can read; and how many each of them could take."""

    number: int
    by_taker: Mapping[LeadId, int]


class Handing:
    """Offers and answers, a case at a time, each signed by whoever does it."""

    def __init__(self, core: StoreCore, acting: Acting) -> None:
        self._core = core
        self._acting = acting

    async def passable(self, session: LeadSession, to: LeadId) -> tuple[Mapping[str, CaseId], int]:
        """Give the lead's open cases that `to` can read and nobody was offered, by reference, the most urgent first.

        The second number says how many of her cases stay behind, since they are not sealed for `to`. Only what is
        sealed for both is ever passed on; the number is for the giver alone.

        Raises:
            Unavailable: The database cannot be read.
        """
        me = session.lead.id
        hers = (readers.c.lead_id == me, readers.c.owner == me, readers.c.open == 1)
        async with self._core.read() as connection:
            named = (await connection.execute(select(readers.c.case_id).where(*hers))).scalars().all()
        found = (await read_cases(self._core, named)).values()
        mine = sorted((one for one in found if one.owner == me and one.is_open), key=lambda one: (one.rank, one.due_at))
        both = [one for one in mine if to in one.rungs]
        return {one.reference: one.id for one in both if one.offered is None}, len(mine) - len(both)

    async def open_cases_of(self, session: LeadSession, lead: LeadId) -> OpenCases:
        """Give how many open cases a lead has, and how many of them each other recipient could take over.

        Counted is only what `session` can read itself: who is kept out of a case learns of none.

        Raises:
            Unavailable: The database cannot be read.
        """
        hers = (readers.c.lead_id == session.lead.id, readers.c.owner == lead, readers.c.open == 1)
        async with self._core.read() as connection:
            named = (await connection.execute(select(readers.c.case_id).where(*hers))).scalars().all()
        found = [one for one in (await read_cases(self._core, named)).values() if one.owner == lead and one.is_open]
        mine = [one.rungs for one in found if session.lead.id in one.rungs]
        takers = {taker for rungs in mine for taker in rungs} - {lead}
        return OpenCases(len(mine), {taker: sum(taker in rungs for rungs in mine) for taker in sorted(takers)})

    async def offer(self, session: LeadSession, arrival: Arrival, to: LeadId, only: str = "") -> int:
        """Offer the lead's open cases that `to` can read, or `only` the one of that reference; how many.

        The update is committed as seen first; then each case is a deed of its own. If it ends in between, by an error
        or with the process, the cases before are offered. A case that others changed at the same moment is left out.

        Raises:
            AlreadySeen: The update was committed before.
            SessionOver: The session has ended.
            Tampered: A case, or the roster, is not genuine.
            Unavailable: The database cannot be read or written.
        """
        every, _ = await self.passable(session, to)
        passed = [case for reference, case in every.items() if only in {"", reference}]
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        return await self._each(session, passed, OfferCase(to))

    async def take_back(self, session: LeadSession, arrival: Arrival) -> int:
        """Take back every offer of the lead's that nobody has answered; how many cases.

        The update is committed as seen first; then each case is a deed of its own, as in `offer`. Raises what `offer`
        raises: AlreadySeen, SessionOver, Tampered, Unavailable.
        """
        asked = select(handovers.c.case_id).where(handovers.c.giver == session.lead.id)
        async with self._core.read() as connection:
            named = [CaseId(one) for one in (await connection.execute(asked)).scalars()]
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        return await self._each(session, named, TakeBackCase())

    async def waiting(self, session: LeadSession) -> int:
        """Give how many cases the lead has offered that nobody has answered yet.

        Raises:
            Unavailable: The database cannot be read.
        """
        asked = select(func.count()).select_from(handovers).where(handovers.c.giver == session.lead.id)
        async with self._core.read() as connection:
            return int((await connection.execute(asked)).scalar_one())

    async def offered(self, session: LeadSession) -> tuple[Offered, ...]:
        """Give what is offered to a lead, by whom, in the order of the givers' ids.

        Raises:
            Tampered: An offer is not one that was made, or was answered before.
            Unavailable: The database cannot be read.
        """
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(handovers).where(handovers.c.taker == session.lead.id))
            asked = select(cases).where(cases.c.id.in_([row["case_id"] for row in rows]))
            stand = {row["id"]: read_clear(self._core, row) for row in await all_rows(connection, asked)}
        found: dict[LeadId, list[CaseId]] = {}
        for row in rows:
            case = stand.get(row["case_id"])
            if case is None or (case.owner, case.offered) != (row["giver"], row["taker"]):
                raise self._core.forgeries.record(row["case_id"])
            try:
                self._core.server_key.verify(row["mac"], "handover/1", row["case_id"], row["giver"], row["taker"])
            except NotGenuine:
                raise self._core.forgeries.record(row["case_id"]) from None
            found.setdefault(LeadId(row["giver"]), []).append(CaseId(row["case_id"]))
        return tuple(Offered(giver, tuple(named)) for giver, named in sorted(found.items()))

    async def answer(self, session: LeadSession, arrival: Arrival, giver: LeadId, *, accepted: bool) -> int:
        """Accept or decline everything that one lead offers; how many cases, 0 where that lead offers nothing any more.

        The update is committed as seen first; then each case is a deed of its own, as in `offer`. Raises what `offer`
        raises: AlreadySeen, SessionOver, Tampered, Unavailable.
        """
        found = next((one for one in await self.offered(session) if one.giver == giver), None)
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        if found is None:
            return 0
        return await self._each(session, found.cases, AcceptCase(giver) if accepted else DeclineCase(giver))

    async def _each(self, session: LeadSession, named: Sequence[CaseId], deed: Deed) -> int:
        done = 0
        for case in named:
            try:
                await self._acting.act(session, None, case, None, deed)
            except (Conflict, NoSuchCase, NotOffered):  # it was answered, taken or closed meanwhile
                continue
            done += 1
        return done
