"""Shows a lead a file of a case, first the blur of it; one that should not be there is shown to nobody."""

from __future__ import annotations

from storage.cases.answers_json import Object
from storage.cases.rows.file_rows import open_file
from storage.core.core import StoreCore
from storage.database.turn import Logged
from storage.deeds.loading import load_one
from storage.deeds.record.files import is_file, locked
from storage.desk.case_view import open_raw, read_raw
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import CaseId
from storage.values.errors import NotOffered

#: What the audit log calls it that a file was shown.
SHOWN = "see_file"


class CaseFiles:
    """The files of cases that a lead opens."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def show(self, session: LeadSession, case: CaseId, number: int, *, blurred: bool) -> bytes:
        """Open a file of a case, which is logged before anything is given.

        Args:
            session: Who wants to see it.
            case: Of which it is; to be opened before by `Desk.open_case`, which asks for a reason where one is due.
            number: The entry that tells of it.
            blurred: Whether only the blur of a photo is meant.

        Raises:
            NotOffered: There is no such file, it is locked, it has no blur, or it is not for her role.
            NoSuchCase: There is no such case, or not for this lead.
            SessionOver: The session has ended.
            Tampered: The case, or the file, is not the one that was kept; nothing of it is given.
            Unavailable: It cannot be read, or that it was shown cannot be logged.
        """
        await self._told(session, case, number, blurred=blurred)
        await self._core.commit(Logged(self._core.hour(), session.lead.id, SHOWN, case))
        # Once more: meanwhile she may have been kept out of the case, or the file been locked.
        told = await self._told(session, case, number, blurred=blurred)
        return await open_file(self._core, case, told, blurred=blurred)

    async def _told(self, session: LeadSession, case: CaseId, number: int, *, blurred: bool) -> Object:
        """Give what the case says of a file that may be shown to this lead now."""
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), SHOWN)
            raw = await read_raw(connection, await load_one(self._core, connection, session, case), roster)
        opened = open_raw(self._core, raw)
        found = next((one for one in opened if one.number == number and is_file(one)), None)
        if found is None or number in locked(opened) or (blurred and not found.content["blur"]):
            raise NotOffered
        return found.content
