"""Which statuses a case may move to from where it stands."""

from __future__ import annotations

from flows.triage import moves

from storage.values import Status

#: These have a command of their own.
_APART = frozenset({"new", "closed", "reopened"})


def offered(now: Status) -> tuple[Status, ...]:
    """The statuses that `/status` offers."""
    return tuple(to for to in moves(now) if to not in _APART)
