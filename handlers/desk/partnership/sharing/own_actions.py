"""What is a partner's to do for what was shared with her: she adds it, and says that it is done, or not and why.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells her what can be told, the
dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flows.duty import working_days
from flows.together.own_actions import LONGEST_REASON
from flows.together.share_table import LONGEST
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import WHY_NOT, calendar_day, day_label
from handlers.desk.chat.wording.table_lines import hers
from handlers.desk.partnership.sharing import partner
from handlers.desk.partnership.together import typed
from storage.values.errors import NoSuchCase
from storage.values.shares import Answer, ShareId, ShareListed

#: Actions with buttons on one screen: a page has six rows at most.
_SHOWN: Final = 4
#: Characters of a share's id.
_ID: Final = 32
#: The argument of the button [Another day].
_OTHER: Final = "other"
_ENDS_BEFORE: Final = desk("What is shared with you ends before that, on {day}. Choose an earlier day.")


async def see(visit: Visit, ask: Ask) -> None:
    """Show what is hers to do for one share, each with [Done] and [Not done, because]."""
    visit.place.asking = visit.place.loose = None
    try:
        opened = await visit.store.shares.open(visit.session(), visit.arrival, ShareId(ask.argument))
    except NoSuchCase:
        await partner.gone(visit)
        return
    share, actions = opened.listed.id, opened.actions
    rows: list[Row] = [
        (
            visit.press(desk("Done: {number}", number=number), "owndone", Ask(argument=f"{share}{one.number}")),
            visit.press(
                desk("Not done, because: {number}", number=number), "ownundone", Ask(argument=f"{share}{one.number}")
            ),
        )
        for number, one in enumerate(actions[:_SHOWN], 1)
    ]
    rows.append((visit.press(desk("Add an action"), "ownact", Ask(argument=share)),))
    said = tuple(hers(actions, typed.today(visit))) or (desk("Nothing is yours to do for this just now."),)
    above = (visit.press(desk("What was shared"), "shared", Ask(argument=share)),)
    await visit.show(Screen(said, (*rows, (*above, *partner.back(visit)))))


async def ask_what(visit: Visit, ask: Ask) -> None:
    """Ask what she is going to do."""
    await _ask_what(visit, ask.argument)


async def _ask_what(visit: Visit, share: str, *first: Text) -> None:
    said = desk("What will you do? Type one step, such as: ring the clinic. Those who shared it can read it.")
    await _ask(visit, "ownact", share, *first, said)


async def what_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take it, and ask by when; more than 200 characters are asked for again."""
    share, words = ask.argument[:_ID], " ".join(text.split())
    if len(words) > LONGEST:
        await _ask_what(visit, share, desk(typed.TOO_LONG.msgid, count=LONGEST))
        return
    await _ask_day(visit, share, words)


async def _ask_day(visit: Visit, share: str, words: str, *first: Text) -> None:
    found = await _listed(visit, share)
    if found is None:
        return
    last, today = _last_day(visit, found.until), typed.today(visit)
    presses = [
        visit.press(day_label(day, today), "ownday", Ask(argument=f"{share}{day.toordinal()}"))
        for day in working_days.due_days(typed.hours(visit), visit.now())
        if day <= last
    ]
    presses.append(visit.press(desk("Another day"), "ownday", Ask(argument=share + _OTHER)))
    rows = tuple(tuple(presses[start : start + 2]) for start in range(0, len(presses), 2))
    said = desk("By when? You are told that morning.")
    await _ask(visit, "ownday", share + words, *first, said, rows=rows, verbatim=words)


async def day_chosen(visit: Visit, ask: Ask) -> None:
    """Plan it for the day whose button was pressed, or ask for another one."""
    share, chosen = ask.argument[:_ID], ask.argument[_ID:]
    words = _words(visit, share)
    if not words or not (chosen == _OTHER or chosen in _offered(visit)):
        await see(visit, Ask(argument=share))
    elif chosen == _OTHER:
        await _ask_other(visit, share, words)
    else:
        await _plan(visit, share, words, date.fromordinal(int(chosen)))


