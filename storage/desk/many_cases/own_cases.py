"""Lists of one lead's own cases beside her queue: whose time is over, and in which something is hers to do."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, literal_column, select

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
_NEVER: Final[ColumnElement[int]] = literal_column(str(NEVER))
_DATED: Final = cases.c.keep_until < _NEVER
_NOTED: Final = cases.c.retention != literal_column("''")
_PLANNED: Final = cases.c.remind_at < _NEVER


class OwnCases:
    """Reads them; each is proved, and a case that is not this lead's is not there.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where the lead waits for two others to
    say yes, `Tampered` where the roster is not the one that was kept, and `Unavailable` where the database does not
    answer.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def ending(self, session: LeadSession) -> tuple[CaseRow, ...]:
        """Give at most 20 whose time is over or nearly, or that are held or to be destroyed; the sooner the first."""
        soon = int((self._core.now() + NOTICE).timestamp())
        ending = select(cases.c.id).where(_DATED, cases.c.keep_until <= soon)
        noted = select(cases.c.id).where(_NOTED)
        return await self._read(session, "delete", readers.c.case_id.in_(ending.union(noted)), cases.c.keep_until)

    async def with_actions(self, session: LeadSession) -> tuple[CaseRow, ...]:
        """Give at most 20 in which something is hers to do, those first that are told of first."""
        mine = cases.c.actions.contains(f":{session.lead.id}:", autoescape=True)
        planned: Select[Any] = select(cases.c.id).where(_PLANNED, mine)
        return await self._read(session, "plan", readers.c.case_id.in_(planned), cases.c.remind_at)

    async def _read(
        self, session: LeadSession, deed: str, which: ColumnElement[bool], by: ColumnElement[int]
    ) -> tuple[CaseRow, ...]:
        own = QUEUED.where(readers.c.lead_id == session.lead.id, which)
        asked = own.order_by(by, readers.c.case_id).limit(_MOST)
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), deed)
            loaded, _ = await load_all(self._core, connection, session, await all_rows(connection, asked))
        return tuple(case_row(one, roster) for one in loaded)
