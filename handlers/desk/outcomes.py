"""What can come of a case, in words, by the ids that triage allows."""

from __future__ import annotations

from flows.texts import Text
from flows.triage import OUTCOMES
from handlers.desk.visit import desk

__all__ = ["OUTCOMES", "outcome"]


def outcome(name: str) -> Text:
    """The outcome in words."""
    return OUTCOMES.get(name, desk("another outcome"))
