"""Where a case can stand, where it may move from there, and what its reporter is told about that.

The behaviour is in one table. Only a human moves a case; the one exception is that a reporter's new words open a closed
case again.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from flows.outcomes import OUTCOMES, needs_second
from flows.ready_replies import READY
from flows.texts import Text

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
