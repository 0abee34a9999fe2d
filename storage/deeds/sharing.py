"""Sharing a part of a case with a partner: a copy under its own key, taken back, and what she answers taken in.

A partner never holds a key of the case. Whom the reporter left out, and whom the words name, is never offered: that is
the same answer as nobody. See decision 36.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final, cast

from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.answers_json import Object
from storage.cases.clear_row import ClearRow, stop_clock
from storage.cases.entries import Opened, Said
from storage.cases.loaded import Loaded
from storage.cases.share_row import ShareRow, digest_of, ended_share_row, new_share_row, write_content
from storage.database.schema.notices import outbox
from storage.database.schema.shares import share_answers
from storage.database.turn import Delete, Insert, Row
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.deeds.ownership import read_by_a_human
from storage.deeds.readers.all_written import all_written
from storage.leads.roster.roster import Lead, Roster
from storage.notices.enqueue import stop_ladder, tell_reporter
from storage.sealing.keys.share_keys import seal_share
from storage.values.errors import NotOffered, Stale
from storage.values.shares import LONGEST_FOR, LONGEST_WORDS, Basis, ChildTold, ShareContent, ShareId

#: What the entry of a sharing is called.
SHARED: Final = "share"
#: What the entry of taking it back is called.
ENDED: Final = "end_share"
#: The ready reply by which a child is told (`flows/cases/triage.py`).
TOLD_REPLY: Final = "shared"
_CHILDREN: Final = frozenset({"under_12", "12_17"})


def partners_for(loaded: Loaded, roster: Roster, opened: Sequence[Opened]) -> tuple[Lead, ...]:
    """Return the partners to whom something of a case may be shown, by name.

    Args:
        loaded: The case.
        roster: As it was read and verified.
        opened: All of its entries; whatever anybody wrote is looked through for a partner's name.
    """
    seen, site = loaded.glance, loaded.clear.site
    shut = roster.same_people({*seen.excluded, *seen.withheld, *seen.kept_out})
    there = [one for one in roster.leads.values() if one.role == "partner" and not one.disabled and one.site == site]
    typed = [TypedWords(text) for text in all_written(loaded, opened)] if there else []
    fitting = (one for one in there if one.id not in shut and not any(is_named(text, one.name) for text in typed))
    return tuple(sorted(fitting, key=lambda one: one.name_key))


@dataclass(frozen=True, slots=True)
class Share(Deed):
    """Copy parts of a case under a new key, wrapped for one partner, who is told that something waits. About 1 ms.

    Attributes:
        to: The partner.
        content: What she reads, after cutting.
        numbers: Which parts of the case that is, by their numbers, and `upto` the last entry that these numbers count.
        basis: On whose consent, or by which duty.
        told: Whether the child knows; `now` tells her with this, by a ready reply.
        why: Why it would not be safe to tell her.
    """

    rule: ClassVar[str] = "share"
    needs_return_id: ClassVar[bool] = True
    reads_words: ClassVar[bool] = True
    to: LeadId
    content: ShareContent = field(repr=False)
    numbers: tuple[int, ...]
    upto: int
    basis: Basis
    told: ChildTold
    why: str = field(default="", repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Share it.

        Raises:
            NotOffered: She is no partner for this case, whoever it is and for whichever reason; something is left out
                or too long; it would last longer than 90 days, or has ended; or no child can be told by it.
            Stale: The reporter has said something that this lead has not opened yet, and it may tell whom it is about.
        """
        loaded, now = context.loaded, context.now
        partner = next((one for one in partners_for(loaded, context.roster, context.opened) if one.id == self.to), None)
        if partner is None or not self._is_whole(now) or (self.told == "now" and not can_be_told(loaded)):
            raise NotOffered
        if loaded.unread:
            raise Stale
        share, text = ShareId(os.urandom(16).hex()), write_content(self.content)
        kept = seal_share(partner.public, share, partner.id, text)
        until = int(self.content.until.timestamp())
        key = (kept.key_id, kept.wrapped, kept.sealed)
        row = new_share_row(ShareRow(share, loaded.clear.id, partner.id, until, "sent", 0, *key))
        said = deed_of(loaded.clear, SHARED, self._detail(share, digest_of(text)), now)
        clear, also, told = self._tell_child(context)
        return Acted(clear, loaded.glance, SHARED, (said, *also), (row, _tell_partner(partner.id, context), *told))

    def _is_whole(self, now: datetime) -> bool:
        content = self.content
        typed = (content.purpose, content.question, *((self.why,) if self.told == "unsafe" else ()))
        fits = all(text.strip() and len(text) <= LONGEST_WORDS for text in typed)
        return fits and bool(content.parts) and bool(self.numbers) and now < content.until <= now + LONGEST_FOR

    def _detail(self, share: ShareId, digest: str) -> dict[str, str]:
        detail = {
            "share": share,
            "to": self.to,
            "digest": digest,
            "purpose": self.content.purpose,
            "question": self.content.question,
            "parts": " ".join(map(str, self.numbers)),
            "upto": str(self.upto),
            "basis": self.basis,
            "told": self.told,
            "ends": self.content.until.isoformat(),
        }
        return {**detail, "why": self.why} if self.told == "unsafe" else detail

    def _tell_child(self, context: DeedContext) -> tuple[ClearRow, tuple[Said, ...], tuple[Row, ...]]:
        """Answer the child as any reply does, which stops both clocks; nothing where she is not told now."""
        clear, to = context.loaded.clear, context.return_id
        if self.told != "now":
            return clear, (), ()
        said = Said("talk", entry_content.reply("", TOLD_REPLY, context.now))
        after = stop_clock(read_by_a_human(clear))
        told = (tell_reporter(after, to, context.second),) if to else ()
        return after, (said,), (*stop_ladder(after), *told)


