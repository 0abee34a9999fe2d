"""How fast one source may go before answers to it are put together; what it says is taken at any pace."""

from __future__ import annotations

from dataclasses import dataclass

from flows.conversation.results import StepResult
from flows.screens.copy import FULL
from flows.values.draft import Draft


@dataclass(frozen=True)
class Pace:
    """So many updates at once, and then so many a second."""

    at_once: int = 20
    per_second: float = 1.0


@dataclass(frozen=True)
class Spent:
    """How many updates of a source are not made good yet; `at` is in seconds, on any clock."""

    updates: float
    at: float


def spend(before: Spent | None, now: float, pace: Pace) -> Spent:
    """One more update.

    Args:
        before: What was spent, if anything.
        now: Seconds, on the clock of `before.at`; one that went back makes good nothing.
        pace: What is made good in a second. What is beyond twice `at_once` is let off, so that nobody waits for long.
    """
    if before is None:
        return Spent(1.0, now)
    good = max(0.0, now - before.at) * pace.per_second
    return Spent(min(max(0.0, before.updates - good) + 1, 2.0 * pace.at_once), now)


def hurries(spent: Spent | None, pace: Pace) -> bool:
    """Whether the source goes faster than its pace."""
    return spent is not None and spent.updates > pace.at_once


def may_wait(before: Draft, stepped: StepResult) -> bool:
    """Whether the answer to a step may wait for the next one: the same question, and nothing about danger is new."""
    after = stepped.draft
    if after is None or after.interrupted or any(FULL in screen.paragraphs for screen in stepped.said):
        return False
    stands = (before.cursor, before.fired, before.raised, before.urgency, before.sent)
    return stands == (after.cursor, after.fired, after.raised, after.urgency, after.sent)
