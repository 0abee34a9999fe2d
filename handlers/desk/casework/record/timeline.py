"""`/timeline`: a front sheet, then everything in the case in order, when it happened beside when it was written.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flows.cases.triage import is_open
from flows.conversation.timeline import happened, open_questions
from flows.drafts.scene import scene
from flows.duty.deadlines import cover
from flows.screens.welcome import reopened
from flows.values.situation import Situation
from flows.values.text import Listed, Moment, Text, stacked
from handlers.desk.case import kept_until, reader, summary, words
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.paging import Piece, leaves
from handlers.desk.chat.visit import Visit, about, desk
from handlers.telegram.updates import Button
from storage.values import CaseView, Entry

#: Lines of one paragraph (`stacked`).
_MOST: Final = 26


async def timeline(visit: Visit, ask: Ask) -> None:
    """A page of it; the case is opened anew each time, which is logged.

    The reporter's words stand in it and count as read no more than before: [Read the words] is for that.
    """
    await visit.forget_typed()
    if not isinstance(visit.incoming.what, Button):
        ask = Ask(ask.argument.strip())
    shown = await reader.anew(visit, ask, "timeline")
    if shown is None:
        return
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    pieces = (await _front(visit, shown, names), *_entries(visit, shown.view, names))
    last = (visit.press(desk("Back to the case"), "open", about(shown)),)
    found = reader.leaf(leaves(pieces, visit.translator), ask)
    await visit.show(reader.page(visit, shown, found, "timeline", last))


async def _front(visit: Visit, shown: Shown, names: Mapping[str, str]) -> Piece:
    """The front sheet: what somebody has to know who takes the case over."""
    view, row = shown.view, shown.view.row
    site = visit.deps.sites.get(row.site)
    readers = Listed(tuple(card.name for card in view.recipients))
    lines = [
        desk("{reference} at {site}", reference=row.reference, site=site.name if site else row.site),
        desk("Sent {time}", time=Moment(row.glance.sent_at)),
        summary.title(row),
        summary.clock(row, visit.now()),
        summary.standing(row),
        desk("It may be read by {names}.", names=readers),
        *(one for one in (summary.left_out(row.glance, names), summary.withheld(row.glance, names)) if one),
        _kept(visit, view),
        _open_questions(await _missing(visit, view)),
        *(summary.kept_out_by(names.get(lead, "?"), one, names) for lead, one in row.glance.kept_out.items()),
    ]
    return Piece(stacked(lines[:_MOST]))


def _kept(visit: Visit, view: CaseView) -> Text:
    if is_open(view.row.status):
        return desk("How long it is kept is fixed when it is closed.")
    return kept_until.stands(visit, view)


def _open_questions(missing: tuple[Text, ...]) -> Text:
    if not missing:
        return desk("No question is open.")
    return desk("Open questions: {questions}", questions=Listed(missing))


async def _missing(visit: Visit, view: CaseView) -> tuple[Text, ...]:
    """The questions that its reporter would still be asked, or passed over, by the definitions of today."""
    row = view.row
    here = visit.deps.sites.get(row.site) or visit.deps.sites[visit.deps.home]
    now = visit.now()
    readers = await visit.store.leads.readers(here.id)
    covered = cover(visit.deps.hours.get(here.id), now)
    situation = Situation(now, row.glance.language, row.glance.door, here, readers, covered)
    answers = {one.step: one.answer for entry in view.entries for one in entry.answers}
    draft = reopened(visit.deps.flows, row.glance.register, situation, answers=answers, sent_at=row.glance.sent_at)
    return open_questions(scene(visit.deps.flows, draft, situation), answers)


def _entries(visit: Visit, view: CaseView, names: Mapping[str, str]) -> Iterator[Piece]:
    """Everything in the order in which it was written; beside answers, when it happened, where that is said."""
    for entry in view.entries:
        if entry.kind in {"concern", "answer"}:
            yield Piece(_written(entry))
        if entry.kind in {"note", "action"}:
            yield from words.entry_pieces(view, entry, names)
        else:
            yield from words.spoken(view, entry, visit.reasons)


def _written(entry: Entry) -> Text:
    at, when = Moment(entry.at), happened(entry.answers)
    if when:
        return desk("Written {time}; happened: {when}", time=at, when=Listed(when))
    if entry.kind == "concern":
        return desk("Written {time}; when it happened is not said here", time=at)
    return desk("Written {time}", time=at)
