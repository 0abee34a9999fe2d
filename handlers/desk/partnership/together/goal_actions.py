"""Actions of a goal: who does what by when, until it is done or not.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from flows.duty import working_days
from flows.together.goals import LONGEST
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import calendar_day, day_label
from handlers.desk.partnership.together import goals, typed
from storage.cases.answers_json import Object
from storage.desk.partnership.together.goals import GoalView
from storage.values import LeadCard

_MARK: Final = 8  # characters
#: Stands before the words, while they are put together: whether it was agreed at the round table.
_AGREED: Final = "*"
_ALONE: Final = "-"
_SHOWN: Final = 10  # people on one screen


async def ask_what(visit: Visit, ask: Ask) -> None:
    """Ask for the next action."""
    view = await goals.found(visit, ask)
    if view is not None:
        await _ask_what(visit, view, _ALONE)


async def ask_agreed(visit: Visit, ask: Ask) -> None:
    """Ask for an action that was agreed at the round table."""
    view = await goals.found(visit, ask)
    if view is not None:
        await _ask_what(visit, view, _AGREED)


async def _ask_what(visit: Visit, view: GoalView, where: str, *first: Text) -> None:
    said = desk("What is to be done? Type one step, without names.")
    await typed.ask(visit, "goalact", view.goal.id + where, *first, said, rows=(goals.back(visit, view),))


async def what_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take what is to be done, and ask who does it."""
    view = await goals.found(visit, ask)
    if view is None:
        return

    where = _AGREED if ask.argument[goals.ID :].startswith(_AGREED) else _ALONE

    async def again(said: Text) -> None:
        await _ask_what(visit, view, where, said)

    said = await typed.words(visit, text, LONGEST, again)
    if said is None:
        return
    kept = Ask(argument=view.goal.id + where + said)  # to be typed anew, and for the buttons
    visit.place.asking = AskText("goalact", kept)
    own = visit.session().lead.id
    others = sorted((one for one in view.members.values() if one.id != own), key=lambda one: one.name)
    mine = visit.press(desk("I do it"), "goaldoer", Ask(argument=view.goal.id + mark(own)), rank="main")
    presses = [
        visit.press(Text("{name}", "desk", {"name": one.name}), "goaldoer", Ask(argument=view.goal.id + mark(one.id)))
        for one in others[:_SHOWN]
    ]
    rows = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    await visit.show(Screen((desk("Who does it?"),), ((mine,), *rows, goals.back(visit, view)), verbatim=said))


async def doer(visit: Visit, ask: Ask) -> None:
    """Ask by when: a working day of the site, by a button or typed."""
    words = _words(visit)
    view = await goals.found(visit, ask)
    if view is None:
        return
    who = marked(view.members.values(), Ask(argument=ask.argument[goals.ID :]))
    if who is None or not words:
        await goals.show(visit, view)
        return
    await _ask_day(visit, view, who, words)


async def _ask_day(visit: Visit, view: GoalView, who: LeadCard, words: str, *first: Text) -> None:
    hours, today = typed.hours(visit), typed.today(visit)
    visit.place.asking = AskText("goalwhen", Ask(argument=view.goal.id + mark(who.id) + words))
    offered = tuple(
        visit.press(day_label(day, today), "goalwhen", Ask(argument=f"{view.goal.id}{mark(who.id)}{day.toordinal():x}"))
        for day in working_days.due_days(hours, visit.now())
    )
    said = desk("By when? Press a day, or type one such as 12.6.2027.")
    await visit.show(Screen((*first, said), (offered, goals.back(visit, view)), verbatim=words[1:]))


async def day_chosen(visit: Visit, ask: Ask) -> None:
    """Plan it for the day whose button was pressed."""
    words = _words(visit)
    view = await goals.found(visit, ask)
    if view is None:
        return
    who = marked(view.members.values(), Ask(argument=ask.argument[goals.ID :][:_MARK]))
    chosen = _day(ask.argument[goals.ID + _MARK :])
    if who is None or not words or chosen not in working_days.due_days(typed.hours(visit), visit.now()):
        await goals.show(visit, view)
        return
    await _plan(visit, view, who, words, chosen)


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Plan it for the day that was typed; one that does not do is asked for again."""
    view = await goals.found(visit, ask)
    if view is None:
        return
    who = marked(view.members.values(), Ask(argument=ask.argument[goals.ID :][:_MARK]))
    words = ask.argument[goals.ID + _MARK :]
    if who is None:
        await goals.show(visit, view)
        return

    async def again(said: Text) -> None:
        await _ask_day(visit, view, who, words, said)

    due = await typed.day(visit, text, again, working=True)
    if due is not None:
        await _plan(visit, view, who, words, due)


async def _plan(visit: Visit, view: GoalView, who: LeadCard, words: str, due: date) -> None:
    said = desk("Planned: {name}, by {day}.", name=who.name, day=calendar_day(due))
    table = view.goal.table
    of = table.number if table is not None and words.startswith(_AGREED) else 0
    planned: Object = {"kind": "plan", "what": words[1:], "owner": who.id, "day": due.isoformat(), "of": of}
    await goals.write(visit, view, said, planned)


async def done(visit: Visit, ask: Ask) -> None:
    """Note that an action was done; one that has ended meanwhile is said to have."""
    view = await goals.found(visit, ask)
    if view is not None:
        await goals.write(visit, view, desk("Noted as done."), {"kind": "end", "of": _number(ask), "why": ""})


async def ask_why_not(visit: Visit, ask: Ask) -> None:
    """Ask why an action is not to be done any more."""
    view = await goals.found(visit, ask)
    if view is not None:
        await _ask_why_not(visit, view, ask)


async def _ask_why_not(visit: Visit, view: GoalView, ask: Ask, *first: Text) -> None:
    said = desk("Type why it is not done, without names.")
    await typed.ask(visit, "goalundone", ask.argument, *first, said, rows=(goals.back(visit, view),))


async def why_not_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Note it with the reason."""
    view = await goals.found(visit, ask)
    if view is None:
        return

    async def again(said: Text) -> None:
        await _ask_why_not(visit, view, ask, said)

    why = await typed.words(visit, reason, LONGEST, again)
    if why is not None:
        await goals.write(visit, view, desk("Noted as not done."), {"kind": "end", "of": _number(ask), "why": why})


def _words(visit: Visit) -> str:
    """What is to be done, as it was typed for the buttons that follow; empty where something else is asked by now."""
    asking = visit.place.asking
    if not isinstance(asking, AskText):
        return ""
    begin = {"goalact": goals.ID, "goalwhen": goals.ID + _MARK}.get(asking.verb)
    return asking.ask.argument[begin:] if begin is not None else ""


def _number(ask: Ask) -> int:
    number = ask.argument[goals.ID :]
    return int(number) if number.isdecimal() else 0


def _day(text: str) -> date | None:
    try:
        return date.fromordinal(int(text, 16))
    except (ValueError, OverflowError):
        return None
