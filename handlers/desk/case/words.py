"""The words of a case, whole and in order; its history; and the ready replies that fit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from flows.cases.redaction import Part
from flows.cases.triage import READY, offered
from flows.conversation.explanation import phrase_places
from flows.duty.deadlines import is_open_tomorrow
from flows.values.deeds import Answered
from flows.values.draft import Chose, Skipped, Wrote
from flows.values.screen import Row
from flows.values.text import Listed, Moment, Text
from handlers.desk.case import decisions, summary
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.paging import Leaf, Piece, leaves
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording.deed_labels import act
from handlers.desk.chat.wording.labels import file_label
from handlers.desk.chat.wording.urgency_reasons import Reasons
from handlers.telegram.languages import Translator
from storage.cases.entry_content import CONFIRMED
from storage.deeds.record.decide import DECIDE
from storage.values import CaseView, Entry, Read

_CHILDREN: Final = frozenset({"under_12", "12_17"})
_IN_A_ROW: Final = 4


def fitting_replies(visit: Visit, shown: Shown) -> tuple[str, ...]:
    """The ids of the replies that fit the case on the screen, in the order they are offered.

    Where a child who writes may be in danger, the one for that comes first; tomorrow is named only where the site has
    hours then (`flows/cases/triage.py`).
    """
    row = shown.view.row
    return offered(
        child_in_danger=row.glance.register in _CHILDREN and summary.in_danger(row),
        open_tomorrow=is_open_tomorrow(visit.deps.hours.get(row.site), visit.now()),
    )


def listed_replies(names: Sequence[str]) -> tuple[Text, ...]:
    """The sentences whole, in the lead's language, each after the number that is on its button."""
    return tuple(
        Text("{number}. {reply}", "desk", {"number": number, "reply": READY[name]})
        for number, name in enumerate(names, 1)
    )


def reply_rows(visit: Visit, shown: Shown, names: Sequence[str]) -> tuple[Row, ...]:
    """One button for each, with its number; it leads to the preview."""
    presses = tuple(
        visit.press(Text("{number}", "desk", {"number": number}), "ready", about(shown, name))
        for number, name in enumerate(names, 1)
    )
    return tuple(presses[start : start + _IN_A_ROW] for start in range(0, len(presses), _IN_A_ROW))


def reply_text(name: str) -> Text:
    """The sentence."""
    return READY[name]


def is_ready(name: str) -> bool:
    """Whether there is such a reply."""
    return name in READY


def history_pieces(view: CaseView, others: Mapping[str, str] = MappingProxyType({})) -> Iterator[Piece]:
    """Every entry in order, without the reporter's words; then the recipients, the reads and the reporter's.

    Args:
        view: The case as it was opened.
        others: Names by id of leads who may stand in it without being recipients.
    """
    by_id = {**others, **{str(card.id): card.name for card in view.recipients}}
    for entry in view.entries:
        if entry.action is None or entry.action.what != _UNTOLD:
            yield from entry_pieces(view, entry, by_id)
    names = tuple(card.name for card in view.recipients)
    yield Piece(desk("Sealed for {names}.", names=Listed(names)))
    # Every page that is turned opens the case again: one line an hour says the same.
    for read in dict.fromkeys(view.reads):
        yield Piece(_read(read))
    if any(entry.kind == "reply" for entry in view.entries):
        yield Piece(
            desk("The reporter has read the latest reply.")
            if view.reporter_read
            else desk("The reporter has not read the latest reply yet.")
        )


def entry_pieces(view: CaseView, entry: Entry, names: Mapping[str, str]) -> Iterator[Piece]:
    """One entry as the history tells of it: a line, or a decision with all its parts; `names` are leads' by id."""
    if entry.action is not None and entry.action.what == DECIDE:
        yield from decisions.pieces(view, entry)
    else:
        yield _line(entry, names)


#: Of what was said, the history tells only that it was.
_WROTE: Final[Mapping[str, Text]] = {
    "answer": desk("{time}: the reporter answered more questions"),
    "message": desk("{time}: the reporter wrote"),
    "reply": desk("{time}, {name}: wrote to the reporter"),
}


def _line(entry: Entry, names: Mapping[str, str]) -> Piece:
    at = Moment(entry.at)
    who = entry.by.name if entry.by else desk("the reporter")
    match entry.kind:
        case "concern" if entry.taken_down:
            return Piece(desk("{time}: sent, taken down by {name}", time=at, name=entry.taken_down))
        case "concern":
            return Piece(desk("{time}: sent", time=at))
        case "action" if entry.action is not None and entry.action.what == CONFIRMED:
            return Piece(_confirmed(entry))
        case "answer" | "message" | "reply":
            return Piece(Text(_WROTE[entry.kind].msgid, "desk", {"time": at, "name": who}))
        case "note":
            return Piece(desk("{time}, {name} noted:", time=at, name=who), entry.text)
        case "file":
            return _file(entry)
        case "action":
            what = act(entry.action.what, entry.action.detail, names) if entry.action else desk("something")
            if entry.by is None:  # done by itself, in the turn of what the reporter said
                return Piece(desk("{time}, by itself: {what}", time=at, what=what))
            return Piece(desk("{time}, {name}: {what}", time=at, name=who, what=what), entry.text)


def _read(read: Read) -> Text:
    hour = Moment(read.hour)
    if read.lead is None:
        return desk("It was opened with the recovery key, in the hour from {time}", time=hour)
    if read.what == "copy":
        return desk("{name} copied it out, in the hour from {time}", name=read.lead.name, time=hour)
    return desk("{name} opened it, in the hour from {time}", name=read.lead.name, time=hour)


