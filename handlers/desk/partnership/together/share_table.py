"""A round table on a share, as leads hold it: the day, the agenda, each view, what is agreed, and who signs.

Everything that is said at it is read by the partner; the open actions of the case are not, but for those that a lead
puts on the agenda one by one.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flows.duty import working_days
from flows.duty.hours import ALWAYS_OPEN, Hours
from flows.duty.working_days import Reminders
from flows.together.share_table import LONGEST, LONGEST_VIEW, ShareTable, split_time
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText, Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording import table_lines
from handlers.desk.chat.wording.labels import WHY_NOT, calendar_day
from storage.deeds.sharing.round_table import SayAtTable
from storage.desk.partnership.sharing.case_shares import TableOfCase
from storage.values import OpenAction

#: Characters of a share's id that stand on buttons: within one case they are enough.
_ID: Final = 8
_MARK: Final = 8
#: Open actions with a button on one screen, and in a row: a page has six rows at most.
_ITEMS: Final = 6
_IN_A_ROW: Final = 3


async def see(visit: Visit, ask: Ask) -> None:
    """Show the round table on a share; the case is opened anew, so that what its partner said is in it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    shown = await case_card.look(visit, shown.reference)
    if not await prompts.words_first(visit, shown):
        await _show(visit, shown, ask.argument)


async def _found(visit: Visit, ask: Ask) -> tuple[Shown, TableOfCase] | None:
    """The case on the screen with the table that is meant; None, and what is shared is shown, where there is none."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    found = await visit.store.desk.shares.table(visit.session(), shown.case, ask.argument[:_ID])
    if found is None:
        await _gone(visit, shown)
        return None
    return shown, found


async def _gone(visit: Visit, shown: Shown) -> None:
    said = desk("There is no round table with that partner, or what was shared has ended.")
    back = (visit.press(desk("Share"), "share", about(shown)),)
    await visit.show(Screen((said,), (back, prompts.back(visit, shown))))


async def _show(visit: Visit, shown: Shown, which: str, *first: Text) -> None:
    visit.place.asking = visit.place.loose = None
    found = await visit.store.desk.shares.table(visit.session(), shown.case, which[:_ID])
    if found is None:
        await _gone(visit, shown)
        return
    table, name = found.table, found.partner.name
    said = [*first, desk("Round table with {name}, who reads all of what is below.", name=name)]
    said += table_lines.lines(table) if table is not None else [desk("None is planned yet.")]
    if table is not None:
        said += _unshown(shown, table)
    await visit.show(Screen(tuple(said), (*_rows(visit, shown, found), prompts.back(visit, shown))))


def _unshown(shown: Shown, table: ShareTable) -> Iterator[Text]:
    """What is open in the case and not on the agenda: for leads alone."""
    for number, one in enumerate(_left(shown, table), 1):
        yield desk("Only leads see, {number}: {what}", number=number, what=one.text)


def _left(shown: Shown, table: ShareTable) -> list[OpenAction]:
    agreed = {one.what for one in table.agreed}
    open_ones = [one for one in shown.view.row.actions if one.text and one.text not in {*table.agenda, *agreed}]
    return open_ones[:_ITEMS]


def _rows(visit: Visit, shown: Shown, found: TableOfCase) -> Iterator[Row]:
    own, table = about(shown, found.share.id[:_ID]), found.table
    if table is None:
        yield (visit.press(desk("Plan a round table"), "shtabplan", own, rank="main"),)
        return
    items = [
        visit.press(desk("Show {number}", number=number), "shtabitem", _with(own, str(one.number)))
        for number, one in enumerate(_left(shown, table), 1)
    ]
    yield from (tuple(items[at : at + _IN_A_ROW]) for at in range(0, len(items), _IN_A_ROW))
    yield (visit.press(desk("My view"), "shtabview", own), visit.press(desk("Agreed: an action"), "shtabact", own))
    yield (
        visit.press(desk("I agree"), "shtabsign", _with(own, f"y{table.changed}")),
        visit.press(desk("I see it differently"), "shtabsign", _with(own, f"n{table.changed}")),
    )
    yield (visit.press(desk("Another round table"), "shtabplan", own),)


def _with(ask: Ask, more: str) -> Ask:
    return replace(ask, argument=ask.argument + more)


async def _say(
    visit: Visit,
    shown: Shown,
    found: TableOfCase,
    said: Mapping[str, str],
    *done: Text,
    reminders: Reminders | None = None,
) -> None:
    """Say it at the table, and show that anew."""
    row = await visit.act(shown, SayAtTable(found.share, said, reminders))
    visit.place.asking = visit.place.loose = None
    after = replace(shown, view=replace(shown.view, row=row))
    visit.place.shown = after
    await _show(visit, after, found.share.id, *done)


async def ask_plan(visit: Visit, ask: Ask) -> None:
    """Ask for the day."""
    both = await _found(visit, ask)
    if both is not None:
        await _ask_plan(visit, *both)


async def _ask_plan(visit: Visit, shown: Shown, found: TableOfCase, *first: Text) -> None:
    said = desk(
        "When do you meet {name}? Type the day, with a time if you like: 12.6.2027 14:30", name=found.partner.name
    )
    await prompts.for_text(visit, "shtabplan", shown, *first, said, argument=found.share.id[:_ID])


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Plan it; a day that does not do is asked for again."""
    both = await _found(visit, ask)
    if both is None:
        return
    words, time = split_time(text)
    day = working_days.read_day(words, _hours(visit, both[0]), visit.now())
    if not isinstance(day, date):
        await _ask_plan(visit, *both, WHY_NOT[day])
        return
    done = desk("Planned. {name} is told that something waits, and not what.", name=both[1].partner.name)
    await _say(visit, *both, {"kind": "plan", "on": day.isoformat(), "time": time}, done)


