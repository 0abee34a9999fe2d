"""A round table on a share, as leads hold it: the day, the agenda, each view, what is agreed, and who signs.

Everything that is said at it is read by the partner; the open actions of the case are not, but for those that a lead
puts on the agenda one by one.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from flows.duty import working_days
from flows.duty.hours import Hours
from flows.duty.working_days import Reminders
from flows.together.share_table import LONGEST_VIEW, ShareTable, split_time
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording import table_lines
from handlers.desk.chat.wording.labels import WHY_NOT
from storage.deeds.sharing.round_table import SayAtTable
from storage.desk.partnership.sharing.case_shares import TableOfCase
from storage.values import OpenAction

#: Characters of a share's id that stand on buttons: within one case they are enough.
ID: Final = 8
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
        await show(visit, shown, ask.argument)


async def meant(visit: Visit, ask: Ask) -> tuple[Shown, TableOfCase] | None:
    """Give the case on the screen with the table that is meant; None, and what is shared is shown, without it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    found = await visit.store.desk.shares.table(visit.session(), shown.case, ask.argument[:ID])
    if found is None:
        await _gone(visit, shown)
        return None
    return shown, found


async def _gone(visit: Visit, shown: Shown) -> None:
    said = desk("There is no round table with that partner, or what was shared has ended.")
    back = (visit.press(desk("Share"), "share", about(shown)),)
    await visit.show(Screen((said,), (back, prompts.back(visit, shown))))


async def show(visit: Visit, shown: Shown, which: str, *first: Text) -> None:
    """Show the round table on a share, by how its id begins."""
    visit.place.asking = visit.place.loose = None
    found = await visit.store.desk.shares.table(visit.session(), shown.case, which[:ID])
    if found is None:
        await _gone(visit, shown)
        return
    table, name = found.table, found.partner.name
    said = [*first, desk("Round table with {name}, who reads all of what is below.", name=name)]
    said += table_lines.lines(table) if table is not None else [desk("None is planned yet.")]
    if table is not None:
        said += _unshown(shown, found, table)
    if found.two:
        said.append(desk("👥 It takes two of you: she reads nothing of it before a second lead says so too."))
    by, names = visit.session().lead.id, [one.one.name for one in found.proposed]
    said += [desk("⚠ {by} would say something here. That takes a second lead.", by=name) for name in names]
    others = [one for one in found.proposed if one.one.by != by][-_IN_A_ROW:]
    own = about(shown, found.share.id[:ID])
    looks = tuple(
        visit.press(desk("Look at it: {name}", name=one.one.name), "shtablook", _with(own, str(one.number)))
        for one in others
    )
    rows = (*((looks,) if looks else ()), *_rows(visit, shown, found))
    await visit.show(Screen(tuple(said), (*rows, prompts.back(visit, shown))))


def _unshown(shown: Shown, found: TableOfCase, table: ShareTable) -> Iterator[Text]:
    """What is open in the case and not on the agenda: for leads alone."""
    for number, one in enumerate(_left(shown, found, table), 1):
        yield desk("Only leads see, {number}: {what}", number=number, what=one.text)


def _left(shown: Shown, found: TableOfCase, table: ShareTable) -> list[OpenAction]:
    agreed = {one.what for one in table.agreed}
    open_ones = [one for one in shown.view.row.actions if one.text and one.text not in {*table.agenda, *agreed}]
    return open_ones[: _IN_A_ROW if found.proposed else _ITEMS]


