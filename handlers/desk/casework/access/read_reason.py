"""Why a lead opens a case that is for others first: asked once a session, by a button or in her own words.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.case import case_card
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk

#: Longest reason, in characters: it stands in one line of the history.
LONGEST: Final = 300
#: The usual ones, by what their buttons hold. The sentence is kept, as it was shown.
_USUAL: Final[Mapping[str, Text]] = {
    "called": desk("Nobody has answered yet"),
    "instead": desk("I stand in for a colleague"),
    "asked": desk("A colleague asked me to look"),
    "check": desk("I check how it is handled"),
}


async def ask(visit: Visit, reference: str) -> None:
    """Ask for it; nothing of the case is shown, and nothing is logged yet."""
    visit.place.asking = AskText("why", Ask(reference))
    rows = tuple((visit.press(label, "why", Ask(reference, None, code)),) for code, label in _USUAL.items())
    said = (
        desk("{reference} is for others first. Why do you open it?", reference=reference),
        desk("Tap a reason, or type your own. It stands in the history, and a colleague sees it on Monday."),
    )
    visit.place.walked.setdefault(reference, True)  # [Next case] goes on from here, and comes back to it later
    leave = (visit.press(desk("Next case"), "next"), visit.press(desk("Queue"), "queue"))
    await visit.show(Screen(said, (*rows, leave)))


async def chosen(visit: Visit, ask: Ask) -> None:
    """A button with one of the usual reasons; any other opens nothing, and it is asked again."""
    reason = _USUAL.get(ask.argument)
    await _opened(visit, ask, "" if reason is None else visit.translator.say(reason))


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Her own words; a longer text is asked for again."""
    words = " ".join(text.split())
    if len(words) > LONGEST:
        visit.place.asking = AskText("why", ask)
        await visit.add(Screen((desk("That is too long: at most {count} characters, please.", count=LONGEST),)))
        return
    visit.place.loose = None
    await _opened(visit, ask, words)


async def _opened(visit: Visit, ask: Ask, reason: str) -> None:
    visit.place.asking = None
    await case_card.show(visit, await case_card.look(visit, ask.reference, reason))