async def put_item(visit: Visit, ask: Ask) -> None:
    """Put an open action on the agenda, by its words alone: the partner reads it, and not whose it is."""
    both = await _found(visit, ask)
    if both is None:
        return
    meant = [one for one in both[0].view.row.actions if str(one.number) == ask.argument[_ID:]]
    if not meant:
        await _show(visit, both[0], ask.argument, desk("That has ended already."))
        return
    done = desk("It is on the agenda: {name} can read it.", name=both[1].partner.name)
    await _say(visit, *both, {"kind": "item", "action": meant[0].text}, done)


async def ask_view(visit: Visit, ask: Ask) -> None:
    """Ask for her view."""
    both = await _found(visit, ask)
    if both is not None:
        said = desk("How do you see it? Type it; {name} reads it.", name=both[1].partner.name)
        await prompts.for_text(visit, "shtabview", both[0], said, argument=both[1].share.id[:_ID])


async def view_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Keep her view in the place of the one before; more than 1,000 characters are asked for again."""
    both = await _found(visit, ask)
    if both is None:
        return
    words = await _short(visit, "shtabview", both, text, LONGEST_VIEW)
    if words is not None:
        await _say(visit, *both, {"kind": "view", "note": words}, desk("Kept as your view."))


async def _short(visit: Visit, verb: str, both: tuple[Shown, TableOfCase], text: str, most: int) -> str | None:
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    said = desk("That is too long: at most {count} characters, please.", count=most)
    await prompts.for_text(visit, verb, both[0], said, argument=both[1].share.id[:_ID])
    return None


async def ask_agreed(visit: Visit, ask: Ask) -> None:
    """Ask what was agreed."""
    both = await _found(visit, ask)
    if both is not None:
        said = desk("What is agreed? Type one step; {name} reads it.", name=both[1].partner.name)
        await prompts.for_text(visit, "shtabact", both[0], said, argument=both[1].share.id[:_ID])


async def agreed_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Take what is agreed, and ask who does it: a lead of the case, or the partner."""
    both = await _found(visit, ask)
    if both is None:
        return
    words = await _short(visit, "shtabact", both, text, LONGEST)
    if words is None:
        return
    shown, found = both
    own = found.share.id[:_ID]
    visit.place.asking = AskText("shtabact", about(shown, own + words))
    rows = tuple(
        (visit.press(Text("{name}", "desk", {"name": one.name}), "shtabdoer", about(shown, own + mark(one.id))),)
        for one in (found.partner, *shown.view.recipients)
    )
    await visit.show(Screen((desk("Who does it?"),), (*rows, prompts.back(visit, shown)), verbatim=words))


async def doer(visit: Visit, ask: Ask) -> None:
    """Ask by when."""
    asking = visit.place.asking
    words = asking.ask.argument[_ID:] if isinstance(asking, AskText) and asking.verb == "shtabact" else ""
    both = await _found(visit, ask)
    if both is None:
        return
    who = marked((both[1].partner, *both[0].view.recipients), Ask(argument=ask.argument[_ID:]))
    if who is None or not words:
        await _show(visit, both[0], ask.argument)
        return
    await _ask_day(visit, *both, mark(who.id) + words)


async def _ask_day(visit: Visit, shown: Shown, found: TableOfCase, kept: str, *first: Text) -> None:
    said = desk("By when? Type the day, such as 12.6.2027, or 12.6. for the next one.")
    argument = found.share.id[:_ID] + kept
    await prompts.for_text(visit, "shtabdoer", shown, *first, said, argument=argument, verbatim=kept[_MARK:])


async def due_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Agree on it for the day that was typed; for a lead it is an action of the case with that."""
    both = await _found(visit, ask)
    if both is None:
        return
    shown, found = both
    kept, hours = ask.argument[_ID:], _hours(visit, shown)
    who = marked((found.partner, *shown.view.recipients), Ask(argument=kept[:_MARK]))
    day = working_days.read_day(text, hours, visit.now())
    if who is None:
        await _show(visit, shown, ask.argument)
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
    await _say(visit, shown, found, said, done, reminders=working_days.reminders(hours, day, visit.now()))


async def sign(visit: Visit, ask: Ask) -> None:
    """Sign that she agrees, or sees it differently, with what was shown; where it changed since, nothing is signed."""
    both = await _found(visit, ask)
    if both is None:
        return
    agrees, upto = ask.argument[_ID : _ID + 1] == "y", ask.argument[_ID + 1 :]
    said = {"kind": "sign", "answer": "agrees" if agrees else "differs", "upto": upto}
    differently = desk("Signed: I see it differently. Say why as your view, if you like.")
    await _say(visit, *both, said, desk("Signed: I agree.") if agrees else differently)


def _hours(visit: Visit, shown: Shown) -> Hours | None:
    return visit.deps.hours.get(shown.view.row.site)
