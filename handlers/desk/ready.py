"""Ready replies: sentences written by people and translated, that the reporter reads in their own language."""

from __future__ import annotations

from flows.triage import READY

from flows.screens import Row
from flows.texts import Text
from handlers.desk.place import Shown
from handlers.desk.visit import Visit, about


def rows(visit: Visit, shown: Shown) -> tuple[Row, ...]:
    """One button for each, in the lead's language; it leads to the preview."""
    return tuple((visit.press(text, "ready", about(shown, name)),) for name, text in READY.items())


def said(name: str) -> Text:
    """The sentence."""
    return READY[name]


def is_ready(name: str) -> bool:
    """Whether there is such a reply."""
    return name in READY
