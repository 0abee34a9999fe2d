"""How a decision reads in the history: part by part, whole, beside what corrects it and what it corrects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.cases.decisions import NOT_RECORDED, PARTS, REVIEW
from flows.values.text import Moment, Text
from handlers.desk.chat.paging import Piece
from handlers.desk.chat.visit import desk
from storage.deeds.record.decide import CORRECTS, DECIDE
from storage.values import CaseView, Entry


def decided(view: CaseView) -> tuple[Entry, ...]:
    """The entries of decisions, in order."""
    return tuple(entry for entry in view.entries if entry.action is not None and entry.action.what == DECIDE)


def corrected_by(view: CaseView) -> Mapping[int, Entry]:
    """By the number of a decision's entry, the one that corrects it."""
    return {int(_detail(entry)[CORRECTS]): entry for entry in decided(view) if CORRECTS in _detail(entry)}


def pieces(view: CaseView, entry: Entry) -> Iterator[Piece]:
    """A decision: who signed it when, what it corrects or is corrected by, and every part with its title."""
    yield Piece(desk("{time}, {name} decided:", time=Moment(entry.at), name=_by(entry)))
    by_number = {one.number: one for one in view.entries}
    before = by_number.get(int(_detail(entry).get(CORRECTS, "0")))
    if before is not None:
        yield Piece(desk("It corrects the decision of {name}, {time}.", name=_by(before), time=Moment(before.at)))
    after = corrected_by(view).get(entry.number)
    if after is not None:
        yield Piece(desk("⚠ It was corrected by {name}, {time}.", name=_by(after), time=Moment(after.at)))
    yield from parts(_detail(entry))


def parts(written: Mapping[str, str]) -> Iterator[Piece]:
    """Every part in order, by what was written of it; `review` is a day of the site's calendar, as leads type it."""
    for part, one in PARTS.items():
        said = written.get(part, "")
        if not said:
            yield Piece(Text("{part}: {nothing}", "desk", {"part": one.title, "nothing": NOT_RECORDED}))
        elif part == REVIEW:
            yield Piece(Text("{part}: {day}", "desk", {"part": one.title, "day": said}))
        else:
            yield Piece(one.title, said)


def _by(entry: Entry) -> str:
    return entry.by.name if entry.by else "?"


def _detail(entry: Entry) -> Mapping[str, str]:
    return entry.action.detail if entry.action else {}
