"""Sends a concern: one turn holds the case, the end of its draft, and the receipt until it was shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import uuid4

from flows.deeds import SendConcern
from storage import failpoints
from storage.deeds.send_concern import NewCase, recipients, send_concern
from storage.drafts import Drafts
from storage.ground import Ground
from storage.people.roster import Rosters
from storage.refusals import Conflict
from storage.rota import Rotas
from storage.sealing.case_keys import CaseKeys
from storage.sealing.receipt import Receipt, ReceiptKeys, receipt_to_token
from storage.talking import receipts
from storage.talking.reading import Found
from storage.talking.session import TalkSession
from storage.talking.sources import Sources
from storage.unspoken import UnspokenAnswers
from storage.values import Address, Arrival, Clocks, Kept, Unspoken, UnspokenId


@dataclass(frozen=True, slots=True)
class Sent:
    """A concern that is kept: its receipt, to be shown, and the talk session that it opened."""

    unspoken: UnspokenId
    words: str = field(repr=False)
    token: str = field(repr=False)
    talk: TalkSession


class Sending:
    """Seals and commits concerns."""

    def __init__(
        self, ground: Ground, rosters: Rosters, drafts: Drafts, unspoken: UnspokenAnswers, rotas: Rotas
    ) -> None:
        self._ground = ground
        self._rosters = rosters
        self._drafts = drafts
        self._unspoken = unspoken
        self._rotas = rotas
        self._sources = Sources(ground)

    async def send(
        self, arrival: Arrival, deed: SendConcern, kept: Kept | None, clocks: Clocks, read_by: datetime | None
    ) -> Sent:
        """Send; see `Talks.send`."""
        receipt = receipts.draw(deed.language)
        keys = await receipts.keys_of_drawn(self._ground, receipt)
        unspoken = _unspoken(arrival.address, deed, receipt, read_by)
        try:
            new = await self._commit(arrival, deed, kept, clocks, (keys, unspoken))
        except Conflict:  # the draft has changed, or the reference is taken: another one is drawn, once
            new = await self._commit(arrival, deed, kept, clocks, (keys, unspoken))
        talk = _talk(arrival.address, deed, new, keys, self._ground.now())
        return Sent(unspoken.id, unspoken.words, unspoken.token, talk)

    async def _commit(
        self,
        arrival: Arrival,
        deed: SendConcern,
        kept: Kept | None,
        clocks: Clocks,
        receipt: tuple[ReceiptKeys, Unspoken],
    ) -> NewCase:
        keys, unspoken = receipt
        roster, source = await self._rosters.read(), await self._sources.read(arrival.address)
        told = recipients(deed, roster)
        on_duty = await self._rotas.first_told(deed.site, self._ground.now())
        bands = source.bands(told)
        seal = partial(send_concern, self._ground, deed, roster, keys, clocks, bands, on_duty)
        new = await self._ground.derivations.of_draw(seal)
        draft = self._drafts.removal(arrival.address, kept)
        counted = self._sources.rows(source, source.with_(new.clear.id, told))
        own = (draft, self._unspoken.row(unspoken), *counted)
        failpoints.reach("send.sealed")
        await self._ground.commit(*self._ground.arrived(arrival), *own, *new.rows)
        failpoints.reach("send.kept")
        await self._sources.sink(source, told)
        return new


def _unspoken(address: Address, deed: SendConcern, receipt: Receipt, read_by: datetime | None) -> Unspoken:
    return Unspoken(
        id=UnspokenId(uuid4().hex),
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
