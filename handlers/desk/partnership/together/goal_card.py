"""A goal as it is shown: on the list in one line, and by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from flows.together.goals import Goal, GoalAction
from flows.values.ids import LeadId
from flows.values.text import Listed, Text, Value
from handlers.desk.chat.visit import desk
from handlers.desk.chat.wording.labels import calendar_day
from storage.desk.partnership.together.goals import GoalView
from storage.values import LeadCard

#: The five steps, by number.
STEP: Final[Mapping[int, Text]] = {
    1: desk("not begun"),
    2: desk("begun"),
    3: desk("half way"),
    4: desk("nearly there"),
    5: desk("done"),
}


def name(members: Mapping[LeadId, LeadCard], who: LeadId) -> Text:
    """Give the name of somebody who takes part; whoever does not any more is said to have left."""
    card = members.get(who)
    return Text("{name}", "desk", {"name": card.name}) if card is not None else desk("somebody who has left")


def line(number: int, view: GoalView) -> Text:
    """Give a goal in one line."""
    goal, owner = view.goal, name(view.members, view.goal.owner)
    shown: dict[str, Value] = {
        "number": number,
        "what": goal.what,
        "bar": goal.bar,
        "step": _step(goal),
        "owner": owner,
    }
    return Text("{number}. {what} · {bar} {step} · {owner}, by {day}", "desk", {**shown, "day": calendar_day(goal.day)})


def lines(view: GoalView, today: date) -> Iterator[Text]:
    """Yield all that is said of a goal by itself, but for its round table."""
    goal = view.goal
    owner, day = name(view.members, goal.owner), calendar_day(goal.day)
    yield desk("Goal: {what}", what=goal.what)
    yield desk("{bar} {step}", bar=goal.bar, step=_step(goal))
    yield desk("We can tell by: {measure}", measure=goal.measure)
    yield desk("Owner: {owner} · by {day}", owner=owner, day=day)
    if guests := [card.name for card in view.members.values() if card.role == "partner"]:
        yield desk("Partners who take part: {people}", people=Listed(tuple(sorted(guests))))
    for number, one in enumerate(goal.actions, 1):
        yield action(number, one, view.members, today)


def action(number: int, one: GoalAction, members: Mapping[LeadId, LeadCard], today: date) -> Text:
    """Give an action of a goal in one line, with a word where it is late."""
    said: dict[str, Value] = {
        "number": number,
        "what": one.what,
        "owner": name(members, one.owner),
        "day": calendar_day(one.due),
    }
    if one.due < today:
        return Text("{number}. {what} · {owner}, by {day}: late", "desk", said)
    return Text("{number}. {what} · {owner}, by {day}", "desk", said)


def _step(goal: Goal) -> Text:
    return desk("put away") if goal.dropped else STEP[goal.step]
