"""`/table`: a round table on a goal: who, when, the open actions as agenda, each view, what is agreed, who signs.

Those on shares are in `share_table.py`.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from flows.cases.roles import is_for
from flows.screens import copy as say
from flows.together.goals import LONGEST_VIEW, RoundTable
from flows.values.ids import LeadId
from flows.values.screen import Press, Row, Screen
from flows.values.text import Listed, Text
from handlers.desk.casework.actions.ownership import mark
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import calendar_day
from handlers.desk.partnership.together import goal_card, goals, typed
from storage.cases.answers_json import Object
from storage.desk.partnership.together.goals import GoalView
from storage.values import LeadCard

#: Goals, and people, on one screen.
_SHOWN: Final = 8
_PEOPLE: Final = 10
_MARK: Final = 8  # characters


async def table(visit: Visit, _: Ask) -> None:
    """List the goals on which there is a round table, or could be."""
    await visit.forget_typed()
    visit.place.asking = visit.place.loose = None
    open_ones = [one for one in await visit.store.together.goals.listed(visit.session()) if one.goal.is_open][:_SHOWN]
    said = [_line(number, one) for number, one in enumerate(open_ones, 1)]
    said = said or [desk("A round table is held on a goal, or on a share. You take part in no goal yet.")]
    presses = [
        visit.press(desk("Table {number}", number=number), "tablesee", Ask(argument=one.goal.id))
        for number, one in enumerate(open_ones, 1)
    ]
    rows = tuple(tuple(presses[at : at + 4]) for at in range(0, len(presses), 4))
    on_share = "share" if is_for(visit.session().lead.role, "share") else "shares"
    last = (visit.press(desk("Goals"), "goals"), visit.press(desk("Brief"), "brief"))
    await visit.show(Screen(tuple(said), (*rows, (visit.press(desk("On a share"), on_share),), last)))


def _line(number: int, view: GoalView) -> Text:
    standing = view.goal.table
    if standing is None:
        return desk("{number}. {what} · no round table yet", number=number, what=view.goal.what)
    return desk("{number}. {what} · {when}", number=number, what=view.goal.what, when=_when(standing))


def _when(standing: RoundTable) -> Text:
    day = calendar_day(standing.day)
    if standing.time:
        return desk("round table on {day}, {time}", day=day, time=standing.time)
    return desk("round table on {day}", day=day)


async def see(visit: Visit, ask: Ask) -> None:
    """Show the round table of a goal."""
    view = await goals.found(visit, ask)
    if view is not None:
        await _show(visit, view)


async def _show(visit: Visit, view: GoalView, *first: Text) -> None:
    visit.place.asking = visit.place.loose = None
    goal, standing = view.goal, view.goal.table
    said = [*first, desk("Goal: {what}", what=goal.what)]
    said += _lines(visit, view, standing) if standing is not None else [desk("There is no round table on it yet.")]
    await visit.show(Screen(tuple(said), (*_rows(visit, view), goals.back(visit, view))))


def _lines(visit: Visit, view: GoalView, standing: RoundTable) -> Iterator[Text]:
    today, members = typed.today(visit), view.members
    by_name = sorted(standing.people, key=lambda one: members[one].name if one in members else "")
    people = Listed(tuple(goal_card.name(members, one) for one in by_name))
    yield desk("{when}: {people}", when=_when(standing), people=people)
    agenda = [one for one in view.goal.actions if one.table != standing.number]
    agreed = [one for one in view.goal.actions if one.table == standing.number]
    yield desk("Agenda, what is open:") if agenda else desk("Agenda: nothing is open.")
    yield from (goal_card.action(number, one, members, today) for number, one in enumerate(agenda, 1))
    for one in standing.views:
        yield desk("{name}: “{words}”", name=goal_card.name(members, one.author), words=one.text)
    if agreed:
        yield desk("Agreed here:")
    yield from (goal_card.action(number, one, members, today) for number, one in enumerate(agreed, 1))
    for who, signed in standing.signed.items():
        name = goal_card.name(members, who)
        line = desk("{name}: I agree", name=name) if signed.agrees else desk("{name}: I see it differently", name=name)
        earlier = desk("{line}, before the latest change", line=line)
        yield line if signed.upto == standing.changed else earlier


def _rows(visit: Visit, view: GoalView) -> Iterator[Row]:
    goal, standing, ask = view.goal, view.goal.table, Ask(argument=view.goal.id)
    if standing is not None and visit.session().lead.id in standing.people:
        upto = standing.changed
        yield (
            visit.press(desk("I agree"), "tablesign", Ask(argument=f"{goal.id}y{upto}")),
            visit.press(desk("I see it differently"), "tablesign", Ask(argument=f"{goal.id}n{upto}")),
        )
        yield (visit.press(desk("My view"), "tableview", ask),)
    if goal.is_open and standing is not None:
        yield (visit.press(desk("Agreed: an action"), "tableact", ask),)
    if goal.is_open:
        again = desk("Another round table") if standing is not None else desk("Plan a round table")
        yield (visit.press(again, "tableplan", ask),)


async def ask_plan(visit: Visit, ask: Ask) -> None:
    """Ask who meets, all who take part at first, and when."""
    view = await goals.found(visit, ask)
    if view is not None:
        await _ask_plan(visit, view, frozenset(view.members))


async def _ask_plan(visit: Visit, view: GoalView, people: frozenset[LeadId], *first: Text) -> None:
    """Ask for it: who is ticked stands in what is asked, so that the day can be typed at any moment."""
    marks = "".join(sorted(mark(one) for one in people))
    visit.place.asking = AskText("tableplan", Ask(argument=view.goal.id + marks))
    listed = sorted(view.members.values(), key=lambda card: card.name)[:_PEOPLE]
    presses = [_seat(visit, view, one, is_in=one.id in people) for one in listed]
    rows = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    said = desk(
        "Who meets? Tap to take somebody out or in. Then type the day, with a time if you like: 12.6.2027 14:30"
    )
    await visit.show(Screen((*first, said), (*rows, goals.back(visit, view))))


def _seat(visit: Visit, view: GoalView, one: LeadCard, *, is_in: bool) -> Press:
    label = replace(say.TICKED if is_in else say.UNTICKED, args={"label": one.name})
    return replace(visit.press(label, "tableseat", Ask(argument=view.goal.id + mark(one.id))), checked=is_in)


def _ticked(view: GoalView, marks: str) -> frozenset[LeadId]:
    chosen = {marks[at : at + _MARK] for at in range(0, len(marks), _MARK)}
    return frozenset(one for one in view.members if mark(one) in chosen)


async def seat(visit: Visit, ask: Ask) -> None:
    """Take somebody out of those who meet, or in."""
    asking = visit.place.asking
    view = await goals.found(visit, ask)
    if view is None:
        return
    if not isinstance(asking, AskText) or asking.verb != "tableplan":
        await _show(visit, view)
        return
    people = _ticked(view, asking.ask.argument[goals.ID :])
    await _ask_plan(visit, view, people ^ _ticked(view, ask.argument[goals.ID :]))


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Plan it for the day, and the time, that were typed; those who meet are told, neutrally."""
    view = await goals.found(visit, ask)
    if view is None:
        return
    people = _ticked(view, ask.argument[goals.ID :])
    words, time = _split(text)

    async def again(said: Text) -> None:
        await _ask_plan(visit, view, people, said)

    if not people:
        await again(desk("Somebody has to meet. Tap who."))
        return
    day = await typed.day(visit, words, again, working=True)
    if day is None:
        return
    said: Object = {
        "kind": "table",
        "day": day.isoformat(),
        "time": time,
        "people": [str(one) for one in sorted(people)],
    }
    done = desk("Planned. Those who meet are told that a round table is planned, and not on what.")
    await goals.write(visit, view, done, said, tell=people, shown=_show)


