"""What the store tells whoever measures it: durations and outcomes, never a case, a person or a place in the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flows.ids import Urgency


def _nobody(*_: object) -> None:
    """Nobody measures."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Called in the event loop, after the fact; must not raise.

    `wrote` hears of each transaction: its seconds, and whether the database took it. `acknowledged` hears of each first
    acknowledgement: the case's urgency, and how long after sending it came.
    """

    wrote: Callable[[float, bool], None] = _nobody
    acknowledged: Callable[[Urgency, timedelta], None] = _nobody
