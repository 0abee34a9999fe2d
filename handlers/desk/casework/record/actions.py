"""`/action`, who does what by when in a case, until it is done or not; and `/actions`, what is mine to do.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from flows.cases.triage import is_open
from flows.duty import working_days
from flows.duty.hours import Hours
from flows.values.screen import Row, Screen
from flows.values.text import Text, stacked
from handlers.desk.case import case_card, summary
from handlers.desk.casework.actions import prompts
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText, Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording.labels import WHY_NOT, calendar_day, day_label
from storage.cases.planned import MOST
from storage.deeds.record.actions import LONGEST, EndAction, PlanAction
from storage.values import CaseRow, LeadCard, OpenAction

#: Open actions with buttons on one screen: a page has six rows at most.
_SHOWN: Final = 4
_MARK: Final = 8  # characters
#: The argument of the button [Another day].
_OTHER: Final = "other"


async def action(visit: Visit, ask: Ask) -> None:
    """Show what is open in the case, and ask for the next action; one that was typed after the command is taken."""
    before = visit.place.shown
    ask, words = prompts.with_words(ask)
    shown = await prompts.case_for(visit, "action", ask)
    if shown is None:
        return
    if words:
        await typed(visit, about(shown), words)
        return
    if shown is before:  # as it was opened: a colleague may have planned or ended something since
        shown = await case_card.look(visit, shown.reference)
    await _show(visit, shown)


async def _show(visit: Visit, shown: Shown, *first: Text) -> None:
    row = shown.view.row
    said = [*first, *summary.open_actions(row.actions, visit.now())]
    rows = tuple(_ends(visit, shown, number, one) for number, one in enumerate(row.actions[:_SHOWN], 1))
    if not is_open(row.status) or len(row.actions) >= MOST:
        said.append(desk("It is closed: nothing is planned in it.") if not is_open(row.status) else _full())
        await visit.show(Screen(tuple(said), (*rows, prompts.back(visit, shown))))
        return
    said.append(desk("What is to be done next? Type one step, such as: ring the school nurse"))
    await prompts.for_text(visit, "action", shown, *said, rows=rows)


def _full() -> Text:
    return desk("{count} actions are open, and there can be no more. End one first.", count=MOST)


def _ends(visit: Visit, shown: Shown, number: int, one: OpenAction) -> Row:
    ask = about(shown, str(one.number))
    return (
        visit.press(desk("Done: {number}", number=number), "done", ask),
        visit.press(desk("Not done, because: {number}", number=number), "undone", ask),
    )


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take what is to be done, and ask who does it; more than 200 characters are asked for again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    words = await prompts.short_enough(visit, "action", shown, text, LONGEST)
    if words is None:
        return
    visit.place.asking = AskText("action", about(shown, words))  # for the buttons, and to be typed anew
    await _ask_who(visit, shown, words)


async def _ask_who(visit: Visit, shown: Shown, words: str) -> None:
    own = visit.session().lead
    mine = (visit.press(desk("I do it"), "doer", about(shown, mark(own.id)), rank="main"),)
    others = [card for card in shown.view.recipients if card.id != own.id]
    rows = tuple(
        (visit.press(Text("{name}", "desk", {"name": card.name}), "doer", about(shown, mark(card.id))),)
        for card in others
    )
    await visit.show(Screen((desk("Who does it?"),), (mine, *rows, prompts.back(visit, shown)), verbatim=words))


async def doer(visit: Visit, ask: Ask) -> None:
    """Ask by when; the days are working days of the site."""
    words = _words(visit)
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    who = marked(shown.view.recipients, ask)
    if who is None or not words:
        await _show(visit, shown)
        return
    visit.place.asking = AskText("action", about(shown, words))
    await _ask_day(visit, shown, words, who)


async def _ask_day(visit: Visit, shown: Shown, words: str, who: LeadCard, *first: Text) -> None:
    hours = _hours(visit, shown)
    today = working_days.today(hours, visit.now())
    offered = tuple(
        (day_label(day, today), "day", f"{mark(who.id)}{day.toordinal()}")
        for day in working_days.due_days(hours, visit.now())
    )
    own = who.id == visit.session().lead.id
    asked = (
        desk("By when? You are told that morning.")
        if own
        else desk("By when? {name} is told now, and that morning.", name=who.name)
    )
    said = (*first, asked)
    presses = [visit.press(label, verb, about(shown, argument)) for label, verb, argument in offered]
    presses.append(visit.press(desk("Another day"), "day", about(shown, mark(who.id) + _OTHER)))
    rows = tuple(tuple(presses[start : start + 2]) for start in range(0, len(presses), 2))
    await visit.show(Screen(said, (*rows, prompts.back(visit, shown)), verbatim=words))


async def day_chosen(visit: Visit, ask: Ask) -> None:
    """Plan it for the day whose button was pressed, or ask for another one."""
    words = _words(visit)
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    chosen = ask.argument[_MARK:]
    who = marked(shown.view.recipients, Ask(argument=ask.argument[:_MARK]))
    if who is None or not words or not (chosen == _OTHER or chosen.isdecimal()):
        await _show(visit, shown)
        return
    if chosen == _OTHER:
        await _ask_other(visit, shown, words, who)
        return
    await _plan(visit, shown, words, who, date.fromordinal(int(chosen)))


async def _ask_other(visit: Visit, shown: Shown, words: str, who: LeadCard, *first: Text) -> None:
    said = (*first, desk("Type the day, such as 12.6.2027, or 12.6. for the next one."))
    await prompts.for_text(visit, "day", shown, *said, argument=mark(who.id) + words, verbatim=words)


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Plan it for the day that was typed; one that does not do is asked for again, with the next one that would."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    who = marked(shown.view.recipients, Ask(argument=ask.argument[:_MARK]))
    words = ask.argument[_MARK:]
    if who is None:
        await _show(visit, shown)
        return
    day = working_days.read_day(text, _hours(visit, shown), visit.now())
    if not isinstance(day, date):
        await _ask_other(visit, shown, words, who, WHY_NOT[day])
        return
    await _plan(visit, shown, words, who, day)


async def _plan(visit: Visit, shown: Shown, words: str, who: LeadCard, day: date) -> None:
    reminders = working_days.reminders(_hours(visit, shown), day, visit.now())
    done = await visit.act(shown, PlanAction(words, who.id, day, reminders))
    visit.place.asking = visit.place.loose = None
    said = desk("Planned: {name}, by {day}.", name=who.name, day=calendar_day(day))
    await case_card.changed(visit, done, said)


async def done(visit: Visit, ask: Ask) -> None:
    """Note that an action was done; one that somebody else ended meanwhile is said to be."""
    shown = await _with(visit, ask)
    if shown is not None:
        after = await visit.act(shown, EndAction(int(ask.argument)))
        await case_card.changed(visit, after, desk("Noted as done."))


async def ask_why_not(visit: Visit, ask: Ask) -> None:
    """Ask why an action is not to be done any more."""
    shown = await _with(visit, ask)
    if shown is not None:
        said = desk("Type why it is not done; then nobody is told of it any more.")
        await prompts.for_text(visit, "undone", shown, said, argument=ask.argument)


async def why_not_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Note it with the reason."""
    shown = await _with(visit, ask)
    if shown is not None:
        after = await visit.act(shown, EndAction(int(ask.argument), reason))
        visit.place.loose = None
        await case_card.changed(visit, after, desk("Noted as not done."))


