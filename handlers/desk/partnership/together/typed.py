"""Words that are typed for working together: short enough, and without a name that Hark knows.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeAlias

from flows.duty import working_days
from flows.duty.hours import Hours
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import WHY_NOT

#: Asks for the same again, after a sentence that says why.
Again: TypeAlias = Callable[[Text], Awaitable[None]]

TOO_LONG = desk("That is too long: at most {count} characters, please.")
NAMED = desk(
    "That names somebody whom Hark knows. A given name alone counts too, also one that is a word, like Hope or Will. "
    "Please say it without names; what you typed is below."
)


async def words(visit: Visit, text: str, most: int, again: Again, *, people_only: bool = False) -> str | None:
    """Give a text on one line; None where it is too long or names somebody, and it is asked for again.

    Args:
        visit: The update at the desk.
        text: As it was typed.
        most: Characters.
        again: Asks anew.
        people_only: Whether leads and partners may be named.
    """
    said = " ".join(text.split())
    if len(said) > most:
        await again(desk(TOO_LONG.msgid, count=most))
        return None
    if await visit.store.together.known_names.are_in(visit.session(), said, people_only=people_only):
        await again(NAMED)
        return None
    visit.place.loose = None
    return said


async def ask(visit: Visit, verb: str, argument: str, *said: Text, rows: tuple[Row, ...] = ()) -> None:
    """Ask for a text that then goes with `verb`; what was typed before stands below, to be copied."""
    loose = visit.place.loose
    visit.place.asking = AskText(verb, Ask(argument=argument))
    await visit.show(Screen(said, rows, verbatim=loose.text if loose is not None and loose.text else None))


def hours(visit: Visit) -> Hours:
    """Give the hours of the lead's own site; every hour by its clock where it gave none."""
    return visit.deps.hours_of(visit.session().lead.site)


def today(visit: Visit) -> date:
    """Give the day at the lead's own site."""
    return working_days.today(hours(visit), visit.now())


async def day(visit: Visit, text: str, again: Again, *, working: bool) -> date | None:
    """Give a day that was typed; None where it does not do, and it is asked for again.

    Args:
        visit: The update at the desk.
        text: As it was typed.
        again: Asks anew.
        working: Whether somebody has to be there on it.
    """
    found = working_days.read_day(text, hours(visit) if working else None, visit.now())
    visit.place.loose = None
    if isinstance(found, date):
        return found
    await again(WHY_NOT[found])
    return None
