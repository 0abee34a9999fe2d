"""The fresh code that each of two people gives for a deed that is sensitive (decision 24): asked for, then the deed.

What was prepared is held in memory as it was shown. It is gone after five minutes, and with any command or button.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeAlias

from flows.values.normalise import digits
from flows.values.screen import Screen
from flows.values.text import Moment, Text
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskFreshCode
from handlers.desk.chat.visit import Visit, asking, desk
from handlers.telegram.updates import Button, Command
from storage.values.errors import Conflict, NotUnlocked, Throttled

#: How long a code is waited for.
WAITS: Final = timedelta(minutes=5)

#: Does what was prepared: on the case as it was shown, with the words that were typed before the code.
Prepared: TypeAlias = Callable[[Visit, Ask, str], Awaitable[None]]


async def ask(visit: Visit, verb: str, ask: Ask, words: str, what: Screen) -> None:
    """Say what is to be done, and ask for a code; nothing is done yet.

    Args:
        visit: The update at the desk.
        verb: One of `free_text._CONFIRMED`.
        ask: What it is done to, as it was shown.
        words: What was typed for it, such as a reason; held in memory alone.
        what: What is to be done, with the way back.
    """
    two = desk("It takes two of you within a day, each with a code from the authenticator.")
    await visit.show(replace(what, paragraphs=(*what.paragraphs, two)))
    await _ask(visit, AskFreshCode(verb, ask, visit.now() + WAITS, words))


async def code_typed(visit: Visit, asked: AskFreshCode, typed: str, run: Prepared) -> None:
    """Take a code, and do what was prepared once it served. It takes this update's one turn.

    What is not digits alone counts as no try. After a wrong code it is asked for again, as long as there is time.
    """
    session = visit.session()
    if visit.now() >= asked.until:
        said = desk("The time for the code is over. Nothing was done.")
        await visit.show(Screen((said,), ((visit.press(desk("Brief"), "brief"),),)))
        return
    code = digits(typed)
    if not code:
        await _ask(visit, asked, desk("Nothing was done yet. That was no code, and it was not kept."))
        return
    try:
        await visit.store.leads.fresh_code(session, visit.arrival, code)
    except NotUnlocked:
        await _ask(visit, asked, desk("That code did not serve. Each works once: please type the one shown now."))
    except Throttled as throttled:
        until = Moment(throttled.until, "time")
        await _ask(visit, asked, *messages.throttled(until).paragraphs)
    else:
        await _run(visit, asked, run)


async def _run(visit: Visit, asked: AskFreshCode, run: Prepared) -> None:
    """Do it; the update is on disk with its code, so whoever was not quick enough is asked for the next code."""
    kept = replace(visit.incoming, arrival=replace(visit.incoming.arrival, kept=True))
    try:
        await run(replace(visit, incoming=kept), asked.ask, asked.words)
    except Conflict:
        await _ask(visit, asked, desk("Something else changed at the same moment, so nothing was done. Once more:"))


def drop(visit: Visit) -> None:
    """Forget what was prepared where something else is done in the chat than typing the code."""
    if isinstance(visit.place.asking, AskFreshCode) and isinstance(visit.incoming.what, Command | Button):
        visit.place.asking = None


async def _ask(visit: Visit, asked: AskFreshCode, *first: Text) -> None:
    visit.place.asking = asked
    await visit.add(asking("one-time-code", *first, desk("Type a code from your authenticator")))
