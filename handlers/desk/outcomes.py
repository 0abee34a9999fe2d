"""What can come of a case, in words, by the ids that triage allows."""

from __future__ import annotations

from typing import Final

from flows import triage
from flows.texts import Text
from handlers.desk.visit import desk

OUTCOMES: Final = tuple(triage.OUTCOMES)


def outcome(name: str) -> Text:
    """The outcome in words."""
    return triage.OUTCOMES.get(name, desk("another outcome"))


def needs_second(name: str) -> bool:
    """Whether two people have to close a case with this outcome."""
    return triage.needs_second(name)
