"""The first return of somebody whose words a lead took down: what was said is confirmed, and the receipt is another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias
from uuid import uuid4

from flows.values.ids import Urgency
from storage.core.core import StoreCore
from storage.database import instrumentation
from storage.deeds.readers.renew_receipt import renew_receipt
from storage.reporters import receipts
from storage.reporters.case_reading import Found
from storage.reporters.messages.pending_answers import PendingAnswers
from storage.reporters.session import TalkSession
from storage.reporters.talks import Talks
from storage.sealing.receipts.receipt import Receipt, receipt_to_token
from storage.values import URGENCIES, Arrival, PendingId, PendingReceipt
from storage.values.errors import Conflict

#: Whether what was taken down is what was said; it stands in the entry for good.
Confirmed: TypeAlias = Literal["yes", "not_quite"]
_TRIES: Final = 8  # leads may write at the same moment, again and again


@dataclass(frozen=True, slots=True)
class RenewedReceipt:
    """The words that take the place of those that were handed over; and the row that keeps them until shown."""

    pending: PendingId
    words: str = field(repr=False)


class FirstReturn:
    """Confirms what was taken down, and draws the words that nobody of the staff has seen."""

    def __init__(self, core: StoreCore, talks: Talks, pending_answers: PendingAnswers) -> None:
        self._core = core
        self._talks = talks
        self._pending_answers = pending_answers

    async def confirm(self, arrival: Arrival, talk: TalkSession, answer: Confirmed, language: str) -> RenewedReceipt:
        """Keep the answer, and exchange the receipt, in one turn with a row that keeps the new words until shown.

        From the commit on the earlier words find nothing, like words that never were. The talk goes on with the keys of
        the new receipt; every other one about the case ends. About 50 ms in a thread for the derivation.

        Args:
            arrival: The update that answered.
            talk: The open talk, with something taken down in it.
            answer: Whether it is what was said.
            language: Of the new words; English where that has no list.

        Raises:
            SessionOver: The talk has ended, or the receipt was exchanged by another one; nothing changed.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, eight times; nothing changed.
            Tampered: The case is not genuine; nothing changed.
            Unavailable: It cannot be read or written; nothing changed.
        """
        self._talks.require(talk)
        receipt = receipts.draw(language)
        keys = await receipts.keys_of_drawn(self._core, receipt)
        for _ in range(_TRIES):
            clear = await self._talks.current(talk)
            found = talk.found
            renewed = renew_receipt(self._core, clear, found.access, found.keys, keys, answer)
            pending = _pending(talk, receipt, URGENCIES[clear.rank])
            instrumentation.reach("append.sealed")
            try:
                row = self._pending_answers.row(pending)
                await self._core.commit(*self._core.marks.seen_rows(arrival), *renewed.rows, row)
            except Conflict:
                continue
            instrumentation.reach("append.kept")
            self._talks.end_case(found.case)
            talk.found, talk.taken_down = Found(renewed.access, found.keys, keys), None
            self._talks.begin(talk)
            return RenewedReceipt(pending.id, pending.words)
        raise Conflict


def _pending(talk: TalkSession, receipt: Receipt, urgency: Urgency) -> PendingReceipt:
    return PendingReceipt(
        id=PendingId(uuid4().hex),
        address=talk.address,
        words=receipt.words,
        token=receipt_to_token(receipt),
        site=talk.site,
        register=talk.register,
        language=talk.language,
        urgency=urgency,
        read_by=None,
        renewed=True,
    )
