"""Talks: sending a concern, coming back with the receipt, and adding to the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import cast
from uuid import uuid4

from sqlalchemy import select

from flows.duty.escalation import rungs_in_order
from flows.values.deeds import Addition, SendConcern, Urgency
from flows.values.ids import Door, SiteId
from storage.cases.retention import is_going
from storage.cases.return_address import new_return_address, removed_return_address
from storage.cases.rows.case_row import change_rows, read_case
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore
from storage.database import instrumentation
from storage.database.clock_guard import is_within
from storage.database.schema.notices import return_addresses
from storage.deeds.readers.recipients import Opening
from storage.deeds.readers.withhold import withhold
from storage.deeds.words import Added, add_words
from storage.leads.roster.rosters import Rosters
from storage.leads.rota import Rotas
from storage.leads.sign_in.throttle import Throttle
from storage.reporters import receipts
from storage.reporters.case_reading import find_case, open_talk, read_talk
from storage.reporters.messages.pending_answers import PendingAnswers
from storage.reporters.sending import Sending, Sent
from storage.reporters.session import TalkSession, view
from storage.sealing.receipts.receipt import Slip
from storage.values import Address, Arrival, CaseId, Clocks, Kept, PendingId, ReporterView, Status, Unanswered
from storage.values.errors import Conflict, SessionOver, Throttled

_TRIES = 8  # a lead and a reporter may write at the same moment, again and again


@dataclass(frozen=True, slots=True)
class Heard:
    """Something was added to the case: its urgency if that rose, and the row that goes once the chat was answered."""

    raised: Urgency | None
    unanswered: PendingId


class Talks:
    """What reporters do with their cases. Sessions live in memory."""

    def __init__(
        self, core: StoreCore, rosters: Rosters, sending: Sending, rotas: Rotas, pending_answers: PendingAnswers
    ) -> None:
        self._core = core
        self._rosters = rosters
        self._sending = sending
        self._rotas = rotas
        self._pending_answers = pending_answers
        self._throttle = Throttle()
        self._open: dict[Address, TalkSession] = {}

    async def send(
        self,
        arrival: Arrival,
        deed: SendConcern,
        kept: Kept | None,
        clocks: Clocks,
        *,
        read_by: datetime | None = None,
    ) -> Sent:
        """Seal a concern, in one turn with the removal of its draft and a row that keeps the receipt until shown.

        Args:
            arrival: The update that sent it.
            deed: What is sent, and for whom.
            kept: The draft as it was read, which goes; None if there is none.
            clocks: When the case is due.
            read_by: Told to the reporter; kept beside the receipt so that it can be told again.

        Returns:
            The receipt, and the talk session, which is open now.

        Raises:
            NoReaders: Nobody remains who could open it; nothing changed.
            Conflict: The draft is not the one given: two taps at once.
            AlreadySeen: The update was committed before.
            Tampered: The roster is not the one that was kept; nothing changed.
            Unavailable: It cannot be written.
        """
        sent = await self._sending.send(arrival, deed, kept, clocks, read_by)
        self.begin(sent.talk)
        return sent

    async def open(self, arrival: Arrival, words_or_token: str) -> TalkSession | Slip | None:
        """Open the case of a receipt; the update is committed as seen first.

        Returns:
            A slip where the words cannot be a receipt, told at once; None for unknown, shredded and foreign receipts
                alike, for which the same is derived.

        Raises:
            Throttled: This chat has tried too many that were none; nothing was derived.
            Crowded: Too many others try just now; nothing was derived.
            AlreadySeen: The update was committed before.
            Tampered: There is a case, and it is not genuine.
            Unavailable: The database cannot be read or written.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        source, now = self._core.marks.of_source(arrival.address), self._core.now()
        if (until := self._throttle.blocked(source, now)) is not None:
            raise Throttled(until)
        found = await self._read(arrival.address, words_or_token, source)
        if found is None:  # a slip costs nothing, and tells nothing: it is not counted
            self._throttle.miss(source, now)
            self._core.measures.refused()
        return found

    async def _read(self, address: Address, words_or_token: str, source: bytes) -> TalkSession | Slip | None:
        """Open what words stand for that `source` brought."""
        receipt = receipts.read(words_or_token)
        if isinstance(receipt, Slip):
            return receipt
        keys = await receipts.keys_of_typed(self._core, receipt, source)
        found = await find_case(self._core, keys)
        if found is None:
            return None
        clear, opened = await read_talk(self._core, found, await self._rosters.read())
        shown = view(clear, opened, await self._rosters.read(), notice_on=False)
        talk = TalkSession(
            address,
            shown.site,
            shown.register,
            shown.language,
            cast("Door", opened[0].content["door"]),
            shown.status,
            found,
            self._core.now(),
            taken_down=shown.taken_down,
        )
        return self.begin(talk)

    def at(self, address: Address) -> TalkSession | None:
        """Give the open talk of a chat and note its use; None if there is none, or it was idle for too long."""
        talk = self._open.get(address)
        if talk is None:
            return None
        if not is_within(self._core.now() - talk.touched, self._core.limits.talk_idle):
            self.leave(address)
            return None
        talk.touched = self._core.now()
        return talk

    def leave(self, address: Address) -> None:
        """End the talk of a chat, if there is one; only the receipt opens it again."""
        self._open.pop(address, None)

    def end_case(self, case: CaseId) -> None:
        """End every talk about a case: it was destroyed."""
        for address in [address for address, talk in self._open.items() if talk.found.case == case]:
            self.leave(address)

    def forget_idle(self) -> int:
        """End the talks that were idle for too long, and tell how many.

        `at` ends them as well; this is for those whose chat says nothing more, so that no keys stay in memory.
        """
        now, limit = self._core.now(), self._core.limits.talk_idle
        idle = [address for address, talk in self._open.items() if not is_within(now - talk.touched, limit)]
        for address in idle:
            self.leave(address)
        return len(idle)

    async def add(self, arrival: Arrival, talk: TalkSession, deeds: Sequence[Addition], clocks: Clocks | None) -> Heard:
        """Append answers, messages and files to the case, in one turn with a row that stays until they were answered.

        Args:
            arrival: The update that said them.
            talk: The open talk.
            deeds: At least one, in order.
            clocks: For the urgency as it is now; used where the deeds raise it, page, or reopen the case.

        Raises:
            SessionOver: The talk has ended; nothing is kept.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, eight times; nothing is kept.
            Tampered: The case is not genuine; nothing is kept.
            Unavailable: It cannot be read or written; nothing is kept.
        """
        self.require(talk)
        unanswered = Unanswered(PendingId(uuid4().hex), talk.address, talk.language)
        for _ in range(_TRIES):
            clear = await self.current(talk)
            added = await self._added(clear, talk, deeds, clocks)
            instrumentation.reach("append.sealed")
            try:
                row = self._pending_answers.row(unanswered)
                await self._core.commit(*self._core.marks.seen_rows(arrival), *added.rows, row)
            except Conflict:
                continue
            instrumentation.reach("append.kept")
            return Heard(added.raised, unanswered.id)
        raise Conflict

    async def view(self, talk: TalkSession) -> ReporterView:
        """Read the case for its reporter, and keep that the replies were seen.

        Raises:
            SessionOver: The talk has ended.
            Tampered: Something of the case is not genuine.
            Unavailable: The database cannot be read; or it can, and that the replies were seen cannot be written.
        """
        self.require(talk)
        await self.current(talk)
        clear, opened = await read_talk(self._core, talk.found, await self._rosters.read())
        notice = await self._notice_of(talk.found.case)
        shown = view(clear, opened, await self._rosters.read(), notice_on=notice is not None)
        talk.status, talk.notified = cast("Status", clear.status), notice is not None
        talk.taken_down = shown.taken_down
        if any(reply.fresh for reply in shown.replies):
            await self._mark_read(clear)
        return shown

    async def notice(self, arrival: Arrival, talk: TalkSession, *, on: bool) -> None:
        """Keep this chat as the return address of the case, or destroy the one that is kept.

        It is two turns: the earlier address goes first, and its id into the ledger, so that no backup brings it back.

        Raises:
            SessionOver: The talk has ended; nothing changed.
            AlreadySeen: The update was committed before.
            Unavailable: It cannot be written, or the ledger not be; `talk.notified` tells what is kept.
        """
        self.require(talk)
        case = talk.found.case
        removed = removed_return_address(self._core, case, await self._notice_of(case))
        await self._core.commit(*self._core.marks.seen_rows(arrival), *removed)
        talk.notified = False
        if on:
            await self._core.commit(*new_return_address(self._core, case, talk.address, talk.language))
            talk.notified = True

    async def _added(
        self, clear: ClearRow, talk: TalkSession, deeds: Sequence[Addition], clocks: Clocks | None
    ) -> Added:
        roster = await self._rosters.read_or_known()
        opening = Opening(clear, talk.found.access, talk.found.keys)
        withheld = await withhold(self._core, opening, roster, deeds, partial(open_talk, self._core, talk.found))
        rungs = roster.there((withheld or opening).clear.rungs)
        told = rungs_in_order(rungs, await self._rotas.first_told(SiteId(clear.site), self._core.now()))
        keys, author = talk.found.keys[clear.epoch], talk.found.author
        return add_words(self._core, clear, keys, author, deeds, clocks=clocks, rungs=told, withheld=withheld)

    async def current(self, talk: TalkSession) -> ClearRow:
        """Read the clear row of the case; after an exclusion, fetch the keys of the new epoch.

        Raises:
            SessionOver: The case is about to be destroyed, or the receipt was exchanged for another.
            Tampered: The case is not genuine.
            Unavailable: The database cannot be read.
        """
        async with self._core.read() as connection:
            clear = await read_case(self._core, connection, talk.found.case)
        if is_going(clear):
            raise SessionOver
        if clear.access != talk.found.access.digest():
            found = await find_case(self._core, talk.found.receipt)
            if found is None:
                raise SessionOver
            if found.access.digest() != clear.access:
                raise self._core.forgeries.record(clear.id)
            talk.found = found
        return clear

    async def _mark_read(self, clear: ClearRow) -> None:
        try:
            await self._core.commit(*change_rows(self._core, clear, replace(clear, reporter_read=clear.entries)))
        except Conflict:
            return  # somebody wrote just now; the next view marks it

    async def _notice_of(self, case: CaseId) -> str | None:
        asked = select(return_addresses.c.id).where(return_addresses.c.case_id == case)
        async with self._core.read() as connection:
            return (await connection.execute(asked)).scalar()

    def require(self, talk: TalkSession) -> None:
        """Raise `SessionOver` unless this is the open talk of its chat; it counts as used."""
        if self.at(talk.address) is not talk:
            raise SessionOver

    def begin(self, talk: TalkSession) -> TalkSession:
        """Make it the open talk of its chat, and give it back."""
        self._open[talk.address] = talk
        return talk