#: What stands in the talk beside the leads' own entry of the same deed.
_UNTOLD: Final = "kept_from"
#: The questions whose answer is the narrative; it comes first.
_TELL: Final = frozenset({"C8", "P5", "SW"})
#: The question for the place, size and colour of an injury, of staff alone.
_INJURY: Final = "S11"


def pieces(view: CaseView, reasons: Reasons) -> Iterator[Piece]:
    """Everything that reporter and leads wrote to each other, oldest first, the narrative before all."""
    for entry in view.entries:
        yield from spoken(view, entry, reasons)


def spoken(view: CaseView, entry: Entry, reasons: Reasons) -> Iterator[Piece]:
    """What reporter and leads wrote to each other in one entry, and what it raised; nothing for notes and deeds."""
    match entry.kind:
        case "concern":
            yield from _taken_down(entry)
            yield from _concern(entry, reasons)
        case "answer":
            yield from _answers(entry.answers, reasons)
        case "message":
            yield _told(desk("The reporter, {time}:", time=Moment(entry.at)), entry.text, reasons)
        case "reply":
            yield _reply(entry)
        case "action" if entry.action is not None and entry.action.what == CONFIRMED:
            yield Piece(_confirmed(entry))
        case "file":
            yield _file(entry)
        case "note" | "action":
            return
    if entry.kind != "concern" and (why := reasons.of_entry(view, entry)):
        yield Piece(desk("This raised: {reasons}", reasons=Listed(why)))


def _is_said(entry: Entry) -> bool:
    """Whether an entry stands among the words already."""
    return entry.action is not None and entry.action.what == CONFIRMED


def record_parts(view: CaseView, upto: int, reasons: Reasons, translator: Translator) -> tuple[Part, ...]:
    """Everything that a case holds up to an entry, in order: what was said, notes, and what was done; by its number."""
    names = {str(card.id): card.name for card in view.recipients}
    until = replace(view, entries=tuple(entry for entry in view.entries if entry.number <= upto))
    said = [(entry, piece) for entry in until.entries for piece in spoken(until, entry, reasons)]
    for entry in until.entries:
        if entry.kind in {"note", "action"} and not _is_said(entry):
            told = entry_pieces(until, entry, names)
            said += ((entry, Piece(one.heading, one.words or entry.text)) for one in told)
    return tuple(
        Part(translator.say(piece.heading), piece.words, entry.number, _is_injury(entry, piece))
        for entry, piece in said
    )


def _is_injury(entry: Entry, piece: Piece) -> bool:
    """Whether it is the answer to the question for an injury."""
    asked = (one for one in entry.answers if one.step == _INJURY and isinstance(one.answer, Wrote))
    return any(one.question == piece.heading for one in asked)


def shareable_parts(view: CaseView, upto: int, reasons: Reasons, translator: Translator) -> tuple[Part, ...]:
    """What was said, and notes, up to an entry, by its number: what a partner can be shown, and nothing that was done.

    What was done tells of other leads, and of other partners.
    """
    until = replace(view, entries=tuple(entry for entry in view.entries if entry.number <= upto))
    said = list(pieces(until, reasons))
    said += [_line(entry, {}) for entry in until.entries if entry.kind == "note"]
    return tuple(Part(translator.say(piece.heading), piece.words) for piece in said)


def pages(view: CaseView, reasons: Reasons, translator: Translator) -> tuple[Leaf, ...]:
    """The same on pages, at least one."""
    return leaves(pieces(view, reasons), translator) or (Leaf((desk("Nothing was written."),)),)


def unread(visit: Visit, shown: Shown) -> Text | None:
    """That there are words of the reporter that this lead has not read, and how far the pages were turned; or None."""
    if not shown.view.row.unread:
        return None
    turned = visit.place.turned.get(shown.reference, 0)
    if not turned:
        return desk("✉ unread words from the reporter")
    total = len(pages(shown.view, visit.reasons, visit.translator))
    return desk("✉ unread words from the reporter: {read} of {total} read", read=min(turned, total), total=total)


def _file(entry: Entry) -> Piece:
    """That there is a file; what is in it is nowhere among the words, and goes nowhere with them."""
    who = entry.by.name if entry.by else desk("the reporter")
    what = file_label(entry.file) if entry.file else desk("something")
    return Piece(desk("📎 {file}, from {name}, {time}", file=what, name=who, time=Moment(entry.at)))


def _taken_down(entry: Entry) -> Iterator[Piece]:
    """That somebody else wrote the words: for good, wherever they are shown."""
    if entry.taken_down:
        at = Moment(entry.at)
        yield Piece(
            desk(
                "✍ Taken down by {name}, {time}. They are not in the person's own hand.", name=entry.taken_down, time=at
            )
        )


def _confirmed(entry: Entry) -> Text:
    at = Moment(entry.at)
    if entry.action is not None and entry.action.detail.get("answer") == "yes":
        return desk("The person came back, {time}, and said: this is what I said.", time=at)
    return desk("The person came back, {time}, and said: this is not quite what I said.", time=at)


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
        ready = reply_text(entry.ready)
        return Piece(desk("{heading} {reply}", heading=heading, reply=ready))
    return Piece(heading, entry.text)


def plain_words(view: CaseView, reasons: Reasons, translator: Translator) -> str:
    """All of it as one text, for the message that can be copied, in the lead's language but for what people wrote."""
    lines = []
    for piece in pieces(view, reasons):
        lines.append(translator.say(piece.heading))
        if piece.words:
            lines.append(piece.words)
    return "\n\n".join(lines)
