"""What is said at a round table where sharing with its partner takes two: a second lead reads it and says so too.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import json
from datetime import date

from flows.duty import working_days
from flows.duty.working_days import Reminders
from flows.values.screen import Screen
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording import table_lines
from handlers.desk.partnership.round_table import share_table
from storage.deeds.sharing.round_table import ProposedAtTable
from storage.desk.partnership.sharing.case_shares import TableOfCase
from storage.values.errors import NotOffered


async def look(visit: Visit, ask: Ask) -> None:
    """Show what a colleague would say, as the partner would read it, with the way to say so too."""
    meant = await _meant(visit, ask)
    if meant is None:
        return
    shown, table, one = meant
    if await prompts.words_first(visit, shown):
        return
    name = table.partner.name
    said = desk("{by} would say this to {name}. Is it needed, and by this person?", by=one.one.name, name=name)
    yes = visit.press(desk("Yes, say it"), "shtabtwo", about(shown, ask.argument), rank="main")
    await visit.show(Screen((said, table_lines.one_said(one.one)), ((yes,), prompts.back(visit, shown))))


async def ask_code(visit: Visit, ask: Ask) -> None:
    """Ask for a fresh code, before it is said."""
    meant = await _meant(visit, ask)
    if meant is not None:
        shown, table, one = meant
        said = desk("To {name}, at the round table:", name=table.partner.name)
        screen = Screen((said, table_lines.one_said(one.one)), (prompts.back(visit, shown),))
        await second_word.ask(visit, "shtabtwo", ask, "", screen)


async def confirmed(visit: Visit, ask: Ask, words: str) -> None:
    """Say one's word after a fresh code: the first for `words`, which are JSON, or the second for what was shown."""
    if words:
        await _say_first(visit, ask, words)
    else:
        await _say_second(visit, ask)


async def _say_first(visit: Visit, ask: Ask, words: str) -> None:
    both = await share_table.meant(visit, ask)
    if both is not None:
        done = desk("Yours is noted. A second lead has to say so too within a day: /share")
        await share_table.say(visit, *both, json.loads(words), done, coded=True)


async def _say_second(visit: Visit, ask: Ask) -> None:
    meant = await _meant(visit, ask)
    if meant is None:
        return
    shown, table, one = meant
    done = desk("Said. {name} can read it now.", name=table.partner.name)
    when = _reminders(visit, shown, one)
    try:
        await share_table.say(visit, shown, table, one.one.said, done, reminders=when, first=one.number, coded=True)
    except NotOffered:
        await share_table.show(visit, shown, ask.argument, desk("That does not stand any more, so nothing was said."))


def _reminders(visit: Visit, shown: Shown, one: ProposedAtTable) -> Reminders | None:
    due = one.one.said.get("due")
    if due is None:
        return None
    return working_days.reminders(share_table.hours_of(visit, shown), date.fromisoformat(due), visit.now())


async def _meant(visit: Visit, ask: Ask) -> tuple[Shown, TableOfCase, ProposedAtTable] | None:
    """The case on the screen, the table, and what is meant of it; None, and it is shown, where that does not stand."""
    both = await share_table.meant(visit, ask)
    if both is None:
        return None
    shown, table = both
    one = next((each for each in table.proposed if str(each.number) == ask.argument[share_table.ID :]), None)
    if one is None:
        await share_table.show(visit, shown, ask.argument, desk("That does not stand any more."))
        return None
    return shown, table, one
