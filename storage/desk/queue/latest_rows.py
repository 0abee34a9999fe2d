"""What of the audit log a lead is shown: the latest rows of cases that she can open, each proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.cases.rows.case_row import read_cases
from storage.core.audit.proved_log import rows_since
from storage.core.core import StoreCore
from storage.desk.queue.queue import at_second
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import LeadCard

_BACK: Final = timedelta(days=7)
_MOST: Final = 30


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """A row of the audit log: what was done to which case, in which hour; by nobody, where it was the reporter."""

    what: str
    by: LeadCard | None
    reference: str
    hour: datetime


class LatestRows:
    """Reads them; a row of a case that is not for this lead is not there, and takes no other one's place."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, session: LeadSession) -> tuple[LoggedRow, ...]:
        """Give those of the last seven days, the newest first, 30 at most.

        Raises:
            SessionOver: The session has ended.
            NotOffered: It is not for her role, or she waits for two others to say yes.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), "audit")
        since = int((self._core.now() - _BACK).timestamp())
        rows = [row for row in await rows_since(self._core, since) if row["case_id"] is not None]
        gone = {row["case_id"] for row in rows if row["action"] == "destroyed"}
        clear = await read_cases(self._core, {row["case_id"] for row in rows} - gone)
        mine = {case: one for case, one in clear.items() if session.lead.id in one.named}
        own = [row for row in rows if row["case_id"] in mine][:_MOST]
        return tuple(
            LoggedRow(
                row["action"], roster.card(row["lead_id"]), mine[row["case_id"]].reference, at_second(row["hour"])
            )
            for row in own
        )