def can_be_told(loaded: Loaded) -> bool:
    """Whether it is a child who writes, so that a ready reply tells her."""
    return loaded.glance.register in _CHILDREN


@dataclass(frozen=True, slots=True)
class EndShare(Deed):
    """Take back what was shared: its key is destroyed. What was read stays read.

    `share` is its row as it was read.
    """

    rule: ClassVar[str] = "share"
    share: ShareRow

    def apply(self, context: DeedContext) -> Acted:
        """Destroy the key; the ledger beside the key file has its id first.

        Raises:
            NotOffered: It is of another case, or has ended.
            Unavailable: The ledger cannot be written.
        """
        share, clear = self.share, context.loaded.clear
        if share.case_id != clear.id or share.has_ended:
            raise NotOffered
        said = deed_of(clear, ENDED, {"share": share.id, "to": share.partner}, context.now)
        row = ended_share_row(context.core, share)
        return Acted(clear, context.loaded.glance, ENDED, (said,), (row,))


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer of a partner, opened and with her signature proved: what she said, as JSON, and its row's key."""

    share: ShareId
    number: int
    partner: str
    said: str = field(repr=False)
    signature: bytes = field(repr=False)
    mac: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakeAnswers(Deed):
    """Take what partners answered into the case, signed by the recipient who opens it; her own signature stands in it.

    `rule` is that of reading: whoever opens the case does it, unasked.
    """

    rule: ClassVar[str] = "read"
    reads_words: ClassVar[bool] = True
    answers: tuple[Taken, ...]

    def apply(self, context: DeedContext) -> Acted:
        """Take them in; each row goes, so that it is in the case once.

        Raises:
            NotOffered: There is nothing to take in, or one of them is in the case already.
        """
        held = {(ShareId(one["share"]), int(one["number"])) for one in _answers_in(context.opened)}
        if not self.answers or any((one.share, one.number) in held for one in self.answers):
            raise NotOffered
        clear = context.loaded.clear
        version = clear.desk_version + 1
        said = tuple(Said("desk", _taken_in(one, version, context.now)) for one in self.answers)
        rows = tuple(
            Delete(share_answers, {"share_id": one.share, "number": one.number}, {"mac": one.mac})
            for one in self.answers
        )
        return Acted(clear, context.loaded.glance, entry_content.SHARE_ANSWER, said, rows)


def _answers_in(opened: Sequence[Opened]) -> Iterator[dict[str, str]]:
    for one in opened:
        if one.content.get("what") == entry_content.SHARE_ANSWER:
            yield cast("dict[str, str]", one.content["detail"])


def _taken_in(one: Taken, version: int, now: datetime) -> Object:
    told = cast("dict[str, str]", json.loads(one.said))
    detail = {
        "share": one.share,
        "to": one.partner,
        "number": str(one.number),
        "answer": told["answer"],
        "because": told["because"],
        "at": told["at"],
        "signed": one.said,
        "signature": one.signature.hex(),
    }
    return entry_content.shared_answer(detail, told["text"], version, now)


def _tell_partner(partner: LeadId, context: DeedContext) -> Row:
    """Tell her that something waits; of which case is nothing of hers."""
    rest = {"return_id": None, "case_id": None, "kind": "share", "rank": 3, "rung": 0, "not_before": context.second}
    return Insert(outbox, {"lead_id": partner, **rest})
