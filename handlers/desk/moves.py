"""Which statuses a case may move to from where it stands, and which moves want a reason."""

from __future__ import annotations

from typing import Final

from flows import triage
from storage.values import Status

#: These have a command of their own.
_APART: Final = frozenset({"new", "closed", "reopened"})


def offered(now: Status) -> tuple[Status, ...]:
    """The statuses that `/status` offers."""
    return tuple(to for to in triage.moves(now) if to not in _APART)


def wants_reason(to: Status) -> bool:
    """Whether a lead has to say why a case goes there."""
    return any(triage.needs_reason(command) for command, status in triage.COMMANDS.items() if status == to)


def may_close(now: Status) -> bool:
    """Whether a case that stands there can be closed: only one that a human has taken up."""
    return "closed" in triage.moves(now)
