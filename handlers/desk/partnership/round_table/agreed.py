"""What is agreed at a round table on a share: what, who does it, a lead of the case or the partner, and by when.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flows.duty import working_days
from flows.duty.hours import ALWAYS_OPEN
from flows.together.share_table import LONGEST
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.casework.actions import prompts
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText, Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording.labels import WHY_NOT, calendar_day
from handlers.desk.partnership.round_table import share_table
from storage.desk.partnership.sharing.case_shares import TableOfCase

_MARK: Final = 8  # characters


async def ask_agreed(visit: Visit, ask: Ask) -> None:
    """Ask what was agreed."""
    both = await share_table.meant(visit, ask)
    if both is not None:
        said = desk("What is agreed? Type one step; {name} reads it.", name=both[1].partner.name)
        await prompts.for_text(visit, "shtabact", both[0], said, argument=both[1].share.id[: share_table.ID])


async def agreed_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take what is agreed, and ask who does it: a lead of the case, or the partner."""
    both = await share_table.meant(visit, ask)
    if both is None:
        return
    words = await share_table.short(visit, "shtabact", both, text, LONGEST)
    if words is None:
        return
    shown, found = both
    own = found.share.id[: share_table.ID]
    visit.place.asking = AskText("shtabact", about(shown, own + words))
    rows = tuple(
        (visit.press(Text("{name}", "desk", {"name": one.name}), "shtabdoer", about(shown, own + mark(one.id))),)
        for one in (found.partner, *shown.view.recipients)
    )
    await visit.show(Screen((desk("Who does it?"),), (*rows, prompts.back(visit, shown)), verbatim=words))


async def doer(visit: Visit, ask: Ask) -> None:
    """Ask by when."""
    asking = visit.place.asking
    words = asking.ask.argument[share_table.ID :] if isinstance(asking, AskText) and asking.verb == "shtabact" else ""
    both = await share_table.meant(visit, ask)
    if both is None:
        return
    who = marked((both[1].partner, *both[0].view.recipients), Ask(argument=ask.argument[share_table.ID :]))
    if who is None or not words:
        await share_table.show(visit, both[0], ask.argument)
        return
    await _ask_day(visit, *both, mark(who.id) + words)


async def _ask_day(visit: Visit, shown: Shown, found: TableOfCase, kept: str, *first: Text) -> None:
    said = desk("By when? Type the day, such as 12.6.2027, or 12.6. for the next one.")
    argument = found.share.id[: share_table.ID] + kept
    await prompts.for_text(visit, "shtabdoer", shown, *first, said, argument=argument, verbatim=kept[_MARK:])


async def due_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Agree on it for the day that was typed; for a lead it is an action of the case with that."""
    both = await share_table.meant(visit, ask)
    if both is None:
        return
    shown, found = both
    kept, hours = ask.argument[share_table.ID :], share_table.hours_of(visit, shown)
    who = marked((found.partner, *shown.view.recipients), Ask(argument=kept[:_MARK]))
    day = working_days.read_day(text, hours, visit.now())
    if who is None:
        await share_table.show(visit, shown, ask.argument)
        return
    if not isinstance(day, date):
        await _ask_day(visit, shown, found, kept, WHY_NOT[day])
        return
    last = datetime.fromtimestamp(found.share.until, ZoneInfo((hours or ALWAYS_OPEN).timezone)).date()
    if who.id == found.partner.id and day > last:  # after that she could be told of nothing
        before = desk("What is shared with {name} ends before that, on {day}.", name=who.name, day=calendar_day(last))
        await _ask_day(visit, shown, found, kept, before)
        return
    said = {"kind": "agree", "action": kept[_MARK:], "owner": str(who.id), "due": day.isoformat()}
    done = desk("Agreed: {name}, by {day}.", name=who.name, day=calendar_day(day))
    await share_table.say(visit, shown, found, said, done, reminders=working_days.reminders(hours, day, visit.now()))