async def _ask_other(visit: Visit, share: str, words: str, *first: Text) -> None:
    said = desk("Type the day, such as 12.6.2027, or 12.6. for the next one.")
    await _ask(visit, "ownday", share + words, *first, said, verbatim=words)


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Plan it for the day that was typed; one that does not do is asked for again."""
    share, words = ask.argument[:_ID], ask.argument[_ID:]
    day = working_days.read_day(text, typed.hours(visit), visit.now())
    if not isinstance(day, date):
        await _ask_other(visit, share, words, WHY_NOT[day])
        return
    await _plan(visit, share, words, day)


async def _plan(visit: Visit, share: str, words: str, day: date) -> None:
    found = await _listed(visit, share)
    if found is None:
        return
    last = _last_day(visit, found.until)
    if day > last:
        await _ask_other(visit, share, words, desk(_ENDS_BEFORE.msgid, day=calendar_day(last)))
        return
    reminders = working_days.reminders(typed.hours(visit), day, visit.now())
    said = desk("It is yours, by {day}. They are told that there is something new.", day=calendar_day(day))
    await partner.answer(visit, Ask(argument=share), Answer("planned", text=words, by=day), said, reminders)


async def done(visit: Visit, ask: Ask) -> None:
    """Say that it is done."""
    said = desk("Noted as done. They are told that there is something new.")
    await partner.answer(visit, Ask(argument=ask.argument[:_ID]), Answer("done", of=_number(ask)), said)


async def ask_why_not(visit: Visit, ask: Ask) -> None:
    """Ask why it is not done, and is not to be any more."""
    await _ask_why_not(visit, ask.argument)


async def _ask_why_not(visit: Visit, argument: str, *first: Text) -> None:
    said = desk("Type why it is not done. Those who shared it can read it, and you are not told of it any more.")
    await _ask(visit, "ownundone", argument, *first, said)


async def why_not_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Say it with the reason; more than 1,000 characters are asked for again."""
    reason = " ".join(text.split())
    if len(reason) > LONGEST_REASON:
        await _ask_why_not(visit, ask.argument, desk(typed.TOO_LONG.msgid, count=LONGEST_REASON))
        return
    given = Answer("not_done", text=reason, of=_number(ask))
    said = desk("Noted as not done. They are told that there is something new.")
    await partner.answer(visit, Ask(argument=ask.argument[:_ID]), given, said)


async def _ask(
    visit: Visit, verb: str, argument: str, *said: Text, rows: tuple[Row, ...] = (), verbatim: str | None = None
) -> None:
    visit.place.asking = AskText(verb, Ask(argument=argument))
    await visit.show(Screen(said, (*rows, partner.back(visit)), verbatim=verbatim))


async def _listed(visit: Visit, share: str) -> ShareListed | None:
    """Give a share of hers without opening it; None, and she is told, where there is none."""
    found = next((one for one in await visit.store.shares.listed(visit.session()) if one.id == share), None)
    if found is None:
        await partner.gone(visit)
    return found


def _last_day(visit: Visit, until: datetime) -> date:
    """Give the last day, at the site, on which something is shared."""
    return until.astimezone(ZoneInfo(typed.hours(visit).timezone)).date()


def _offered(visit: Visit) -> set[str]:
    return {str(day.toordinal()) for day in working_days.due_days(typed.hours(visit), visit.now())}


def _words(visit: Visit, share: str) -> str:
    """What she will do, as it was typed for the buttons that follow; empty where something else is asked by now."""
    asking = visit.place.asking
    if not isinstance(asking, AskText) or asking.verb != "ownday" or not asking.ask.argument.startswith(share):
        return ""
    return asking.ask.argument[_ID:]


def _number(ask: Ask) -> int:
    number = ask.argument[_ID:]
    return int(number) if number.isascii() and number.isdecimal() else 0
