"""What every action on a case begins with: which case, as it was shown; and a text that is asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from flows.screens import Row, Screen
from flows.texts import Text
from handlers.chat import Button
from handlers.desk import case_card, picking, told, words
from handlers.desk.buttons import Ask
from handlers.desk.place import AskText, Shown
from handlers.desk.visit import Visit, about, desk

#: What a reference looks like: six letters and digits, without those that are taken for each other.
REFERENCE: Final = re.compile(r"[2-9A-HJ-NP-Z]{6}", re.IGNORECASE)


def with_words(ask: Ask) -> tuple[Ask, str]:
    """The case that is meant, and the words that were typed after a command; a reference comes before them."""
    first, *rest = ask.argument.split(maxsplit=1) or [""]
    if REFERENCE.fullmatch(first):
        return Ask(first), "".join(rest).strip()
    return replace(ask, argument=""), ask.argument.strip()


async def case_for(visit: Visit, verb: str, ask: Ask) -> Shown | None:
    """The case that an action is meant for; None, and it is asked for by buttons, if there is none.

    A reference may be typed after the command. Raises `NoSuchCase` and `SessionOver`.
    """
    await visit.forget_typed()
    if not ask.reference and ask.argument and not isinstance(visit.arrived.what, Button):
        ask = Ask(ask.argument.strip())
    found = await case_card.target(visit, ask)
    if found is None:
        await picking.pick(visit, verb)
        return None
    return found[0]


async def for_text(
    visit: Visit, verb: str, shown: Shown, *said: Text, rows: tuple[Row, ...] = (), argument: str = ""
) -> None:
    """Ask for a text that then goes with `verb` on the case as shown; nothing is done yet."""
    visit.place.asking = AskText(verb, about(shown, argument))
    await visit.show(Screen(said, (*rows, back(visit, shown))))


async def by_buttons(visit: Visit, shown: Shown, choices: tuple[tuple[Text, str, str], ...], *said: Text) -> None:
    """Ask by buttons, two in a row; each choice is a label, a verb and its argument."""
    presses = tuple(visit.press(label, verb, about(shown, argument)) for label, verb, argument in choices)
    rows = tuple(presses[start : start + 2] for start in range(0, len(presses), 2))
    await visit.show(Screen(said, (*rows, back(visit, shown))))


async def words_first(visit: Visit, shown: Shown) -> bool:
    """Refuse what ends a case while words of the reporter are unread, with the way to them; false if none are."""
    unread = words.unread(visit, shown)
    if unread is None:
        return False
    await visit.show(Screen((*told.changed(()), unread), (case_card.read_words(visit, shown), back(visit, shown))))
    return True


def back(visit: Visit, shown: Shown) -> Row:
    """The way back to the card."""
    return (visit.press(desk("Back to the case"), "open", about(shown)),)
