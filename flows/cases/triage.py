"""Where a case can stand and may move, what may come of it, and which ready replies fit.

Each is plain enough for a child of eight and promises nothing that a school cannot keep. The ids are stored with cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from flows.values.text import Text

#: By id, the ones that are needed most first.
READY: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "read": Text("I have read this. Thank you for telling us. You did the right thing.", "reply"),
        "talk_tomorrow": Text("I have read this. Can we talk at school tomorrow?", "reply"),
        "safe_chat": Text("Is it safe for you to write in this chat? When is a good time?", "reply"),
        "who_to_tell": Text(
            "Is there a grown-up you trust who could help? Is there anyone I should not tell?", "reply"
        ),
        "more_information": Text(
            "Can you tell me a bit more? Where was it, and when? Only write what you want to.", "reply"
        ),
        "person_now": Text(
            "I am worried about you. Please go to a grown-up you trust now. If you are in danger, call for help.",
            "reply",
        ),
        "acted": Text("We have done something about what you told us. You can ask me about it here.", "reply"),
        "wrong_place": Text("I can't help with this myself, but I know who can. May I tell them?", "reply"),
        "shared": Text(
            "Someone whose job is to help can now read a part of this. "
            "They see only what I show them. Is there something they should not know?",
            "reply",
        ),
    }
)

_IN_DANGER: Final = "person_now"
_TOMORROW: Final = "talk_tomorrow"
#: What is sent with a share alone, since it tells of one.
_WITH_A_SHARE: Final = "shared"


def offered(*, child_in_danger: bool, open_tomorrow: bool) -> tuple[str, ...]:
    """The ids of the replies that fit a case, in the order they are offered.

    That which tells of a share is never among them. The one for danger comes first where a child who writes may be in
    it; school tomorrow is named only where the site has hours tomorrow.
    """
    left_out = {_WITH_A_SHARE} if open_tomorrow else {_WITH_A_SHARE, _TOMORROW}
    fitting = (name for name in READY if name not in left_out)
    return tuple(sorted(fitting, key=lambda name: not (child_in_danger and name == _IN_DANGER)))


__all__ = [
    "COMMANDS",
    "MOVES",
    "OUTCOMES",
    "READY",
    "STATUSES",
    "Command",
    "Status",
    "after",
    "is_open",
    "moves",
    "needs_reason",
    "needs_second",
    "reporter_status",
]

Status: TypeAlias = Literal[
    "new",
    "acknowledged",
    "assessing",
    "action",
    "monitoring",
    "awaiting_info",
    "referred",
    "transferred",
    "merged",
    "closed",
    "reopened",
]

#: What somebody does to a case that changes its status; `hear` is the reporter's new words, not a lead's command.
Command: TypeAlias = Literal[
    "acknowledge", "assess", "act", "monitor", "ask", "refer", "transfer", "merge", "close", "reopen", "hear"
]

COMMANDS: Final[Mapping[Command, Status]] = MappingProxyType(
    {
        "acknowledge": "acknowledged",
        "assess": "assessing",
        "act": "action",
        "monitor": "monitoring",
        "ask": "awaiting_info",
        "refer": "referred",
        "transfer": "transferred",
        "merge": "merged",
        "close": "closed",
        "reopen": "reopened",
        "hear": "reopened",
    }
)

_WORK: Final[tuple[Command, ...]] = ("assess", "act", "monitor", "ask", "refer", "transfer", "merge", "close")
_OVER: Final[tuple[Command, ...]] = ("reopen", "hear")

#: What can be done to a case that stands there. A case that was never acknowledged can be worked on at once, since
#: working on it says that a human has read it; only what was acknowledged, or is worked on, can be closed.
MOVES: Final[Mapping[Status, tuple[Command, ...]]] = MappingProxyType(
    {
        "new": ("acknowledge", "assess", "act", "ask", "refer", "transfer", "merge"),
        "acknowledged": _WORK,
        "assessing": tuple(one for one in _WORK if one != "assess"),
        "action": tuple(one for one in _WORK if one != "act"),
        "monitoring": tuple(one for one in _WORK if one != "monitor"),
        "awaiting_info": tuple(one for one in _WORK if one != "ask"),
        "referred": tuple(one for one in _WORK if one != "refer"),
        "transferred": _OVER,
        "merged": _OVER,
        "closed": _OVER,
        "reopened": ("acknowledge", *_WORK),
    }
)

STATUSES: Final[Mapping[Status, Text]] = MappingProxyType(
    {
        "new": Text("new", "desk"),
        "acknowledged": Text("acknowledged", "desk"),
        "assessing": Text("assessing", "desk"),
        "action": Text("action under way", "desk"),
        "monitoring": Text("monitoring", "desk"),
        "awaiting_info": Text("waiting for information", "desk"),
        "referred": Text("referred", "desk"),
        "transferred": Text("transferred", "desk"),
        "merged": Text("merged", "desk"),
        "closed": Text("closed", "desk"),
        "reopened": Text("opened again", "desk"),
    }
)

_RECEIVED: Final = Text("We have received what you sent. Nobody has read it yet.")
_READ: Final = Text("A person has read what you sent.")
_WORKED_ON: Final = Text("People are working on what you sent.")
_WAITING: Final = Text("We are waiting to hear more. You can write here.")
_CLOSED: Final = Text("This is closed now. If you write here, it is opened again.")
_AGAIN: Final = Text("This is open again.")

_TOLD: Final[Mapping[Status, Text]] = MappingProxyType(
    {
        "new": _RECEIVED,
        "acknowledged": _READ,
        "assessing": _WORKED_ON,
        "action": _WORKED_ON,
        "monitoring": _WORKED_ON,
        "awaiting_info": _WAITING,
        "referred": _WORKED_ON,
        "transferred": _CLOSED,
        "merged": _WORKED_ON,
        "closed": _CLOSED,
        "reopened": _AGAIN,
    }
)


def after(status: Status, command: Command) -> Status | None:
    """Where a case stands after `command`, or None where that cannot be done to a case that stands at `status`."""
    return COMMANDS[command] if command in MOVES[status] else None


def moves(status: Status) -> tuple[Status, ...]:
    """Where a lead may move a case to that stands at `status`, in the order of working on it."""
    return tuple(dict.fromkeys(COMMANDS[command] for command in MOVES[status]))


def is_open(status: Status) -> bool:
    """Whether there is work left on it here, so that its clocks run."""
    return "hear" not in MOVES[status]


def needs_reason(command: Command | Literal["urgency"]) -> bool:
    """Whether a lead has to say why: to close, to open again, to pass a case on, and to change its urgency."""
    return command in {"close", "reopen", "transfer", "merge", "urgency"}


def reporter_status(status: Status, *, checked: bool = False) -> Text:
    """What the reporter is told, and nothing that is not so: "received" is not "read".

    `checked`: somebody read the words to see whom they mean, though nobody may have taken the case up yet.
    """
    return _READ if checked and status == "new" else _TOLD[status]


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
