"""The recipients of a case, as its clear row holds them: on which rung each stands, and how far each has read.

They are under the case's MAC. What the queues hold of it is copied from here, and whom to tell is read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.ids import LeadId


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """One of the leads who open the case; `read_to` is the last entry that was shown to that lead, 0 for none."""

    lead: LeadId
    rung: int
    read_to: int = 0


def write_recipients(recipients: Iterable[Recipient]) -> str:
    """Give the text that stands in the clear row, such as `LEAD=0/1 LEAD=1/0`: rung and last entry read."""
    return " ".join(f"{one.lead}={one.rung}/{one.read_to}" for one in sorted(recipients))


def read_recipients(text: str) -> dict[LeadId, Recipient]:
    """Read what `write_recipients` gave, once its MAC was verified."""
    found: dict[LeadId, Recipient] = {}
    for one in text.split():
        lead, _, numbers = one.partition("=")
        rung, _, read_to = numbers.partition("/")
        found[LeadId(lead)] = Recipient(LeadId(lead), int(rung), int(read_to))
    return found
