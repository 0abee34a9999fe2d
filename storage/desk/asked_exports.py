"""Which cases a colleague wants to hand out now, of those that the second person can open."""

from __future__ import annotations

from typing import Final

from flows.cases.approvals import WITHIN_A_DAY
from flows.values.ids import LeadId
from storage.cases.rows.case_row import read_cases
from storage.core.audit.proved_log import rows_since
from storage.core.core import StoreCore
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import CaseId

_ASKED: Final = "ask_export"
_HOUR: Final = 3600  # the log has whole hours


class AskedExports:
    """Finds them by the audit log; a case that is not for whoever asks is not there."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, session: LeadSession, but: CaseId, by: LeadId) -> tuple[str, ...]:
        """Give the references of the cases that `by` asked to hand out within a day, in order; done or not.

        Args:
            session: Whose cases are looked at.
            but: The one that is known already.
            by: Who asked.

        Raises:
            SessionOver: The session has ended.
            NotOffered: It is not for her role, or she waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), "export")
        since = int((self._core.now() - WITHIN_A_DAY).timestamp()) - _HOUR
        rows = [row for row in await rows_since(self._core, since) if row["case_id"] is not None]
        gone = {row["case_id"] for row in rows if row["action"] == "destroyed"}
        asked = {row["case_id"] for row in rows if row["action"] == _ASKED and row["lead_id"] == by}
        found = (await read_cases(self._core, asked - gone - {but})).values()
        return tuple(sorted(one.reference for one in found if session.lead.id in one.named))
