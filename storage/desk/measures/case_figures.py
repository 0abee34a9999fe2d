"""What a lead's headers tell for figures: opened in slices that give way, held in the session's memory only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from sqlalchemy import bindparam, func, select

from flows.measures.counted import is_counted
from flows.measures.stats import CaseFigure
from flows.values.ids import LeadId, SiteId
from storage.cases.access import Access, open_wrap
from storage.cases.loaded import Loaded
from storage.core.core import StoreCore
from storage.database.schema.cases import readers
from storage.deeds.loading import Proved, prove_all
from storage.desk.queue.header_refresh import brought_up
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.case_keys import CaseKeys, Wrap
from storage.sealing.primitives.xwing import KeyId, PrivateKey
from storage.values import CaseId
from storage.values.errors import SessionOver, Tampered

#: By whose rule (`flows/cases/roles.py`).
_RULE: Final = "stats"
_AT_ONCE: Final = 100  # cases that are read by one statement, and proved in one go: some 8 ms
_STATE: Final = select(func.count(), func.sum(readers.c.version)).where(readers.c.lead_id == bindparam("lead"))
_MINE: Final = select(readers.c.case_id, readers.c.version).where(readers.c.lead_id == bindparam("lead"))


class CaseFigures:
    """Reads them for the lead of a session: of her own cases at a site, and nothing of any other."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, session: LeadSession, site: SiteId) -> tuple[CaseFigure, ...]:
        """Give what is counted of each of her cases at a site.

        The first time each header is opened (some 0.25 ms); after that those alone that have changed. Between slices
        other tasks run. What is not genuine is counted as that, and left out.

        Raises:
            SessionOver: The session has ended, perhaps meanwhile.
            NotOffered: It is not for the lead's role.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
        async with session.counting:
            await self._bring_up(session, roster)
            return tuple(one for at, one in session.figures.values() if at == site)

    async def _bring_up(self, session: LeadSession, roster: Roster) -> None:
        self._require(session)
        lead = {"lead": session.lead.id}
        written = self._core.queue_changes[session.lead.id]
        async with self._core.read() as connection:
            state = (written, *(await connection.execute(_STATE, lead)).one())
            if state == session.figures_state:
                return
            listed: dict[str, int] = {row.case_id: row.version for row in await connection.execute(_MINE, lead)}
        for gone in session.figure_versions.keys() - listed.keys():
            session.figure_versions.pop(gone, None)
            session.figures.pop(gone, None)
        new = [CaseId(case) for case, version in listed.items() if session.figure_versions.get(case) != version]
        for begin in range(0, len(new), _AT_ONCE):
            await self._open(session, roster, new[begin : begin + _AT_ONCE])
        self._require(session)
        session.figures_state = state

    async def _open(self, session: LeadSession, roster: Roster, ids: Sequence[CaseId]) -> None:
        async with self._core.read() as connection:
            proved = await prove_all(self._core, connection, session, ids)
            self._require(session)
            held = dict(session.private_keys)
            loaded = await asyncio.to_thread(self._opened, session.lead.id, held, proved)
            self._require(session)
            told = await brought_up(self._core, connection, session, roster, loaded)
        for case in told:
            session.figures[case.clear.id] = (case.clear.site, _figure(case))
            session.figure_versions[case.clear.id] = case.clear.version

    def _opened(self, lead: LeadId, held: Mapping[KeyId, PrivateKey], proved: Sequence[Proved]) -> list[Loaded]:
        """Open headers, in a thread; what does not open is counted, and told when somebody opens that case."""

        def keys_of(access: Access, wrapped: Wrap) -> CaseKeys:
            return open_wrap(access, held[wrapped.key_id], wrapped)

        loaded = []
        for one in proved:
            with suppress(Tampered):
                loaded.append(one.opened(self._core, lead, keys_of))
        return loaded

    def _require(self, session: LeadSession) -> None:
        if not session.is_open:
            raise SessionOver


def _figure(loaded: Loaded) -> CaseFigure:
    glance, closed = loaded.glance, loaded.clear.status == "closed"
    left_out = (*glance.excluded, *glance.withheld, *glance.kept_out)
    return CaseFigure(
        is_counted(left_out, glance.chosen, glance.categories, unsure=glance.unsure),
        glance.sent_at,
        glance.answered,
        glance.closed if closed else None,
        glance.outcome if closed else "",
    )
