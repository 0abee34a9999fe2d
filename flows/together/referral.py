"""A referral to somebody without an account, as a document: its lines in order, for a text, or for a page to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flows.values.text import Moment, Text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ours, and below it the words of whoever wrote them; empty where there are none."""

    heading: Text
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Referral:
    """What is handed over: by whom, to whom of which agency, why, what is asked, and the parts after cutting.

    `sender` and `to` name people as they are called. `urgent`: they are to be rung first. `parts` are headings in the
    reader's language, and words as they were written. `at` is aware.
    """

    sender: str
    to: str
    agency: Text
    purpose: str = field(repr=False)
    question: str = field(repr=False)
    at: datetime
    urgent: bool
    parts: tuple[tuple[str, str], ...] = field(repr=False)


def document(one: Referral) -> tuple[Line, ...]:
    """Give the lines of the document, in order; no reference of the case, and nothing that was cut, is in it."""
    return tuple(_lines(one))


def _lines(one: Referral) -> Iterable[Line]:
    yield Line(Text("Referral", "desk"))
    if one.urgent:
        yield Line(Text("☎ Immediate: please ring us at once.", "desk"))
    yield Line(Text("From: {sender}", "desk", {"sender": one.sender}))
    yield Line(Text("For: {who}, {agency}", "desk", {"who": one.to, "agency": one.agency}))
    yield Line(Text("On: {day}", "desk", {"day": Moment(one.at, "date")}))
    yield Line(Text("Why:", "desk"), one.purpose)
    yield Line(Text("You are asked:", "desk"), one.question)
    for heading, words in one.parts:
        yield Line(Text("{heading}", "desk", {"heading": heading}), words)
    yield Line(Text("Please tell us: do you take it on, what happens next, and by when?", "desk"))
    yield Line(Text("Taken by (name, day, your reference):", "desk"))