async def _with(visit: Visit, ask: Ask) -> Shown | None:
    """The case on the screen, if the action that is meant is open in it; else what is open is shown."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    if ask.argument not in {str(one.number) for one in shown.view.row.actions}:
        await _show(visit, shown, desk("That has ended already."))
        return None
    return shown


async def actions(visit: Visit, _: Ask) -> None:
    """List what is this lead's to do, case by case, what is due first first."""
    await visit.forget_typed()
    visit.place.asking = None
    lead = visit.session().lead.id
    rows = await visit.store.desk.own_actions(visit.session())
    said = [_mine(visit, row, lead) for row in rows] or [desk("Nothing is yours to do just now.")]
    presses = [
        visit.press(Text("{reference}", "desk", {"reference": row.reference}), "action", Ask(row.reference))
        for row in rows
    ]
    buttons = tuple(tuple(presses[start : start + 4]) for start in range(0, len(presses), 4))
    await visit.show(Screen(tuple(said), (*buttons, (visit.press(desk("Brief"), "brief"),))))


def _mine(visit: Visit, row: CaseRow, lead: str) -> Text:
    name = Text("/case_{reference}", "desk", {"reference": row.reference})
    own = [one for one in row.actions if one.owner and one.owner.id == lead]
    return stacked([name, *summary.open_actions(own, visit.now())])


def _words(visit: Visit) -> str:
    """What is to be done, as it was typed for the buttons that follow; empty where something else is asked by now."""
    asking = visit.place.asking
    return asking.ask.argument if isinstance(asking, AskText) and asking.verb == "action" else ""


def _hours(visit: Visit, shown: Shown) -> Hours | None:
    return visit.deps.hours.get(shown.view.row.site)
