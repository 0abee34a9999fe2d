"""A talk session, a reporter's keys to one case in memory, and what the reporter sees of the case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import cast

from flows.measures.box import Occasion
from flows.measures.counted import is_counted
from flows.values.draft import Draft
from flows.values.ids import Door, Register, SiteId
from storage.cases import entry_content
from storage.cases.entries import REPORTER, Opened
from storage.cases.rows.clear_row import ClearRow
from storage.cases.rows.file_rows import FILE
from storage.deeds.header_content import made_anew
from storage.leads.roster.roster import Roster
from storage.reporters.case_reading import Found
from storage.values import URGENCIES, Address, LeadCard, Reply, ReporterView, Status, TakenDown


@dataclass
class TalkSession:
    """What handlers hold of an open talk.

    `status` is as it was when last read, and so is `notified`: whether an address for notices is kept. `draft` is the
    handlers' to hang here; it lives in memory only. `taken_down` is what a lead wrote down, as long as the person has
    not said whether it is what was said. `asked` tells on which occasion, and of which term, the questions of the box
    were offered in this talk (`storage/reporters/letterbox.py`). `files` is how many more
    may be added in it, unless what was written since sending is `intimate`.
    """

    address: Address
    site: SiteId
    register: Register
    language: str
    door: Door
    status: Status
    found: Found = field(repr=False)
    touched: datetime
    draft: Draft | None = None
    notified: bool = False
    taken_down: TakenDown | None = None
    asked: tuple[Occasion, date] | None = None
    files: int = 0
    intimate: bool = False


def view(clear: ClearRow, opened: Sequence[Opened], roster: Roster, *, notice_on: bool) -> ReporterView:
    """Give a reporter's view out of the talk entries, in order; the first is the concern.

    What was acknowledged, and neither read yet by any recipient nor answered, is new for its reporter: "received" is
    not "read".
    """
    read_to = {lead: one.read_to for lead, one in clear.named.items()}
    own = [one.content for one in opened if one.author == REPORTER]
    concern = own[0]
    replies = tuple(_reply(clear, one, roster) for one in opened if one.content["kind"] == "reply")
    unread = clear.status == "acknowledged" and not any(read_to.values()) and not replies
    answered = [one for content in own for one in entry_content.answers_in(content)]
    return ReporterView(
        status="new" if unread else cast("Status", clear.status),
        urgency=URGENCIES[clear.rank],
        replies=replies,
        messages=tuple(cast("str", content["text"]) for content in own if content["kind"] == "message"),
        answers={one.step: one.answer for one in answered},
        rules=frozenset(rule for content in own for rule in entry_content.words_in(content, "rules")),
        register=cast("Register", concern["register"]),
        language=cast("str", concern["language"]),
        site=SiteId(cast("str", concern["site"])),
        sent_at=entry_content.moment(concern),
        notice_on=notice_on,
        recipients=frozenset(read_to),
        behind=0 < max(read_to.values(), default=0) < clear.last_word,
        let_in=_cards(entry_content.let_in(opened), read_to, roster),
        added=_cards(entry_content.added_readers(opened), read_to, roster),
        taken_down=_taken_down(opened),
        counted=_is_counted(clear, opened),
        files=sum(content["kind"] == FILE for content in own),
        changed_at=datetime.fromtimestamp(clear.touched_hour, UTC),
    )


def _is_counted(clear: ClearRow, opened: Sequence[Opened]) -> bool:
    """Whether it was kept from nobody at any time, as far as its reporter can tell, and is about no adult."""
    told = made_anew(opened)
    if told is None or clear.epoch > 1 or opened[0].content.get(entry_content.WITHHELD, True):
        return False
    return is_counted((*told.excluded, *told.kept_out), told.chosen, told.categories, unsure=told.unsure)


def _taken_down(opened: Sequence[Opened]) -> TakenDown | None:
    if not entry_content.is_unconfirmed(opened):
        return None
    concern = opened[0].content
    return TakenDown(entry_content.taken_down(concern), entry_content.answers_in(concern))


def _cards(leads: Iterable[str], reading: Collection[str], roster: Roster) -> tuple[LeadCard, ...]:
    return tuple(card for lead in leads if lead in reading and (card := roster.card(lead)))


def _reply(clear: ClearRow, one: Opened, roster: Roster) -> Reply:
    return Reply(
        number=one.number,
        at=entry_content.moment(one.content),
        by=roster.card(one.author),
        text=cast("str", one.content.get("text", "")),
        ready=cast("str | None", one.content.get("ready")),
        fresh=one.number > clear.reporter_read,
    )
