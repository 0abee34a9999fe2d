"""A goal that partners and leads want together, as what was written of it tells: owner, measure, day, five steps.

What is written is never changed: each is by one author, and the goal is what all of it comes to. A round table on a
goal, what each said there and signed, and what was agreed are written the same way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from flows.values.ids import LeadId

#: Characters of what is wanted, of its measure, and of an action.
LONGEST: Final = 200
#: Characters of a view at a round table.
LONGEST_VIEW: Final = 1_000
#: Steps from "not begun" to "done", as words and as a bar.
STEPS: Final = 5
#: Actions that are open at once, of one goal.
MOST_ACTIONS: Final = 9
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
#: What is written of one goal at most.
MOST_WRITTEN: Final = 500


@dataclass(frozen=True, slots=True)
class Written:
    """One thing that somebody wrote: its number in the goal from 1, its author, when (aware), and what."""

    number: int
    author: LeadId
    at: datetime
    said: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class GoalAction:
    """Who does what by when; `number` is that of the writing that planned it, `table` of the round table or 0."""

    number: int
    what: str = field(repr=False)
    owner: LeadId
    due: date
    table: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """What somebody said at a round table."""

    author: LeadId
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """Whether somebody agrees with what a round table came to, up to the writing that was its latest then."""

    agrees: bool
    upto: int


@dataclass(frozen=True, slots=True)
class RoundTable:
    """Who meets when; each view; and who signs that she agrees, or that she sees it differently. The latest counts.

    `time` is by the clock of the site, such as "14:30", or empty. `changed` is the number of the latest writing that
    made it what it is: a view, or an action that was agreed there.
    """

    number: int
    day: date
    people: tuple[LeadId, ...]
    changed: int
    time: str = ""
    views: tuple[View, ...] = ()
    signed: Mapping[LeadId, Signed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as it stands.

    `step` is from 1 ("not begun") to 5 ("done"). `guests` are all who were named as owner or invited, and not taken out
    since, besides the leads, who all see it. `moved_at` is when it last came a step further, `table` the latest one.
    """

    id: str
    what: str = field(repr=False)
    measure: str = field(repr=False)
    owner: LeadId
    day: date
    begun_at: datetime
    step: int = 1
    moved_at: datetime | None = None
    dropped: bool = False
    guests: frozenset[LeadId] = frozenset()
    actions: tuple[GoalAction, ...] = ()
    done: tuple[tuple[LeadId, datetime], ...] = ()
    table: RoundTable | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor put away."""
        return self.step < STEPS and not self.dropped

    @property
    def bar(self) -> str:
        """The steps as a bar of five signs; words stand beside it."""
        return "■" * self.step + "□" * (STEPS - self.step)


def goal_of(thread: str, written: Sequence[Written]) -> Goal:
    """Give the goal that was written.

    Args:
        thread: Its id.
        written: All of it by number; the first begins the goal.

    Raises:
        KeyError: It is not what was written of a goal (a bug: what is kept was checked by `fits`).
        ValueError: Likewise.
    """
    first = written[0]
    said = first.said
    owner = LeadId(said["owner"])
    begun = Goal(thread, said["what"], said["measure"], owner, date.fromisoformat(said["day"]), first.at)
    goal = replace(begun, guests=frozenset({owner}))
    for one in written[1:]:
        goal = _after(goal, one)
    return goal


def fits(goal: Goal, said: Mapping[str, Any], by: LeadId, members: Collection[LeadId], *, leads: bool) -> bool:
    """Whether somebody may write this of a goal as it stands; unknown kinds are refused.

    Args:
        goal: As it stands.
        said: What is to be written.
        by: Who writes.
        members: Who takes part and is in.
        leads: Whether she is a lead of the site; a partner says what is hers.
    """
    if not goal.is_open and said["kind"] not in {"step", "view", "sign"}:
        return False
    match said["kind"]:
        case "step":
            return not goal.dropped and 1 <= said["step"] <= STEPS and (leads or by == goal.owner)
        case "owner" | "guest" | "drop":
            return leads
        case "out":
            return leads and said["gone"] in goal.guests and said["gone"] != goal.owner
        case "plan":
            fitting = 0 < len(said["what"]) <= LONGEST and said["owner"] in members
            return fitting and len(goal.actions) < MOST_ACTIONS and said["of"] in {0, _table(goal)}
        case "end":
            found = next((one for one in goal.actions if one.number == said["of"]), None)
            return found is not None and (leads or by == found.owner) and len(said["why"]) <= LONGEST
        case "table":
            timed = not said["time"] or _TIME.fullmatch(said["time"]) is not None
            return timed and bool(said["people"]) and set(said["people"]) <= set(members)
        case "view":
            return _is_at(goal, by, said["of"]) and 0 < len(said["text"]) <= LONGEST_VIEW
        case "sign":
            return _is_at(goal, by, said["of"]) and goal.table is not None and said["upto"] == goal.table.changed
    return False


def in_order(goals: Iterable[Goal]) -> tuple[Goal, ...]:
    """Give goals as they are listed: open ones first, the sooner the first; then those that are over, latest first."""
    listed = tuple(goals)
    still = sorted((one for one in listed if one.is_open), key=lambda one: (one.day, one.begun_at, one.id))
    over = sorted((one for one in listed if not one.is_open), key=lambda one: (one.day, one.id), reverse=True)
    return (*still, *over)


def _table(goal: Goal) -> int:
    return goal.table.number if goal.table is not None else 0


def _is_at(goal: Goal, who: LeadId, number: int) -> bool:
    table = goal.table
    return table is not None and table.number == number and who in table.people


def _after(goal: Goal, one: Written) -> Goal:
    said = one.said
    match said["kind"]:
        case "step":
            further = one.at if said["step"] > goal.step else goal.moved_at
            return replace(goal, step=said["step"], moved_at=further)
        case "owner":
            owner = LeadId(said["who"])
            return replace(goal, owner=owner, guests=goal.guests | {owner})
        case "guest":
            return replace(goal, guests=goal.guests | {LeadId(said["who"])})
        case "out":
            return replace(goal, guests=goal.guests - {LeadId(said["gone"])})
        case "drop":
            return replace(goal, dropped=True)
        case "plan":
            due = date.fromisoformat(said["day"])
            planned = GoalAction(one.number, said["what"], LeadId(said["owner"]), due, said["of"])
            at = replace(goal.table, changed=one.number) if goal.table is not None and said["of"] else goal.table
            return replace(goal, actions=(*goal.actions, planned), table=at)
        case "end":
            return _ended(goal, one)
        case "table":
            people = tuple(LeadId(who) for who in said["people"])
            day = date.fromisoformat(said["day"])
            return replace(goal, table=RoundTable(one.number, day, people, one.number, said["time"]))
        case "view" | "sign" if goal.table is not None:
            return replace(goal, table=_at_the_table(goal.table, one))
    return goal


def _ended(goal: Goal, one: Written) -> Goal:
    """Take an action out of the open ones; one that was done, and not given up, is kept by who did it."""
    found = next(action for action in goal.actions if action.number == one.said["of"])
    left = tuple(action for action in goal.actions if action.number != found.number)
    done = goal.done if one.said["why"] else (*goal.done, (found.owner, one.at))
    return replace(goal, actions=left, done=done)


def _at_the_table(table: RoundTable, one: Written) -> RoundTable:
    if one.said["kind"] == "sign":
        signed = Signed(bool(one.said["agrees"]), one.said["upto"])
        return replace(table, signed={**table.signed, one.author: signed})
    others = tuple(view for view in table.views if view.author != one.author)
    return replace(table, views=(*others, View(one.author, one.said["text"])), changed=one.number)
