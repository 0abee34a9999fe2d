"""What can come of a case, in words, by the ids that triage allows."""

from __future__ import annotations

from typing import Final

from flows.triage import OUTCOMES as _OUTCOMES

from flows.texts import Text
from handlers.desk.visit import desk

OUTCOMES: Final = tuple(_OUTCOMES)


def outcome(name: str) -> Text:
    """The outcome in words."""
    return _OUTCOMES.get(name, desk("another outcome"))