def _rows(visit: Visit, shown: Shown, found: TableOfCase) -> Iterator[Row]:
    own, table = about(shown, found.share.id[:ID]), found.table
    if table is None:
        yield (visit.press(desk("Plan a round table"), "shtabplan", own, rank="main"),)
        return
    items = [
        visit.press(desk("Show {number}", number=number), "shtabitem", _with(own, str(one.number)))
        for number, one in enumerate(_left(shown, found, table), 1)
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


async def say(
    visit: Visit,
    shown: Shown,
    found: TableOfCase,
    said: Mapping[str, str],
    *done: Text,
    reminders: Reminders | None = None,
    first: int = 0,
    coded: bool = False,
) -> None:
    """Say it at the table, and show that anew; where it takes two, a fresh code is asked for first.

    Args:
        visit: The update at the desk.
        shown: The case.
        found: The table.
        said: As `SayAtTable` takes it.
        done: What is said once it is done.
        reminders: Likewise.
        first: Likewise, where it completes a colleague's word.
        coded: Whether a fresh code was given for it: then it is one of two words.
    """
    if found.two and said["kind"] != "sign" and not coded:
        asked = desk("It takes two of you to say this to {name}.", name=found.partner.name)
        ask, screen = about(shown, found.share.id[:ID]), Screen((asked,), (prompts.back(visit, shown),))
        await second_word.ask(visit, "shtabtwo", ask, json.dumps(dict(said)), screen)
        return
    row = await visit.act(shown, SayAtTable(found.share, said, reminders, two=coded, first=first))
    visit.place.asking = visit.place.loose = None
    after = replace(shown, view=replace(shown.view, row=row))
    visit.place.shown = after
    await show(visit, after, found.share.id, *done)


async def ask_plan(visit: Visit, ask: Ask) -> None:
    """Ask for the day."""
    both = await meant(visit, ask)
    if both is not None:
        await _ask_plan(visit, *both)


async def _ask_plan(visit: Visit, shown: Shown, found: TableOfCase, *first: Text) -> None:
    said = desk(
        "When do you meet {name}? Type the day, with a time if you like: 12.6.2027 14:30", name=found.partner.name
    )
    await prompts.for_text(visit, "shtabplan", shown, *first, said, argument=found.share.id[:ID])


async def day_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Plan it; a day that does not do is asked for again."""
    both = await meant(visit, ask)
    if both is None:
        return
    words, time = split_time(text)
    day = working_days.read_day(words, hours_of(visit, both[0]), visit.now())
    if not isinstance(day, date):
        await _ask_plan(visit, *both, WHY_NOT[day])
        return
    done = desk("Planned. {name} is told that something waits, and not what.", name=both[1].partner.name)
    await say(visit, *both, {"kind": "plan", "on": day.isoformat(), "time": time}, done)


async def put_item(visit: Visit, ask: Ask) -> None:
    """Put an open action on the agenda, by its words alone: the partner reads it, and not whose it is."""
    both = await meant(visit, ask)
    if both is None:
        return
    items = [one for one in both[0].view.row.actions if str(one.number) == ask.argument[ID:]]
    if not items:
        await show(visit, both[0], ask.argument, desk("That has ended already."))
        return
    done = desk("It is on the agenda: {name} can read it.", name=both[1].partner.name)
    await say(visit, *both, {"kind": "item", "action": items[0].text}, done)


async def ask_view(visit: Visit, ask: Ask) -> None:
    """Ask for her view."""
    both = await meant(visit, ask)
    if both is not None:
        said = desk("How do you see it? Type it; {name} reads it.", name=both[1].partner.name)
        await prompts.for_text(visit, "shtabview", both[0], said, argument=both[1].share.id[:ID])


async def view_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Keep her view in the place of the one before; more than 1,000 characters are asked for again."""
    both = await meant(visit, ask)
    if both is None:
        return
    words = await short(visit, "shtabview", both, text, LONGEST_VIEW)
    if words is not None:
        await say(visit, *both, {"kind": "view", "note": words}, desk("Kept as your view."))


async def short(visit: Visit, verb: str, both: tuple[Shown, TableOfCase], text: str, most: int) -> str | None:
    """Give a text on one line; None where it is too long, and it is asked for again with `verb`."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    said = desk("That is too long: at most {count} characters, please.", count=most)
    await prompts.for_text(visit, verb, both[0], said, argument=both[1].share.id[:ID])
    return None


async def sign(visit: Visit, ask: Ask) -> None:
    """Sign that she agrees, or sees it differently, with what was shown; where it changed since, nothing is signed."""
    both = await meant(visit, ask)
    if both is None:
        return
    agrees, upto = ask.argument[ID : ID + 1] == "y", ask.argument[ID + 1 :]
    said = {"kind": "sign", "answer": "agrees" if agrees else "differs", "upto": upto}
    differently = desk("Signed: I see it differently. Say why as your view, if you like.")
    await say(visit, *both, said, desk("Signed: I agree.") if agrees else differently)


def hours_of(visit: Visit, shown: Shown) -> Hours | None:
    """Give the hours of the site of the case."""
    return visit.deps.hours.get(shown.view.row.site)
