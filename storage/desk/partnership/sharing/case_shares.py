"""What recipients of a case do about its shares: whom they may share it with, what is shared, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from flows.duty.escalation import one_level_up
from flows.together.share_table import ShareTable, table_of
from flows.values.ids import LeadId
from storage.cases.entry_content import SHARE_ANSWER, entry
from storage.cases.rows.share_row import ShareRow, read_share
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.shares import share_answers, shares
from storage.deeds.loading import load_one
from storage.deeds.sharing.hand_out import is_barred
from storage.deeds.sharing.offered import AT_TABLE, ENDED, SHARED, partners_for
from storage.deeds.sharing.round_table import ProposedAtTable, proposed_at, said_at
from storage.deeds.sharing.share import EndShare, ShareProposed, can_be_told, shares_proposed
from storage.deeds.sharing.take_answers import TakeAnswers, Taken
from storage.desk.actions import Acting
from storage.desk.case_view import open_raw, read_raw
from storage.desk.partnership.sharing.partner_desk import SIGNED
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.share_keys import SealedAnswer, open_answer
from storage.sealing.primitives.errors import CannotOpen, NotGenuine
from storage.sealing.primitives.signing import verify
from storage.values import Action, Arrival, CaseId, CaseRow, LeadCard
from storage.values.errors import Conflict, NotOffered, Tampered
from storage.values.shares import OfferedPartner, ShareId, ShareOfCase


@dataclass(frozen=True, slots=True)
class CaseSharing:
    """What a case can be shared by: with whom, whether the child can be told, what is shared, and what is proposed.

    `above` are who stands above this lead, where she disagrees (`escalation.one_level_up`); `bars_typed` tells
    whether somebody whom she typed is named in the case, or left out of it.
    """

    partners: tuple[OfferedPartner, ...]
    tells_child: bool
    shares: tuple[ShareOfCase, ...]
    proposed: tuple[ShareProposed, ...] = ()
    above: tuple[LeadCard, ...] = ()
    bars_typed: bool = False


@dataclass(frozen=True, slots=True)
class TableOfCase:
    """The round table on a share as leads see it: its row for a deed, with whom, and the table, if one is planned.

    `two`: what is said there takes two leads. `proposed` is what a colleague has said first and a second has not.
    """

    share: ShareRow
    partner: LeadCard
    table: ShareTable | None
    two: bool = False
    proposed: tuple[ProposedAtTable, ...] = ()


class CaseShares:
    """For recipients of a case; a case that is not for whoever asks is the same `NoSuchCase` as none.

    Every method raises besides that `SessionOver`, `NotOffered` where it is not for the lead's role, `Tampered` where
    the case or the roster is not the one that was kept, and `Unavailable`.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, acting: Acting) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._acting = acting

    async def read(self, session: LeadSession, case: CaseId, typed: str = "") -> CaseSharing:
        """Give whom a case may be shared with, and every share of it as it stands, the first one first.

        `typed` is a name that is looked for in the words.

        A share of which the case tells otherwise than its rows counts as tampered with; one whose row is gone is shown
        as ended.

        Raises:
            NoSuchCase: There is none, or not for this lead.
        """
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), "share")
            raw = await read_raw(connection, await load_one(self._core, connection, session, case), roster)
            rows = await all_rows(connection, select(shares).where(shares.c.case_id == case))
            asked = select(share_answers.c.share_id, share_answers.c.number).where(share_answers.c.case_id == case)
            waiting = [(row.share_id, row.number) for row in await connection.execute(asked)]
        opened = open_raw(self._core, raw)
        kept = {one.id: one for one in (read_share(self._core, row) for row in rows)}
        done = [one for one in (entry(each, None).action for each in opened) if one is not None]
        told = [one.detail for one in done if one.what == SHARED]
        for share in {ShareId(detail["share"]) for detail in told} | kept.keys():
            if not _agrees(kept.get(share), done, share, [number for own, number in waiting if own == share]):
                self._core.forgeries.record(case)
        return CaseSharing(
            partners=tuple(
                OfferedPartner(one.lead.card, one.two, one.named)
                for one in partners_for(raw.loaded, roster, opened, self._core.now())
            ),
            proposed=shares_proposed(raw.loaded, opened),
            above=tuple(
                roster.leads[lead].card for lead in one_level_up(roster.there(raw.loaded.clear.rungs), session.lead.id)
            ),
            tells_child=can_be_told(raw.loaded),
            bars_typed=bool(typed) and is_barred(raw.loaded, roster, opened, typed),
            shares=tuple(self._of_case(detail, kept) for detail in told),
        )

    async def take_back(
        self, session: LeadSession, arrival: Arrival, case: CaseId, version: int, share: ShareId
    ) -> CaseRow:
        """End a share before its time: its key is destroyed.

        Args:
            session: Who does it.
            arrival: The update that asked for it.
            case: The case as it was shown, at `version`.
            version: As for `Acting.act`.
            share: Which.

        Raises:
            NoSuchCase: There is no such case, or not for this lead.
            NotOffered: It is none of this case, or has ended.
            Stale: The case was changed since.
            AlreadySeen: The update was committed before.
            Conflict: Its partner did something to it at the same moment, again and again; nothing changed in the case.
        """
        found = await self._row(case, share)
        if found is None:
            raise NotOffered
        return await self._acting.act(session, arrival, case, version, EndShare(found))

    async def table(self, session: LeadSession, case: CaseId, share: str) -> TableOfCase | None:
        """Give the round table on a share of a case, by how its id begins.

        It is None where there is no such share of it, more than one, or it has ended; also where its partner may not be
        shown anything of the case.

        Raises:
            NoSuchCase: There is no such case, or not for this lead.
        """
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), "share")
            raw = await read_raw(connection, await load_one(self._core, connection, session, case), roster)
            rows = await all_rows(connection, select(shares).where(shares.c.case_id == case))
        meant = [read_share(self._core, row) for row in rows if row["id"].startswith(share)]
        live = [one for one in meant if not one.has_ended and one.until > self._core.second()]
        if len(live) != 1:
            return None
        [row] = live
        opened, found = open_raw(self._core, raw), roster.leads.get(LeadId(row.partner))
        two = {one.lead.id: one.two for one in partners_for(raw.loaded, roster, opened, self._core.now())}
        if found is None or found.id not in two:
            return None
        table, asked = table_of(said_at(opened, roster, row.id)), proposed_at(raw.loaded, opened, roster, row.id)
        return TableOfCase(row, found.card, table, two[found.id], asked)

    async def take_in(self, session: LeadSession, case: CaseId) -> bool:
        """Take what partners answered into a case that is being opened; tell whether there was anything.

        What is not genuine is counted, and stays out; so does what is sealed for others alone. Where others write
        without end, it is left for the next who opens the case.

        Raises:
            NoSuchCase: The case is gone, or not for this lead any more.
        """
        async with self._core.read() as connection:
            asked = select(share_answers).where(share_answers.c.case_id == case)
            rows = await all_rows(connection, asked.order_by(share_answers.c.share_id, share_answers.c.number))
        if not rows:
            return False
        roster = await self._rosters.read()
        taken = []
        for row in rows:
            with suppress(Tampered):  # the row of its share is not genuine, which is counted
                one = await self._opened(session, roster, row)
                taken += [one] if one is not None else []
        if not taken:
            return False
        with suppress(Conflict, NotOffered):  # others write without end; or it is in the case, and was put back
            await self._acting.act(session, None, case, None, TakeAnswers(tuple(taken)))
        return True

    async def _opened(self, session: LeadSession, roster: Roster, row: Mapping[str, Any]) -> Taken | None:
        """Give an answer with its signature proved; None, and it is counted, where it is not genuine."""
        share, number = ShareId(row["share_id"]), row["number"]
        found = await self._row(row["case_id"], share)
        if found is None or not is_bound(self._core.server_key, share_answers, row):
            self._core.forgeries.record(row["case_id"])
            return None
        try:
            said = open_answer(session.private_keys, share, number, SealedAnswer(row["wraps"], row["sealed"]))
            if said is None:
                return None
            _prove(roster, found.partner, row["signature"], share, number, said)
        except (NotGenuine, CannotOpen):
            self._core.forgeries.record(row["case_id"])
            return None
        return Taken(share, number, found.partner, said, row["signature"], row["mac"])

    async def _row(self, case: str, share: ShareId) -> ShareRow | None:
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(shares).where(shares.c.id == share, shares.c.case_id == case))
        return read_share(self._core, rows[0]) if rows else None

    def _of_case(self, detail: Mapping[str, str], kept: Mapping[ShareId, ShareRow]) -> ShareOfCase:
        share = ShareId(detail["share"])
        row, until = kept.get(share), datetime.fromisoformat(detail["ends"])
        over = row is None or row.has_ended or row.until <= self._core.second()
        return ShareOfCase(share, detail["to"], until, "ended" if over or row is None else row.state, detail)


def _agrees(row: ShareRow | None, done: Sequence[Action], share: ShareId, waiting: list[int]) -> bool:
    """Whether the rows of a share are those that the entries of its case tell of, and none that was put back."""
    own = [one for one in done if one.detail.get("share") == share]
    numbers = sorted([*waiting, *(int(one.detail["number"]) for one in own if one.what == SHARE_ANSWER)])
    ended = any(one.what == ENDED or one.detail.get("answer") == "declined" for one in own)
    shared = any(one.what == SHARED for one in own)
    led_to = max((int(one.detail["led_to"]) for one in own if one.what == AT_TABLE), default=0)
    whole = row is not None and row.version >= led_to and numbers == list(range(1, row.answers + 1))
    return row is not None and whole and shared and (row.has_ended or not ended)


def _prove(roster: Roster, partner: str, signature: bytes, share: str, number: int, said: str) -> None:
    """Return quietly if a partner signed what she said, with her key of now or one of before."""
    for public in roster.signers(b"").get(partner, ()):
        with suppress(NotGenuine):
            verify(public, signature, SIGNED, share, number, said)
            return
    raise NotGenuine
