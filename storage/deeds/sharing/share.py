"""Sharing a part of a case with a partner: a copy under its own key, and its end.

A partner never holds a key of the case. Whom the reporter left out is never offered: that is the same answer as nobody.
Whom the words name, and who lives among families, takes two leads. See decisions 36 and 37.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Final, cast

from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.entries import Opened, Said
from storage.cases.entry_content import details_of
from storage.cases.loaded import Loaded
from storage.cases.rows.clear_row import ClearRow, stop_clock
from storage.cases.rows.share_row import (
    ShareRow,
    digest_of,
    ended_share_row,
    new_share_row,
    read_content,
    write_content,
)
from storage.database.turn import Row
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed, without_proposals_for
from storage.deeds.ownership import read_by_a_human
from storage.deeds.sharing.offered import ASKED, BY_TWO, ENDED, SHARED, partners_for
from storage.notices.enqueue import stop_ladder, tell_partner, tell_reporter
from storage.sealing.keys.share_keys import SealedShare, seal_share
from storage.values.errors import NotOffered, Stale
from storage.values.shares import LONGEST_FOR, LONGEST_WORDS, Basis, ChildTold, ShareContent, ShareId

#: The ready reply by which a child is told (`flows/cases/triage.py`).
TOLD_REPLY: Final = "shared"
_CHILDREN: Final = frozenset({"under_12", "12_17"})


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
        two: Whether it is said by two, each with a fresh code, within a day. One alone is enough for some partners.
        second: Whether it completes a colleague's word; then it is never the first one.
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
    two: bool = False
    second: bool = False

    @property
    def name(self) -> str:
        """The rule of one, or that of two."""
        return BY_TWO if self.two else self.rule

    def apply(self, context: DeedContext) -> Acted:
        """Share it; or note the first word for it, where it is said by two.

        Raises:
            NotOffered: She is no partner for this case, whoever it is and for whichever reason; it takes two, and is
                said by one; the colleague's word that it completes counts no more; something is left out or too long;
                it would last longer than 90 days, or has ended; or no child can be told by it.
            Stale: The reporter has said something that this lead has not opened yet, and it may tell whom it is about.
        """
        loaded, now = context.loaded, context.now
        offered = {one.lead.id: one for one in partners_for(loaded, context.roster, context.opened, now)}
        found = offered.get(self.to)
        if found is None or not self._is_whole(now) or (self.told == "now" and not can_be_told(loaded)):
            raise NotOffered
        if found.two and not self.two:
            raise NotOffered
        if loaded.unread:
            raise Stale
        what = f"{BY_TWO} {self.meaning}"
        if self.two and not is_second(context, what):
            return self._first_word(context, what)
        share, text = ShareId(os.urandom(16).hex()), write_content(self.content)
        row = self._row(context, share, seal_share(found.lead.public, share, self.to, text))
        said = deed_of(loaded.clear, SHARED, self._detail(share, digest_of(text)), now)
        clear, also, told = tell_child(context, self.told)
        glance = without_proposals_for(loaded.glance, what)
        return Acted(clear, glance, SHARED, (said, *also), (row, tell_partner(self.to, "share", context.second), *told))

    @property
    def meaning(self) -> str:
        """What two people have to mean: 32 hexadecimal digits of all of it but by when an answer is wanted."""
        said = write_content(replace(self.content, answer_by=None))
        terms = (self.to, " ".join(map(str, self.numbers)), str(self.upto), self.basis, self.told, self.why)
        return digest_of("\n".join((said, *terms)))

    def _row(self, context: DeedContext, share: ShareId, kept: SealedShare) -> Row:
        until, wanted = int(self.content.until.timestamp()), self.content.answer_by
        by = 0 if wanted is None else int(wanted.timestamp())
        key = (kept.key_id, kept.wrapped, kept.sealed)
        return new_share_row(ShareRow(share, context.loaded.clear.id, self.to, until, "sent", 0, *key, answer_by=by))

    def _first_word(self, context: DeedContext, what: str) -> Acted:
        """Note it, with all of what would be shared, for the second to read."""
        if self.second:
            raise NotOffered
        clear, (glance, told) = context.loaded.clear, proposed(context, what)
        text = write_content(self.content)
        detail = {**self._detail(ShareId(""), self.meaning), "content": text}
        return Acted(clear, glance, ASKED, (deed_of(clear, ASKED, detail, context.now),), told)

    def _is_whole(self, now: datetime) -> bool:
        content = self.content
        typed = (content.purpose, content.question, *((self.why,) if self.told == "unsafe" else ()))
        fits = all(text.strip() and len(text) <= LONGEST_WORDS for text in typed)
        return fits and bool(content.parts) and bool(self.numbers) and now < content.until <= now + LONGEST_FOR

    def _detail(self, share: ShareId, digest: str) -> dict[str, str]:
        wanted = self.content.answer_by
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
            **({"answer_by": wanted.isoformat()} if wanted is not None else {}),
            **({"refers": "yes"} if self.content.refers else {}),
        }
        return {**detail, "why": self.why} if self.told == "unsafe" else detail


@dataclass(frozen=True, slots=True)
class ShareProposed:
    """A share that a colleague has said first and a second has not: the deed that completes it, and who said it."""

    deed: Share
    by: LeadId


def shares_proposed(loaded: Loaded, opened: Sequence[Opened]) -> tuple[ShareProposed, ...]:
    """Return what is proposed to be shared and still counts, as the entries tell it, in order."""
    asked = {f"{BY_TWO} {detail['digest']}": detail for detail in details_of(opened, ASKED)}
    words = {what: word for what, word in loaded.glance.proposed.items() if what in asked}
    return tuple(ShareProposed(_proposed_deed(asked[what]), word.by) for what, word in words.items())


def _proposed_deed(detail: dict[str, str]) -> Share:
    return Share(
        to=LeadId(detail["to"]),
        content=read_content(detail["content"]),
        numbers=tuple(map(int, detail["parts"].split())),
        upto=int(detail["upto"]),
        basis=cast("Basis", detail["basis"]),
        told=cast("ChildTold", detail["told"]),
        why=detail.get("why", ""),
        two=True,
        second=True,
    )


def tell_child(context: DeedContext, told: ChildTold) -> tuple[ClearRow, tuple[Said, ...], tuple[Row, ...]]:
    """Answer the child as any reply does, which stops both clocks; nothing where she is not told now."""
    clear, to = context.loaded.clear, context.return_id
    if told != "now":
        return clear, (), ()
    said = Said("talk", entry_content.reply("", TOLD_REPLY, context.now))
    after = stop_clock(read_by_a_human(clear))
    rows = (tell_reporter(after, to, context.second),) if to else ()
    return after, (said,), (*stop_ladder(after), *rows)


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
