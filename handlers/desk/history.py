"""What was done to a case, by whom and when, in words; and who read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.texts import Listed, Moment, Text
from handlers.desk.acts import act
from handlers.desk.pages import Piece
from handlers.desk.visit import desk
from storage.values import CaseView, Entry, Read


def pieces(view: CaseView) -> Iterator[Piece]:
    """Every entry in order, without the reporter's words; then the recipients, the reads and the reporter's."""
    by_id = {str(card.id): card.name for card in view.recipients}
    for entry in view.entries:
        yield _line(entry, by_id)
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


def _line(entry: Entry, names: Mapping[str, str]) -> Piece:
    at = Moment(entry.at)
    who = entry.by.name if entry.by else desk("the reporter")
    match entry.kind:
        case "concern":
            return Piece(desk("{time}: sent", time=at))
        case "answer":
            return Piece(desk("{time}: the reporter answered more questions", time=at))
        case "message":
            return Piece(desk("{time}: the reporter wrote", time=at))
        case "reply":
            return Piece(desk("{time}, {name}: wrote to the reporter", time=at, name=who))
        case "note":
            return Piece(desk("{time}, {name} noted:", time=at, name=who), entry.text)
        case "action":
            what = act(entry.action.what, entry.action.detail, names) if entry.action else desk("something")
            return Piece(desk("{time}, {name}: {what}", time=at, name=who, what=what), entry.text)


def _read(read: Read) -> Text:
    hour = Moment(read.hour)
    if read.lead is None:
        return desk("It was opened with the recovery key, in the hour from {time}", time=hour)
    if read.what == "copy":
        return desk("{name} copied it out, in the hour from {time}", name=read.lead.name, time=hour)
    return desk("{name} opened it, in the hour from {time}", name=read.lead.name, time=hour)
