"""How a deed on the roster is done: against the newest version, tried again where others were faster, and by two."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Final, TypeVar

from flows.cases.approvals import Proposal, is_second
from flows.cases.roles import time_for
from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.turn import Row
from storage.leads.disabling import shut_out_rows
from storage.leads.roster.invites import Invites
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import Arrival
from storage.values.errors import Conflict, NotOffered

_TRIES: Final = 4
_T = TypeVar("_T")


class RosterDeeds:
    """What deeds on the roster share."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, invites: Invites) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._invites = invites

    @staticmethod
    def colleagues(roster: Roster, lead: LeadId) -> frozenset[LeadId]:
        """Give the readers of a lead's site who decide about the lead: all but the lead."""
        site = roster.leads[lead].site if lead in roster.leads else None
        return frozenset(one for one in roster.deciding() if roster.leads[one].site == site and one != lead)

    def _second(
        self,
        session: LeadSession,
        roster: Roster,
        deed: str,
        state: str,
        among: Collection[LeadId],
    ) -> bool:
        if session.lead.id not in among:
            raise NotOffered
        first, now = roster.waiting.words.get(deed), self._core.now()
        return is_second(first, session.lead.id, state, now, among=among, within=time_for(deed))

    def _first(self, session: LeadSession, roster: Roster, deed: str, state: str) -> tuple[Row, ...]:
        word = Proposal(session.lead.id, self._core.now(), state)
        return self._rosters.rows(roster, waiting=replace(roster.waiting, words={**roster.waiting.words, deed: word}))

    async def _again(self, session: LeadSession, deed: str, once: Callable[[Roster], Awaitable[_T]]) -> _T:
        self._sessions.take_code_for(session, deed)

        async def required(roster: Roster) -> _T:
            self._sessions.require_lead(session, roster.card(session.lead.id), deed)
            return await once(roster)

        return await self._tried(required)

    async def _tried(self, once: Callable[[Roster], Awaitable[_T]]) -> _T:
        for left in reversed(range(_TRIES)):
            try:
                return await once(await self._rosters.read())
            except Conflict:  # somebody else changed the roster, or a case, at the same moment
                if not left:
                    raise
        raise Conflict

    async def _commit(self, roster: Roster, arrival: Arrival | None, *rows: Row) -> None:
        await self._core.commit(*(self._core.marks.seen_rows(arrival) if arrival else ()), *rows)
        self._rosters.note(roster.version + 1)

    async def _suspend(
        self, roster: Roster, found: Lead, taker: LeadId | None, *also: Row, arrival: Arrival | None = None
    ) -> None:
        going = await shut_out_rows(self._core, self._rosters, self._invites, roster, found, taker)
        await self._commit(roster, arrival, *also, *going.rows)
        self._sessions.lock_lead(found.id)
        going.note(self._core)


def known_lead(roster: Roster, lead: LeadId) -> Lead:
    """Give a lead of the roster, also one who was suspended.

    Raises:
        NotOffered: There is none.
    """
    found = roster.leads.get(lead)
    if found is None:
        raise NotOffered
    return found
