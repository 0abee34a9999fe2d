"""Ready replies: sentences written by people and translated, that the reporter reads in their own language."""

from __future__ import annotations

from flows.screens import Row
from flows.texts import Text
from flows.triage import READY
from handlers.desk.place import Shown
from handlers.desk.visit import Visit, about


def listed() -> tuple[Text, ...]:
    """The sentences whole, numbered: a button shows the beginning of one at most."""
    return tuple(_numbered(number, text) for number, text in enumerate(READY.values(), 1))


def rows(visit: Visit, shown: Shown) -> tuple[Row, ...]:
    """One button for each, in the lead's language; it leads to the preview."""
    return tuple(
        (visit.press(_numbered(number, text), "ready", about(shown, name)),)
        for number, (name, text) in enumerate(READY.items(), 1)
    )


def _numbered(number: int, text: Text) -> Text:
    return Text("{number}. {reply}", "desk", {"number": number, "reply": text})


def said(name: str) -> Text:
    """The sentence."""
    return READY[name]


def is_ready(name: str) -> bool:
    """Whether there is such a reply."""
    return name in READY
