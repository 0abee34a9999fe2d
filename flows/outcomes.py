"""What can come of a case, and what is decided on the way: outcomes, thresholds and actions, with their labels.

The ids are stored with cases; an organisation may word the labels in its catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
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

#: Outcomes that one person alone may not give: whoever reported is accused by them.
_BY_TWO: Final = frozenset({"malicious"})

#: How much help a child needs; the words are England's.
THRESHOLDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "universal": Text("Universal", "desk"),
        "early_help": Text("Early help", "desk"),
        "child_in_need": Text("Child in need", "desk"),
        "protection": Text("Protection", "desk"),
    }
)

#: What is done on the way.
ACTIONS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "speak_to_child": Text("Speak to the child", "desk"),
        "call": Text("Call", "desk"),
        "refer": Text("Refer", "desk"),
        "consult": Text("Consult", "desk"),
        "strategy_discussion": Text("Strategy discussion", "desk"),
        "safety_plan": Text("Safety plan", "desk"),
        "parent_contact": Text("Contact parents", "desk"),
        "risk_assessment": Text("Risk assessment", "desk"),
        "escalate_disagreement": Text("Escalate a disagreement", "desk"),
        "supervision": Text("Supervision", "desk"),
        "file_transfer": Text("Transfer the file", "desk"),
        "feedback_to_reporter": Text("Tell the reporter", "desk"),
    }
)


def needs_second(outcome: str) -> bool:
    """Whether two people have to give this outcome."""
    return outcome in _BY_TWO
