"""The words of a case, whole and in order: what was asked and answered, what was written since, what was replied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from flows.crisis_places import phrase_places
from flows.deeds import Answered
from flows.draft import Chose, Skipped, Wrote
from flows.texts import Listed, Moment, Text
from handlers.desk import ready as ready_replies
from handlers.desk.pages import Leaf, Piece, leaves
from handlers.desk.place import Shown
from handlers.desk.reasons import Reasons
from handlers.desk.visit import Visit, desk
from handlers.languages import Tongue
from storage.values import CaseView, Entry

#: The questions whose answer is the narrative; it comes first.
_TELL: Final = frozenset({"C8", "P5", "SW"})


def pieces(view: CaseView, reasons: Reasons) -> Iterator[Piece]:
    """Everything that reporter and leads wrote to each other, oldest first, the narrative before all."""
    for entry in view.entries:
        match entry.kind:
            case "concern":
                yield from _concern(entry, reasons)
            case "answer":
                yield from _answers(entry.answers, reasons)
            case "message":
                yield _told(desk("The reporter, {time}:", time=Moment(entry.at)), entry.text, reasons)
            case "reply":
                yield _reply(entry)
            case "note" | "action":
                continue
        if entry.kind != "concern" and (why := reasons.of_entry(view, entry)):
            yield Piece(desk("This raised: {reasons}", reasons=Listed(why)))


def pages(view: CaseView, reasons: Reasons, tongue: Tongue) -> tuple[Leaf, ...]:
    """The same on pages, at least one."""
    return leaves(pieces(view, reasons), tongue) or (Leaf((desk("Nothing was written."),)),)


def unread(visit: Visit, shown: Shown) -> Text | None:
    """That there are words of the reporter that this lead has not read, and how far the pages were turned; or None."""
    if not shown.view.row.unread:
        return None
    turned = visit.place.turned.get(shown.reference, 0)
    if not turned:
        return desk("✉ unread words from the reporter")
    total = len(pages(shown.view, visit.reasons, visit.tongue))
    return desk("✉ unread words from the reporter: {read} of {total} read", read=min(turned, total), total=total)


def _concern(entry: Entry, reasons: Reasons) -> Iterator[Piece]:
    for one in entry.answers:
        if one.step in _TELL and isinstance(one.answer, Wrote):
            yield _told(one.question, "\n".join(one.answer.words), reasons, whole=True)
    yield from _answers((one for one in entry.answers if one.step not in _TELL), reasons)


def _told(heading: Text, words: str, reasons: Reasons, *, whole: bool = False) -> Piece:
    """The reporter's own words, with those marked that made the case urgent."""
    return Piece(heading, words, whole, phrase_places(words, reasons.flows.phrases))


def _answers(answers: Iterable[Answered], reasons: Reasons) -> Iterator[Piece]:
    for one in answers:
        match one.answer:
            case Wrote(words):
                yield _told(one.question, "\n".join(words), reasons)
            case Chose():
                yield Piece(desk("{question} — {answer}", question=one.question, answer=Listed(one.labels)))
            case Skipped():
                yield Piece(desk("{question} — {answer}", question=one.question, answer=desk("skipped")))


def _reply(entry: Entry) -> Piece:
    by = entry.by.name if entry.by else "?"
    heading = desk("{name} to the reporter, {time}:", name=by, time=Moment(entry.at))
    if entry.ready:
        ready = ready_replies.said(entry.ready)
        return Piece(desk("{heading} {reply}", heading=heading, reply=ready))
    return Piece(heading, entry.text)


def plain(view: CaseView, reasons: Reasons, tongue: Tongue) -> str:
    """All of it as one text, for the message that can be copied."""
    lines = []
    for piece in pieces(view, reasons):
        lines.append(tongue.say(piece.heading))
        if piece.words:
            lines.append(piece.words)
    return "\n\n".join(lines)
