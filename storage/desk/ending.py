"""The cases of one lead whose time is over, or nearly, and those that are held or to be destroyed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import literal_column, select

from flows.cases.retention import NOTICE
from storage.core.core import StoreCore, all_rows
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases, readers
from storage.deeds.loading import QUEUED, load_all
from storage.desk.queue.queue import case_row
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import CaseRow

_MOST: Final = 20  # cases that are shown
#: The conditions of the indexes; what is bound is none to SQLite.
_DATED: Final = cases.c.keep_until < literal_column(str(NEVER))
_NOTED: Final = cases.c.retention != literal_column("''")


class Ending:
    """Reads them; each is proved, and a case that is not this lead's is not there."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, session: LeadSession) -> tuple[CaseRow, ...]:
        """Give at most 20 of them, those first whose time is over first.

        Raises:
            SessionOver: The session has ended.
            NotOffered: The lead waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database does not answer.
        """
        soon = int((self._core.now() + NOTICE).timestamp())
        ending = select(cases.c.id).where(_DATED, cases.c.keep_until <= soon)
        noted = select(cases.c.id).where(_NOTED)
        mine = QUEUED.where(readers.c.lead_id == session.lead.id, readers.c.case_id.in_(ending.union(noted)))
        asked = mine.order_by(cases.c.keep_until, readers.c.case_id).limit(_MOST)
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), "delete")
            loaded, _ = await load_all(self._core, connection, session, await all_rows(connection, asked))
        return tuple(case_row(one, roster) for one in loaded)
