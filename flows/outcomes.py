"""What can come of a case: outcomes, with their labels, and which of them take two people.

The ids are stored with cases; an organisation may word the labels in its catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flows.texts import Text

#: How a case ends (domain, section 5).
OUTCOMES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "support_in_house": Text("Support in school", "desk"),
        "early_help": Text("Early help", "desk"),
        "referred_social_care": Text("Referred to social care", "desk"),
        "police": Text("Police", "desk"),
        "lado": Text("Designated officer (LADO)", "desk"),
        "health": Text("Health", "desk"),
        "prevent": Text("Prevent", "desk"),
        "low_level_logged": Text("Low-level concern logged", "desk"),
        "no_further_action": Text("No further action", "desk"),
        "unsubstantiated": Text("Unsubstantiated", "desk"),
        "unfounded": Text("Unfounded", "desk"),
        "malicious": Text("Malicious", "desk"),
        "duplicate": Text("Duplicate", "desk"),
        "cannot_identify": Text("Child cannot be identified", "desk"),
    }
)


@dataclass(frozen=True)
class Group:
    """Outcomes of one kind, under one label."""

    label: Text
    outcomes: tuple[str, ...]


#: Every outcome once, in four groups.
GROUPS: Final[Mapping[str, Group]] = MappingProxyType(
    {
        "here": Group(Text("Helped here", "desk"), ("support_in_house", "early_help", "low_level_logged")),
        "passed_on": Group(Text("Passed on", "desk"), ("referred_social_care", "police", "lado", "health", "prevent")),
        "not_shown": Group(
            Text("No action, or not shown", "desk"), ("no_further_action", "unsubstantiated", "unfounded", "malicious")
        ),
        "no_case": Group(Text("Duplicate, or child unknown", "desk"), ("duplicate", "cannot_identify")),
    }
)

#: Outcomes that one person alone may not give: whoever reported is accused by them.
_BY_TWO: Final = frozenset({"malicious"})


def needs_second(outcome: str) -> bool:
    """Whether two people have to give this outcome."""
    return outcome in _BY_TWO


def closing(outcome: str) -> str:
    """Name the deed of closing a case with an outcome, among those that take two."""
    return f"close {outcome}"
