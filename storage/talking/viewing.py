"""What a reporter sees of the case: its status, the replies, and which questions were answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flows.ids import Register, SiteId
from storage.cases import contents
from storage.cases.clear import Clear
from storage.cases.entries import REPORTER, Opened
from storage.people.roster import Roster
from storage.values import URGENCIES, Reply, ReporterView, Status


def view(clear: Clear, opened: Sequence[Opened], roster: Roster, *, notice_on: bool) -> ReporterView:
    """Give a reporter's view out of the talk entries, in order; the first is the concern.

    What was acknowledged, and neither read yet by any recipient nor answered, is new for its reporter: "received" is
    not "read".
    """
    read_to = {lead: one.read_to for lead, one in clear.named.items()}
    own = [one.content for one in opened if one.author == REPORTER]
    concern = own[0]
    replies = tuple(_reply(clear, one, roster) for one in opened if one.content["kind"] == "reply")
    unread = clear.status == "acknowledged" and not any(read_to.values()) and not replies
    answered = [one for content in own for one in contents.answers_in(content)]
    return ReporterView(
        status="new" if unread else cast("Status", clear.status),
        urgency=URGENCIES[clear.rank],
        replies=replies,
        messages=tuple(cast("str", content["text"]) for content in own if content["kind"] == "message"),
        answers={one.step: one.answer for one in answered},
        rules=frozenset(rule for content in own for rule in contents.words_in(content, "rules")),
        register=cast("Register", concern["register"]),
        language=cast("str", concern["language"]),
        site=SiteId(cast("str", concern["site"])),
        sent_at=contents.moment(concern),
        notice_on=notice_on,
        recipients=frozenset(read_to),
        behind=0 < max(read_to.values(), default=0) < clear.last_word,
        let_in=tuple(card for lead in contents.let_in(opened) if (card := roster.card(lead)) is not None),
    )


def _reply(clear: Clear, one: Opened, roster: Roster) -> Reply:
    return Reply(
        number=one.number,
        at=contents.moment(one.content),
        by=roster.card(one.author),
        text=cast("str", one.content.get("text", "")),
        ready=cast("str | None", one.content.get("ready")),
        fresh=one.number > clear.reporter_read,
    )
