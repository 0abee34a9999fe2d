"""What leads take down for somebody else: begun, sent, and the words of its receipt, until they were handed over.

It goes the way of every concern: the same draft under a day key, the same sending, the same readers.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from sqlalchemy import select

from flows.duty.retries import LATEST
from flows.values.deeds import SendConcern
from flows.values.draft import Draft
from flows.values.ids import LeadId, NoticeKind
from storage.core.core import StoreCore
from storage.core.marks import recorder
from storage.database.schema.chats import drafts, unspoken
from storage.database.schema.notices import outbox
from storage.database.turn import Delete, Insert, Logged, Row
from storage.deeds.send_concern import NewCase
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.reporters.drafts import Drafts
from storage.reporters.messages.pending_answers import PendingAnswers
from storage.reporters.sending import Sending, TakenDownBy
from storage.values import Arrival, Clocks, Kept, PendingReceipt

#: Its rule in `flows/cases/roles.py`, and what the audit log calls it.
RECORD: Final = "record"
#: After this long a lead is told of words that she has not handed over; they are gone with their day key. A notice that
#: waits longer would be taken for one of a clock that was set back (`NoticeTimes.correct`).
REMINDER: Final = LATEST


class Recordings:
    """One draft a lead, and the receipts that she has to hand over.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the lead's role,
    `Tampered` where something is not the one that was kept, and `Unavailable` where the database does not answer.
    """

    def __init__(
        self, core: StoreCore, rosters: Rosters, sessions: Sessions, sending: Sending, pending_answers: PendingAnswers
    ) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._sending = sending
        self._pending_answers = pending_answers

    async def get(self, session: LeadSession) -> Kept | None:
        """Give what the lead has begun to take down and not sent; None where there is nothing, or it lapsed."""
        await self._require(session)
        return await self._drafts(session.lead.id).get(session.address)

    async def keep(
        self, session: LeadSession, arrival: Arrival, draft: Draft, definition_text: str, kept: Kept | None
    ) -> Kept:
        """Keep it as it is now; see `Drafts.keep` for arguments and errors. It lapses a day after the last word."""
        await self._require(session)
        return await self._drafts(session.lead.id).keep(arrival, draft, definition_text, kept)

    async def drop(self, session: LeadSession, arrival: Arrival, kept: Kept | None) -> None:
        """Throw it away; see `Drafts.drop`."""
        await self._require(session)
        await self._drafts(session.lead.id).drop(arrival, kept)

    async def send(
        self, session: LeadSession, arrival: Arrival, deed: SendConcern, kept: Kept | None, clocks: Clocks
    ) -> None:
        """Seal it for its readers, with the lead's name on it; the words of its receipt wait to be handed over.

        The lead is no reader by that, and nothing of the case is told to her. After an hour she is reminded of the
        words.

        Raises:
            NoReaders: Nobody remains who could open it; nothing changed.
            Conflict: The draft is not the one given: two taps at once.
            AlreadySeen: The update was committed before.
        """
        await self._require(session)
        lead = session.lead.id
        by = TakenDownBy(lead, self._drafts(lead), partial(self._rows, lead))
        await self._sending.send(arrival, replace(deed, taken_down=session.lead.name), kept, clocks, None, by)

    async def to_hand_over(self, session: LeadSession) -> tuple[PendingReceipt, ...]:
        """Give the receipts that she has not handed over, the oldest first; none whose day key is gone."""
        await self._require(session)
        return await self._pending_answers.to_hand_over(session.lead.id)

    async def handed_over(self, session: LeadSession, receipt: PendingReceipt) -> None:
        """Remove a receipt that was shown, for good; with the last one the reminder goes. Safe to repeat."""
        lead = session.lead.id
        left = [one for one in await self._pending_answers.to_hand_over(lead) if one.id != receipt.id]
        reminder = () if left else (Delete(outbox, {"lead_id": lead, "kind": "unhanded"}),)
        await self._core.commit(Delete(unspoken, {"id": receipt.id}), *reminder)

    async def lapse(self, touched: int) -> int:
        """Remove what was begun and not touched since that time (seconds since 1970), and tell whose it was.

        Returns:
            How many there were.

        Raises:
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written; what was removed was told.
        """
        marks = {self._core.marks.of_owner(recorder(lead)): lead for lead in (await self._rosters.read()).leads}
        asked = select(drafts.c.address, drafts.c.version).where(drafts.c.touched_hour <= touched)
        async with self._core.read() as connection:
            rows = (await connection.execute(asked)).all()
        hers = [row for row in rows if row.address in marks]
        for row in hers:
            gone = Delete(drafts, {"address": row.address}, {"version": row.version})
            await self._core.commit(gone, _notice(marks[row.address], "lapsed", self._core.second()))
        return len(hers)

    def _drafts(self, lead: LeadId) -> Drafts:
        return Drafts(self._core, recorder(lead))

    def _rows(self, lead: LeadId, new: NewCase) -> tuple[Row, ...]:
        logged = Logged(self._core.hour(), lead, RECORD, new.clear.id)
        return (logged, _notice(lead, "unhanded", self._core.second() + int(REMINDER.total_seconds())))

    async def _require(self, session: LeadSession) -> None:
        self._sessions.require_lead(session, (await self._rosters.read()).card(session.lead.id), RECORD)


def _notice(lead: LeadId, kind: NoticeKind, at: int) -> Row:
    rest = {"return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0, "not_before": at}
    return Insert(outbox, {"lead_id": lead, **rest})