def _split(text: str) -> tuple[str, str]:
    """Part a time that was typed behind the day, with leading zeros put in; what is no time stays with the day."""
    first, _, last = text.strip().rpartition(" ")
    hour, colon, minute = last.partition(":")
    if not first or not colon or not (hour.isascii() and hour.isdigit() and len(hour) <= 2):
        return text, ""
    return first, f"{hour:0>2}:{minute}"


async def ask_view(visit: Visit, ask: Ask) -> None:
    """Ask for her view."""
    view = await goals.found(visit, ask)
    if view is not None:
        await _ask_view(visit, view)


async def _ask_view(visit: Visit, view: GoalView, *first: Text) -> None:
    said = desk("How do you see it? Type it without names. Everybody who takes part in the goal reads it.")
    await typed.ask(visit, "tableview", view.goal.id, *first, said, rows=(goals.back(visit, view),))


async def view_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Keep her view in the place of the one before; more than 1,000 characters, or a name, are asked for again."""
    view = await goals.found(visit, ask)
    if view is None:
        return

    async def again(said: Text) -> None:
        await _ask_view(visit, view, said)

    words = await typed.words(visit, text, LONGEST_VIEW, again)
    if words is not None:
        number = view.goal.table.number if view.goal.table is not None else 0
        said: Object = {"kind": "view", "of": number, "text": words}
        await goals.write(visit, view, desk("Kept as your view."), said, shown=_show)


async def sign(visit: Visit, ask: Ask) -> None:
    """Sign that she agrees, or sees it differently, with what was shown; where it changed since, it is shown anew."""
    view = await goals.found(visit, ask)
    if view is None:
        return
    agrees, upto = ask.argument[goals.ID : goals.ID + 1] == "y", ask.argument[goals.ID + 1 :]
    number = view.goal.table.number if view.goal.table is not None else 0
    seen = int(upto) if upto.isdecimal() else 0
    said: Object = {"kind": "sign", "of": number, "agrees": agrees, "upto": seen}
    differently = desk("Signed: I see it differently. Say why as your view, if you like.")
    done = desk("Signed: I agree.") if agrees else differently
    await goals.write(visit, view, done, said, shown=_show)
