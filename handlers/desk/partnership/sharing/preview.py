"""What is put together to share, as its partner will see it, before it is sent.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import datetime

from flows.measures.charts import Paper, Section
from flows.together.referral import Referral, document
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.unsent import UnsentShare
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording import share_labels
from handlers.desk.partnership.sharing import parts
from storage.deeds.sharing.hand_out import HandOut
from storage.deeds.sharing.share import Share
from storage.values.shares import Basis, ChildTold, Outside, ShareContent


async def show(visit: Visit, shown: Shown, unsent: UnsentShare, *first: Text) -> None:
    """Show it as she will see it, with the way to each answer, and [Send]."""
    said = [
        *first,
        desk("This is what {name} will see. You can take it back; what was read stays read.", name=unsent.to.name),
        stated(unsent.basis, unsent.told),
    ]
    if unsent.refers and shown.view.row.urgency == "immediate":
        said.append(desk("☎ Ring {name} first: it is immediate. What is sent may be read late.", name=unsent.to.name))
    if unsent.two:
        said.append(desk("👥 It takes two of you: a second lead reads the very same and says so too."))
    reason = (visit.press(desk("Another reason"), "unsafe", about(shown)),) if unsent.told == "unsafe" else ()
    rows: tuple[Row, ...] = (
        (visit.press(desk("Send"), "sharesend", about(shown), rank="main"),),
        (
            visit.press(desk("Other parts"), "parts", about(shown)),
            visit.press(desk("Another day"), "shareuntil", about(shown)),
        ),
        (
            visit.press(desk("Another purpose"), "sharewhy", about(shown)),
            visit.press(desk("Ask something else"), "sharefor", about(shown)),
            *reason,
        ),
        prompts.back(visit, shown),
    )
    if unsent.until is not None:
        await visit.show(card(_content(visit, shown, unsent, unsent.until), rows, *said))


def stated(basis: Basis | None, told: ChildTold | None) -> Text:
    """On which basis something is shared, and whether the child knows."""
    on = share_labels.BASIS[basis] if basis else "?"
    return desk(
        "Basis: {basis} · Does the child know: {told}", basis=on, told=share_labels.CHILD_TOLD[told] if told else "?"
    )


def deed(visit: Visit, shown: Shown, unsent: UnsentShare) -> Share | None:
    """Give the deed by which it is shared as it was shown; None where something is missing still."""
    to, numbers = unsent.to, tuple(sorted(unsent.chosen))
    if isinstance(to, Outside) or unsent.until is None or not unsent.parted:
        return None
    if unsent.basis is None or unsent.told is None:
        return None
    content, terms = _content(visit, shown, unsent, unsent.until), (unsent.basis, unsent.told, unsent.why)
    return Share(to.id, content, numbers, unsent.upto, *terms, two=unsent.two)


def _content(visit: Visit, shown: Shown, unsent: UnsentShare, ends: datetime) -> ShareContent:
    """Give what is copied for her."""
    said = (_sender(visit, shown), unsent.to.name, unsent.purpose, unsent.question, ends)
    return ShareContent(*said, parts.copied(visit, shown, unsent), unsent.answer_by, refers=unsent.refers)


def _sender(visit: Visit, shown: Shown) -> str:
    lead, site = visit.session().lead, visit.deps.sites.get(shown.view.row.site)
    return f"{lead.name}, {site.name}" if site else lead.name


async def show_text(visit: Visit, shown: Shown, unsent: UnsentShare, *first: Text) -> None:
    """Show the text of a referral on paper, whole, with the way to each answer, and [Hand it out]."""
    given = hand_out(visit, shown, unsent)
    if given is None:
        return
    said = (*first, desk("This is what {name} would get, on paper.", name=unsent.to.name))
    reason = (visit.press(desk("Another reason"), "unsafe", about(shown)),) if unsent.told == "unsafe" else ()
    rows: tuple[Row, ...] = (
        (visit.press(desk("Hand it out"), "outsend", about(shown), rank="main"),),
        (
            visit.press(desk("Other parts"), "parts", about(shown)),
            visit.press(desk("Another purpose"), "sharewhy", about(shown)),
        ),
        (visit.press(desk("Ask something else"), "sharefor", about(shown)), *reason),
        prompts.back(visit, shown),
    )
    await visit.show(Screen((*said, stated(unsent.basis, unsent.told)), rows, verbatim=given.text))


def hand_out(visit: Visit, shown: Shown, unsent: UnsentShare) -> HandOut | None:
    """Give the deed by which a referral is handed out as it was shown; None where something is missing still."""
    to = unsent.to
    if not isinstance(to, Outside) or unsent.basis is None or unsent.told is None or not unsent.parted:
        return None
    text, numbers = _text(visit, shown, unsent, to), tuple(sorted(unsent.chosen))
    terms = (numbers, unsent.upto, unsent.basis, unsent.told, unsent.why)
    return HandOut(to, text, unsent.purpose, unsent.question, *terms)


def paper(visit: Visit, shown: Shown, unsent: UnsentShare) -> Paper | None:
    """Lay out the lines of the same text as a page to print, and no others; None where `hand_out` gives none."""
    if not isinstance(unsent.to, Outside):
        return None
    (title, _), *lines = _lines(visit, shown, unsent, unsent.to)
    sections = tuple(Section(heading, (words,) if words else ()) for heading, words in lines)
    said = visit.translator
    return Paper(title, sections=sections, footer=title, language=said.language, rtl=said.right_to_left)


def _text(visit: Visit, shown: Shown, unsent: UnsentShare, to: Outside) -> str:
    return "\n\n".join("\n".join(filter(None, line)) for line in _lines(visit, shown, unsent, to))


def _lines(visit: Visit, shown: Shown, unsent: UnsentShare, to: Outside) -> tuple[tuple[str, str], ...]:
    """Give each line of ours, with the words below it, which are empty where there are none."""
    copied = tuple((one.heading, one.words) for one in parts.copied(visit, shown, unsent))
    urgent = shown.view.row.urgency == "immediate"
    agency, said = share_labels.AGENCY[to.agency], (unsent.purpose, unsent.question)
    one = Referral(_sender(visit, shown), to.name, agency, *said, visit.now(), urgent, copied)
    return tuple((visit.translator.say(line.heading), line.words) for line in document(one))


def card(content: ShareContent, rows: tuple[Row, ...], *first: Text) -> Screen:
    """Give the screen that a partner sees of a share: her card and the preview are this, so that they cannot differ.

    Args:
        content: What is shared, after cutting.
        rows: What can be done with it.
        first: What is said above it.
    """
    said = [
        desk("From: {sender} · For: {partner}", sender=content.sender, partner=content.partner),
        desk("Why: {purpose} · Until {day}", purpose=content.purpose, day=Moment(content.until, "day")),
        desk("You are asked: “{question}”", question=content.question),
    ]
    if content.refers:
        said.append(desk("You are asked to take it on: say whether you do, what happens next, and by when."))
    if content.answer_by is not None:
        said.append(desk("An answer is wanted by {time}.", time=Moment(content.answer_by)))
    parts = ("\n".join(filter(None, (one.heading, one.words))) for one in content.parts)
    return Screen((*first, *said), rows, verbatim="\n\n".join(parts))
