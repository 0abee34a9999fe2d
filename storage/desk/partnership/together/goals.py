"""Goals as leads and partners read and write them: each a thread, in which no known name stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from flows.cases.roles import is_for
from flows.together.goals import LONGEST, Goal, fits, goal_of, in_order
from flows.values.ids import READING, LeadId
from storage.cases.answers_json import Object
from storage.desk.partnership.together.known_names import KnownNames
from storage.desk.partnership.together.thread_rows import ThreadId, require
from storage.desk.partnership.together.threads import Thread, Threads
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.values import Arrival, LeadCard
from storage.values.errors import NotOffered

#: By whose rule (`flows/cases/roles.py`): that of whoever takes part, and that of whoever begins one.
_RULE: Final = "goal"
_BEGIN: Final = "begin_goal"
#: What somebody typed, in what is written of a goal.
_TYPED: Final = ("what", "measure", "why", "text")


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with those who take part in it and are in, by id."""

    goal: Goal
    members: dict[LeadId, LeadCard]


class Goals:
    """For the leads of a site, who see all of its goals, and for partners, who see those that they were named in.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the lead's role,
    `Tampered` where a row, the roster or the register is not what was kept, and `Unavailable` where the database or the
    register cannot be read or written.
    """

    def __init__(self, threads: Threads, rosters: Rosters, names: KnownNames) -> None:
        self._threads = threads
        self._rosters = rosters
        self._names = names

    async def listed(self, session: LeadSession) -> tuple[GoalView, ...]:
        """Give all goals in which she takes part: open ones first, the sooner the first."""
        found = await self._threads.read(session, "goal", _RULE)
        views = {one.id: GoalView(goal_of(one.id, one.written), dict(one.members)) for one in found}
        return tuple(views[ThreadId(goal.id)] for goal in in_order(view.goal for view in views.values()))

    async def find(self, session: LeadSession, goal: str) -> GoalView | None:
        """Give one goal; None where there is none, or she takes no part in it."""
        found = await self._threads.read(session, "goal", _RULE, ThreadId(goal))
        views = [GoalView(goal_of(one.id, one.written), dict(one.members)) for one in found]
        return views[0] if views else None

    async def offered(self, session: LeadSession) -> tuple[LeadCard, ...]:
        """Give who can be an owner: the leads of her site, then its partners; by name."""
        roster = await self._rosters.read()
        here = [one.card for one in roster.leads.values() if one.site == session.lead.site and not one.disabled]
        fitting = (one for one in here if one.role in READING or one.role == "partner")
        return tuple(sorted(fitting, key=lambda one: (one.role == "partner", one.name)))

    async def begin(
        self, session: LeadSession, arrival: Arrival, what: str, measure: str, owner: LeadId, day: date
    ) -> ThreadId:
        """Begin a goal.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: It is not for the role; nothing is wanted or measured, or that is longer than 200 characters or
                names somebody; or the owner is nobody of the site.
            AlreadySeen: The update was committed before.
        """
        named = owner in {one.id for one in await self.offered(session)}
        if not (named and 0 < len(what) <= LONGEST and 0 < len(measure) <= LONGEST):
            raise NotOffered
        said: Object = {"kind": "goal", "what": what, "measure": measure, "owner": owner, "day": day.isoformat()}
        await self._without_names(session, said)
        return await self._threads.begin(session, arrival, "goal", _BEGIN, said)

    async def write(
        self, session: LeadSession, arrival: Arrival, goal: str, *said: Object, tell: Collection[LeadId] = ()
    ) -> None:
        """Write something of a goal, as `flows/together/goals.py` takes it; all of it or nothing.

        Those of `tell` are told, neutrally, that a round table is planned with them.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: She takes no part in it, it may not be as the goal stands, or it names somebody.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, again and again; nothing was kept.
        """
        for one in said:
            await self._without_names(session, one)
        offered = {one.id for one in await self.offered(session)}

        def writing(thread: Thread, card: LeadCard) -> Sequence[Object] | None:
            stands, leads = goal_of(thread.id, thread.written), is_for(card.role, _BEGIN)
            invited = all(LeadId(str(one["who"])) in offered for one in said if "who" in one)
            members = thread.members.keys()
            fitting = all(fits(stands, cast("dict[str, Any]", one), card.id, members, leads=leads) for one in said)
            return said if invited and fitting else None

        told = self._threads.notices("table", (lead for lead in sorted(tell) if lead != session.lead.id))
        require(await self._threads.add(session, arrival, ThreadId(goal), "goal", _RULE, writing, also=told))

    async def _without_names(self, session: LeadSession, said: Object) -> None:
        texts = [str(said[name]) for name in _TYPED if name in said]
        if await self._names.are_in(session, *texts):
            raise NotOffered
