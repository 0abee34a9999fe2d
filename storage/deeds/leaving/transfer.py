"""Handing a whole file to another Hark: two say so, it stays open, and is over once the other side's receipt has come.

The file itself is made of the case again whenever it is asked for (`storage/desk/partnership/transfer/leaving.py`);
the case keeps its digest. See decision 40.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar, Final

from flows.duty.working_days import Reminders
from flows.values.ids import LeadId
from storage.cases.entries import Opened
from storage.cases.entry_content import TRANSFERRED
from storage.cases.planned import MOST, Planned
from storage.cases.rows.clear_row import ClearRow, stop_clock
from storage.database.turn import Row
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed, without_proposals
from storage.deeds.leaving.retention import closed_until
from storage.deeds.ownership import lapsed, read_by_a_human
from storage.deeds.record.actions import without_any_action
from storage.notices.enqueue import stop_ladder, tell_one
from storage.sealing.keys.transfer_key import check_receipt, read_transfer_key
from storage.sealing.primitives.errors import NotGenuine
from storage.values.errors import NotOffered, Stale

#: What the entries are called: the first word, and the receipt; the second word is `entry_content.TRANSFERRED`.
ASKED: Final = "ask_transfer"
RECEIVED: Final = "received"
#: Letters of to whom and why.
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Transferred:
    """A transfer as the entries of a case tell of it, the latest one.

    Attributes:
        by: Who said so first.
        to: To whom and why, in words.
        key: The other side's transfer key, as text.
        upto: The last entry that is in the file.
        urgency: How urgent the case was when it was asked for, which stands in the file.
        digest: Of the container, in hexadecimal digits.
        number: The entry of the second word, to which the open action belongs; 0 while there is only one word.
        received: When the receipt came (aware).
    """

    by: str
    to: str = field(repr=False)
    key: str = field(repr=False)
    upto: int
    urgency: str
    digest: str
    number: int = 0
    received: datetime | None = None


def transferring(digest: str) -> str:
    """Name the deed of handing over the container with that digest, among those that take two."""
    return f"transfer {digest}"


@dataclass(frozen=True, slots=True)
class Transfer(Deed):
    """Hand a case over whole, to another Hark's transfer key; it takes two who mean the same container.

    Attributes:
        to: To whom and why, in words.
        key: The other side's key, as text: its words were read aloud.
        upto: The last entry that is in the container.
        urgency: As it stands in it.
        digest: Of the container, in hexadecimal digits.
        due: By when the receipt is to have come, a day at the site.
        reminders: When somebody is told of that.
        second: Whether it completes a colleague's word; then it is never the first one.
    """

    rule: ClassVar[str] = "transfer"
    to: str = field(repr=False)
    key: str = field(repr=False)
    upto: int
    urgency: str
    digest: str
    due: date
    reminders: Reminders
    second: bool = False

    def apply(self, context: DeedContext) -> Acted:
        """Note the first word; or say in the case that it was handed over, and have whoever did so chase the receipt.

        Raises:
            NotOffered: It is closed, there is no purpose or too long a one, the colleague's word counts no more, or 20
                actions are open in it.
            Stale: The reporter has said something that this lead has not opened yet.
        """
        loaded, what = context.loaded, transferring(self.digest)
        if not loaded.clear.is_open or not self.to.strip() or len(self.to) > LONGEST:
            raise NotOffered
        if loaded.unread:
            raise Stale
        detail = {
            "to_whom": self.to,
            "key": self.key,
            "upto": str(self.upto),
            "level": self.urgency,
            "digest": self.digest,
        }
        if not is_second(context, what):
            if self.second:
                raise NotOffered
            glance, told = proposed(context, what)
            return Acted(loaded.clear, glance, ASKED, (deed_of(loaded.clear, ASKED, detail, context.now),), told)
        return self._handed_over(context, detail)

    def _handed_over(self, context: DeedContext, detail: dict[str, str]) -> Acted:
        loaded, clear = context.loaded, context.loaded.clear
        if len(clear.planned) >= MOST:
            raise NotOffered
        number, times = clear.entries + 1, (self.reminders.remind_at, self.reminders.late_at)
        remind_at, late_at = (int(one.timestamp()) for one in times)
        planned = Planned(number, context.by, self.due.toordinal(), remind_at, late_at)
        wanted = " ".join(f"Receipt: {self.to}".split())[:200]
        glance = replace(without_proposals(loaded.glance), actions={**loaded.glance.actions, number: wanted})
        said = (deed_of(clear, TRANSFERRED, {**detail, "due": self.due.isoformat()}, context.now),)
        return Acted(clear.with_planned((*clear.planned, planned)), glance, TRANSFERRED, said, _told(context, clear))


@dataclass(frozen=True, slots=True)
class TakeReceipt(Deed):
    """Take the other side's receipt: the case is transferred and over, and is kept until `until` like a closed one."""

    rule: ClassVar[str] = "received"
    reads_words: ClassVar[bool] = True
    receipt: str = field(repr=False)
    until: datetime | None = None

    def apply(self, context: DeedContext) -> Acted:
        """Check it, and end the case.

        Raises:
            NotOffered: The case was not handed over, is over already, or this is no receipt for its file from the
                holder of that key: mistyped, cut, of another file or of somebody else.
            Stale: The reporter has said something that this lead has not opened yet; it may be missing over there.
        """
        loaded = context.loaded
        sent = next((one for one in handed_over(context.opened) if self._is_for(one)), None)
        if sent is None or not loaded.clear.is_open:
            raise NotOffered
        if loaded.unread:
            raise Stale
        over = stop_clock(replace(read_by_a_human(loaded.clear), status="transferred", offered=None))
        clear, glance = without_any_action(closed_until(over, self.until), loaded.glance)
        detail = {"digest": sent.digest, "receipt": "".join(self.receipt.split()), "of": str(sent.number)}
        said = (deed_of(loaded.clear, RECEIVED, detail, context.now),)
        rows = (lapsed(clear), *stop_ladder(clear), *_told(context, clear))
        return Acted(clear, without_proposals(glance), RECEIVED, said, rows)

    def _is_for(self, sent: Transferred) -> bool:
        try:
            check_receipt(read_transfer_key(sent.key).verifying, bytes.fromhex(sent.digest), self.receipt)
        except NotGenuine:
            return False
        return True


