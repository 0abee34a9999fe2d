"""Who may use what at the desk: every handler declares one `Access`, and what declares none is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from flows.ids import Role
from flows.live import DECIDING
from storage.values import READING, ROLES, LeadCard

Level = Literal["anybody", "lead"]


@dataclass(frozen=True)
class Access:
    """What a handler declares: whether an open session is needed, and whose roles may use it.

    `pager`: also in a chat that is only told of things. `waiting`: also for a reader who waits to be let in.
    """

    level: Level
    roles: frozenset[Role]
    pager: bool = False
    waiting: bool = False

    @property
    def allows_waiting(self) -> bool:
        """Whether a reader who waits may use it."""
        return self.waiting or self.level == "anybody"

    def admits(self, lead: LeadCard | None) -> bool:
        """Whether a lead with an open session may use it; None: no open session."""
        if self.level == "anybody":
            return True
        return lead is not None and lead.role in self.roles and (self.allows_waiting or not lead.waiting)


#: Ways in, and `/lock`: for a chat without a session too.
ANYBODY: Final = Access("anybody", frozenset(ROLES))
#: What a chat that is only told of things may do too: lock, and hold the ladder.
TOLD: Final = Access("anybody", frozenset(ROLES), pager=True)
#: Whatever needs a session and opens no case.
EVERY_LEAD: Final = Access("lead", frozenset(ROLES), waiting=True)
#: Who there is, for whoever is in.
TEAM: Final = Access("lead", frozenset(ROLES))
#: Going live and back.
DECIDERS: Final = Access("lead", DECIDING)
#: Whatever touches cases: the roles that a case is ever sealed for.
CASE_READERS: Final = Access("lead", READING)
