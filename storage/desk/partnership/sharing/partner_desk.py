"""A partner's desk: what was shared with her, and her answers. She has no queue, no count of cases and no reference.

A share that has ended, one of somebody else and none are the same `NoSuchCase`, after the same work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from flows.duty.escalation import owner_or_lowest
from flows.duty.working_days import Reminders
from flows.together import own_actions, share_table
from flows.together.share_table import SaidAtTable
from flows.values.ids import LeadId
from storage.cases.answers_json import as_json
from storage.cases.rows.case_row import read_case
from storage.cases.rows.clear_row import ClearRow
from storage.cases.rows.share_row import (
    ShareRow,
    changed_share_row,
    ended_share_row,
    new_planned,
    read_content,
    read_share,
    read_table,
    with_planned,
    write_table,
)
from storage.core.core import StoreCore, all_rows, one_row
from storage.database.schema.shares import share_answers, shares
from storage.database.turn import Insert, Logged, Row
from storage.deeds.sharing.round_table import by_partner
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.notices.enqueue import tell_one
from storage.sealing.keys.share_keys import open_share, open_table, seal_answer, seal_table
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.signing import sign
from storage.values import Arrival
from storage.values.errors import NoSuchCase, NotOffered, SessionOver
from storage.values.shares import (
    AT_TABLE,
    MOST_ANSWERS,
    OF_ACTIONS,
    OF_REFERRALS,
    Answer,
    AnswerKind,
    SharedOpened,
    ShareId,
    ShareListed,
    ShareState,
)

#: By whose rule (`flows/cases/roles.py`).
_RULE: Final = "shares"
#: Where a share stands after an answer; one that is not here changes nothing.
_AFTER: Final[Mapping[AnswerKind, ShareState]] = {
    "opened": "opened",
    "accepted": "accepted",
    "taken_on": "accepted",
    "noted": "noted",
}
#: The label of a partner's signature under what she answers.
SIGNED: Final = "share-answer/1"


class PartnerDesk:
    """Lists, opens and answers what was shared with the partner of a session.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the role, `Tampered`
    where a row, the roster or the ledger is not the one that was kept, and `Unavailable` where the database or the
    ledger cannot be read or written.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def listed(self, session: LeadSession) -> tuple[ShareListed, ...]:
        """Give what was shared with her and has not ended, what ends first first; nothing of it is opened."""
        roster = await self._require(session)
        if self._is_over(session, roster):
            return ()
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(shares).where(shares.c.partner == session.lead.id))
        ended, now = self._ended(), self._core.second()
        found = [read_share(self._core, row) for row in rows]
        live = (one for one in found if not one.has_ended and one.until > now and one.id not in ended)
        return tuple(one.listed for one in sorted(live, key=lambda one: (one.until, one.id)))

    async def open(self, session: LeadSession, arrival: Arrival, share: ShareId) -> SharedOpened:
        """Open a share; the first time that leaves a signed receipt for the case, and its recipients are told.

        Raises:
            SessionOver: The session has ended; nothing was noted.
            NotOffered: It is not for the role, or nobody is left who could read that it was opened.
            Tampered: It is not the one that was kept.
            NoSuchCase: There is none, it is somebody else's, or it has ended.
            AlreadySeen: The update was committed before.
            Conflict: Something else was done to it at the same moment; nothing was noted.
        """
        roster = await self._require(session)
        found = await self._find(session, roster, share)
        opened = self._opened(session, found)
        rows: tuple[Row, ...] = ()
        if found.state == "sent":
            rows = await self._answer_rows(session, roster, found, Answer("opened"), {})
        await self._core.commit(*self._core.marks.seen_rows(arrival), *rows)
        await self._require(session)  # nothing is shown to whoever was shut out meanwhile
        return opened

    async def answer(
        self,
        session: LeadSession,
        arrival: Arrival,
        share: ShareId,
        answer: Answer,
        reminders: Reminders | None = None,
    ) -> None:
        """Answer a share: sealed for the recipients whom the case has now, signed by her. To decline ends it.

        Args:
            session: Hers.
            arrival: The update that asked for it.
            share: Which.
            answer: What she says.
            reminders: When she is told of what she is to do; None for every other answer.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NoSuchCase: There is none, it is somebody else's, or it has ended.
            NotOffered: It was not opened yet, the answer lacks something, is more than 2,000 characters, does not fit
                what she was asked or what she is to do, or was given before; or there are 50 answers, and it does not
                end what she is to do.
            Tampered: It is not the one that was kept; nothing was kept.
            AlreadySeen: The update was committed before.
            Conflict: Something else was done to it at the same moment; nothing was kept.
        """
        roster = await self._require(session)
        found = await self._find(session, roster, share)
        again = answer.kind == "opened" or (answer.kind == "accepted" and found.state == "accepted")
        full = found.answers >= MOST_ANSWERS and not answer.of
        timed = (answer.kind == "planned") == (reminders is not None)
        if found.state == "sent" or again or not answer.fits or full or not timed:
            raise NotOffered
        if answer.kind in {"accepted", *OF_REFERRALS}:  # which of them she may say, the content tells
            refers = self._opened(session, found).content.refers
            if refers != (answer.kind in OF_REFERRALS):
                raise NotOffered
        changes: dict[str, Any] = {}
        if answer.kind in AT_TABLE | OF_ACTIONS:
            changes = self._with_said(session, roster, found, answer, reminders)
        rows = await self._answer_rows(session, roster, found, answer, changes)
        await self._core.commit(*self._core.marks.seen_rows(arrival), *rows)

    def _with_said(
        self, session: LeadSession, roster: Roster, found: ShareRow, answer: Answer, reminders: Reminders | None
    ) -> dict[str, Any]:
        """Give the columns of a share with what she says at the round table, or of what she is to do.

        The list of it is sealed for her keys of now.
        """
        card, said = roster.leads[session.lead.id].card, self._said(session, found)
        if found.round_table and not said:  # sealed for keys that she has no more: nothing is written over it
            raise NotOffered
        one = SaidAtTable(card.id, card.name, by_partner(_told(answer), answer.text))
        own = answer.kind in OF_ACTIONS
        if not (own_actions.fits(said, one) if own else share_table.fits(said, one, leads=False)):
            raise NotOffered
        sealed = seal_table(roster.leads[card.id].public, found.id, found.partner, write_table((*said, one)))
        left = [each for each in found.planned if each.number != answer.of]
        if answer.by is not None and reminders is not None:
            left.append(new_planned(len(said) + 1, card.id, answer.by, reminders))
        return {"round_table": sealed, **with_planned(left)}

    def _said(self, session: LeadSession, found: ShareRow) -> tuple[SaidAtTable, ...]:
        if not found.round_table:
            return ()
        try:
            text = open_table(session.private_keys, found.id, found.partner, found.round_table)
        except CannotOpen:
            raise self._core.forgeries.record(found.case_id) from None
        return () if text is None else read_table(text)

    async def _require(self, session: LeadSession) -> Roster:
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
        return roster

    def _is_over(self, session: LeadSession, roster: Roster) -> bool:
        """Whether her agreement has ended: she is suspended with the next sweep whose clock is believed."""
        agreed = roster.leads[session.lead.id].agreed
        return agreed is not None and agreed.has_ended(self._core.now())

    async def _find(self, session: LeadSession, roster: Roster, share: ShareId) -> ShareRow:
        """Give a share of hers that has not ended; whatever the row says, what the ledger names has."""
        async with self._core.read() as connection:
            row = await one_row(connection, select(shares).where(shares.c.id == share))
        ended = self._ended()
        found = None if row is None else read_share(self._core, row)
        over = found is None or found.has_ended or found.until <= self._core.second() or found.id in ended
        if found is None or over or found.partner != session.lead.id or self._is_over(session, roster):
            self._core.measures.refused()
            raise NoSuchCase
        return found

    def _ended(self) -> frozenset[str]:
        return frozenset(one.id for one in self._core.ledger.read() if one.kind == "share")

    def _opened(self, session: LeadSession, found: ShareRow) -> SharedOpened:
        if not session.is_open:
            raise SessionOver
        private = session.private_keys.get(found.key_id)
        if private is None:  # it was sealed for keys that she has no more
            raise NoSuchCase
        try:
            text = open_share(private, found.id, session.lead.id, found.kept)
        except CannotOpen:
            raise self._core.forgeries.record(found.case_id) from None
        said = self._said(session, found)
        to_do = own_actions.open_actions(said, session.lead.id)
        return SharedOpened(found.listed, read_content(text), share_table.table_of(said), to_do)

    async def _answer_rows(
        self, session: LeadSession, roster: Roster, found: ShareRow, answer: Answer, changes: Mapping[str, Any]
    ) -> tuple[Row, ...]:
        """Give the rows of an answer: itself, sealed and signed; the share as it is then; and who is told."""
        author, number = session.author, found.answers + 1
        if author is None:
            raise SessionOver
        async with self._core.read() as connection:
            clear = await read_case(self._core, connection, found.case_id)
        readers = [roster.leads[lead].public for lead in sorted(roster.there(clear.rungs))]
        if not readers:
            raise NotOffered
        text = as_json({**_told(answer), "text": answer.text, "at": self._core.now().isoformat()})
        sealed = seal_answer(readers, found.id, number, text)
        values: dict[str, Any] = {
            "share_id": found.id,
            "number": number,
            "case_id": found.case_id,
            "wraps": sealed.wraps,
            "sealed": sealed.sealed,
            "signature": sign(author.signing_seed, SIGNED, found.id, number, text),
        }
        logged = Logged(self._core.hour(), session.lead.id, f"share_{answer.kind}")
        return (Insert(share_answers, values), self._moved(found, answer, changes), logged, *self._told(roster, clear))

    def _moved(self, found: ShareRow, answer: Answer, changes: Mapping[str, Any]) -> Row:
        counted = found.answers + 1
        if answer.kind == "declined":
            return ended_share_row(self._core, found, answers=counted)
        answers_it = answer.kind not in {"opened", *AT_TABLE, *OF_ACTIONS}
        settled = {"answer_by": 0, "told": 0} if answers_it else {}
        state = _AFTER.get(answer.kind, found.state)
        return changed_share_row(self._core.server_key, found, answers=counted, state=state, **settled, **changes)

    def _told(self, roster: Roster, clear: ClearRow) -> tuple[Row, ...]:
        told = owner_or_lowest(roster.there(clear.rungs), clear.owner)
        now = self._core.second()
        return tuple(tell_one(clear, LeadId(lead), "share_answer", now) for lead in sorted(told))


def _told(answer: Answer) -> dict[str, str]:
    """Give the particulars of an answer but her words."""
    return {
        "answer": answer.kind,
        "because": answer.because or "",
        **({"next": answer.next} if answer.next else {}),
        **({"by": answer.by.isoformat()} if answer.by else {}),
        **({"upto": str(answer.upto)} if answer.upto else {}),
        **({"of": str(answer.of)} if answer.of else {}),
    }