def transferred(opened: Sequence[Opened]) -> Transferred | None:
    """Give the latest transfer that the entries of a case tell of, done or asked for; None where there is none."""
    return next(reversed(_told_of(opened)), None)


def handed_over(opened: Sequence[Opened]) -> tuple[Transferred, ...]:
    """Give the transfers that two said and whose receipt has not come: more than one where another key was taken."""
    return tuple(one for one in _told_of(opened) if one.number and one.received is None)


def _told_of(opened: Sequence[Opened]) -> list[Transferred]:
    found: list[Transferred] = []
    for one in opened:
        what, detail = one.content.get("what"), one.content.get("detail")
        if not isinstance(detail, dict):
            continue
        told = {str(name): str(value) for name, value in detail.items()}
        if what in {ASKED, TRANSFERRED}:
            number = one.number if what == TRANSFERRED else 0
            words = (told["to_whom"], told["key"], int(told["upto"]), told["level"], told["digest"])
            found.append(Transferred(one.author, *words, number))
        elif what == RECEIVED:  # with it the case was over, and whatever was asked for before
            at = datetime.fromisoformat(str(one.content["at"]))
            found = [replace(before, received=at) for before in found]
    return found


def _told(context: DeedContext, clear: ClearRow) -> tuple[Row, ...]:
    others = sorted(context.loaded.access.leads(context.loaded.clear.epoch) - {context.by})
    return tuple(tell_one(clear, LeadId(lead), "message", context.second) for lead in others)
