"""The cases of one lead in which something is hers to do."""

from __future__ import annotations

from typing import Final

from sqlalchemy import literal_column, select

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
#: The condition of the index; what is bound is none to SQLite.
_DATED: Final = cases.c.remind_at < literal_column(str(NEVER))


class OwnActions:
    """Reads them; each case is proved, and one that is not this lead's is not there."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, session: LeadSession) -> tuple[CaseRow, ...]:
        """Give at most 20 of them, those first of which somebody is told first; others' actions stand in them too.

        Raises:
            SessionOver: The session has ended.
            NotOffered: The lead waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database does not answer.
        """
        mine = cases.c.actions.contains(f":{session.lead.id}:", autoescape=True)
        planned = select(cases.c.id).where(_DATED, mine)
        asked = QUEUED.where(readers.c.lead_id == session.lead.id, readers.c.case_id.in_(planned))
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), "plan")
            rows = await all_rows(connection, asked.order_by(cases.c.remind_at, readers.c.case_id).limit(_MOST))
            loaded, _ = await load_all(self._core, connection, session, rows)
        return tuple(case_row(one, roster) for one in loaded)
