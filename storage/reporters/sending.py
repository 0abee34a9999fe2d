"""Sends a concern: one turn holds the case, the end of its draft, and the receipt until it was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import uuid4

from flows.values.deeds import SendConcern
from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database import instrumentation
from storage.database.turn import Row
from storage.deeds.send_concern import NewCase, recipients, send_concern
from storage.leads.roster.rosters import Rosters
from storage.leads.rota import Rotas
from storage.reporters import receipts
from storage.reporters.case_reading import Found
from storage.reporters.drafts import Drafts
from storage.reporters.messages.pending_answers import PendingAnswers
from storage.reporters.session import TalkSession
from storage.reporters.source_counts import Sources
from storage.sealing.keys.case_keys import CaseKeys
from storage.sealing.receipts.receipt import Receipt, ReceiptKeys, receipt_to_token
from storage.values import Address, Arrival, Clocks, Kept, PendingId, PendingReceipt
from storage.values.errors import Conflict


@dataclass(frozen=True, slots=True)
class Sent:
    """A concern that is kept: its receipt, to be shown, and the talk session that it opened."""

    pending: PendingId
    words: str = field(repr=False)
    token: str = field(repr=False)
    talk: TalkSession


@dataclass(frozen=True, slots=True)
class TakenDownBy:
    """The lead who took a concern down, where its draft is, and the rows that it adds to the turn."""

    lead: LeadId
    drafts: Drafts
    rows: Callable[[NewCase], tuple[Row, ...]] = field(repr=False)


class Sending:
    """Seals and commits concerns."""

    def __init__(
        self, core: StoreCore, rosters: Rosters, drafts: Drafts, pending_answers: PendingAnswers, rotas: Rotas
    ) -> None:
        self._core = core
        self._rosters = rosters
        self._drafts = drafts
        self._pending_answers = pending_answers
        self._rotas = rotas
        self._sources = Sources(core)

    async def send(
        self,
        arrival: Arrival,
        deed: SendConcern,
        kept: Kept | None,
        clocks: Clocks,
        read_by: datetime | None,
        by: TakenDownBy | None = None,
    ) -> Sent:
        """Seal a concern and commit it with its receipt, whole or not at all; see `Talks.send` for the arguments.

        With `by` it is what a lead took down: its draft is another one, its receipt is hers to hand over, and it counts
        for no chat.

        It is tried once more where the first commit is a conflict, with another reference. Cancelled after it was
        handed to the writer, it is kept, and its receipt is among those that are `pending`.

        Raises:
            NoReaders: Nobody remains who could open it; nothing changed.
            Conflict: The draft is not the one given: two taps at once.
            AlreadySeen: The update was committed before.
            Tampered: The roster is not the one that was kept; nothing changed.
            Unavailable: It cannot be written: the person is told so, and gets no receipt.
        """
        receipt = receipts.draw(deed.language)
        keys = await receipts.keys_of_drawn(self._core, receipt)
        pending = _pending_receipt(arrival.address, deed, receipt, read_by)
        if by is not None:
            pending = replace(pending, lead=by.lead, at=self._core.now(), token="")
        try:
            new = await self._commit(arrival, deed, kept, clocks, (keys, pending), by)
        except Conflict:  # the draft has changed, or the reference is taken: another one is drawn, once
            new = await self._commit(arrival, deed, kept, clocks, (keys, pending), by)
        talk = _talk(arrival.address, deed, new, keys, self._core.now())
        return Sent(pending.id, pending.words, pending.token, talk)

    async def _commit(
        self,
        arrival: Arrival,
        deed: SendConcern,
        kept: Kept | None,
        clocks: Clocks,
        receipt: tuple[ReceiptKeys, PendingReceipt],
        by: TakenDownBy | None,
    ) -> NewCase:
        keys, pending = receipt
        roster, source = await self._rosters.read(), await self._sources.read(arrival.address)
        told = recipients(deed, roster)
        on_duty = await self._rotas.first_told(deed.site, self._core.now())
        bands = source.bands(told) if by is None else {}
        seal = partial(send_concern, self._core, deed, roster, keys, clocks, bands, on_duty)
        new = await self._core.derivations.of_draw(seal)
        draft = (self._drafts if by is None else by.drafts).removal(arrival.address, kept)
        counted = self._sources.rows(source, source.with_(new.clear.id, told)) if by is None else by.rows(new)
        own = (draft, self._pending_answers.row(pending), *counted)
        instrumentation.reach("send.sealed")
        await self._core.commit(*self._core.marks.seen_rows(arrival), *own, *new.rows)
        instrumentation.reach("send.kept")
        if by is None:
            await self._sources.sink(source, told)
        return new


def _pending_receipt(address: Address, deed: SendConcern, receipt: Receipt, read_by: datetime | None) -> PendingReceipt:
    return PendingReceipt(
        id=PendingId(uuid4().hex),
        address=address,
        words=receipt.words,
        token=receipt_to_token(receipt),
        site=deed.site,
        register=deed.register,
        language=deed.language,
        urgency=deed.urgency,
        read_by=read_by,
    )


def _talk(address: Address, deed: SendConcern, new: NewCase, keys: ReceiptKeys, now: datetime) -> TalkSession:
    own: CaseKeys = replace(new.keys, desk=None)  # the session holds what the reporter's wrap holds, no more
    found = Found(new.access, {new.clear.epoch: own}, keys)
    return TalkSession(address, deed.site, deed.register, deed.language, deed.door, "new", found, now)
