"""What a lead's headers tell for figures: opened in slices that give way, held in the session's memory only.

All of it is done in the loop's own thread: opening a wrap holds the interpreter lock, so another thread would be no
sooner done, and would take the lock for 5 ms from every statement of those who are served meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from sqlalchemy import bindparam, func, select

from flows.measures.counted import is_counted
from flows.measures.stats import CaseFigure
from flows.values.ids import SiteId
from storage.cases.access import Access, open_wrap
from storage.cases.loaded import Loaded
from storage.core.core import StoreCore
from storage.database.schema.cases import readers
from storage.deeds.loading import QueuedRows, prove_read, read_queued
from storage.desk.queue.header_refresh import brought_up
from storage.desk.queue.listed_cases import listed_cases
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.case_keys import CaseKeys, Wrap
from storage.sealing.keys.lead_keys import LeadKeys
from storage.values import CaseId
from storage.values.errors import Tampered

#: By whose rule (`flows/cases/roles.py`).
_RULE: Final = "stats"
_READ: Final = 100  # cases that are read by one statement: some 5 ms
_AT_ONCE: Final = 10  # cases that are proved and opened in one go: some 2 ms
_STATE: Final = select(func.count(), func.sum(readers.c.version)).where(readers.c.lead_id == bindparam("lead"))


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
        keys = session.open_keys()
        lead = {"lead": session.lead.id}
        written = self._core.queue_changes[session.lead.id]
        async with self._core.read() as connection:
            state = (written, *(await connection.execute(_STATE, lead)).one())
            if state == session.figures_state:
                return
            listed = await listed_cases(connection, session.lead.id)
        for gone in session.figure_versions.keys() - listed.keys():
            session.figure_versions.pop(gone, None)
            session.figures.pop(gone, None)
        new = [case for case, version in listed.items() if session.figure_versions.get(case) != version]
        for begin in range(0, len(new), _READ):
            await self._open(session, keys, roster, new[begin : begin + _READ])
        session.require_keys(keys)
        session.figures_state = state

    async def _open(self, session: LeadSession, keys: LeadKeys, roster: Roster, ids: Sequence[CaseId]) -> None:
        async with self._core.read() as connection:
            read = await read_queued(connection, session, ids)
            for begin in range(0, len(read), _AT_ONCE):
                await asyncio.sleep(0)
                session.require_keys(keys)
                loaded = self._opened(session, read[begin : begin + _AT_ONCE])
                told = await brought_up(self._core, connection, session, roster, loaded)
                session.require_keys(keys)
                for case in told:
                    session.figures[case.clear.id] = (case.clear.site, _figure(case))
                    session.figure_versions[case.clear.id] = case.clear.version

    def _opened(self, session: LeadSession, read: Sequence[QueuedRows]) -> list[Loaded]:
        """Prove cases and open their headers; what does not open is counted, and told when somebody opens that case."""
        held, loaded = session.private_keys, []

        def keys_of(access: Access, wrapped: Wrap) -> CaseKeys:
            return open_wrap(access, held[wrapped.key_id], wrapped)

        for one in prove_read(self._core, session.lead.id, read):
            with suppress(Tampered):
                loaded.append(one.opened(self._core, session.lead.id, keys_of))
        return loaded


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
