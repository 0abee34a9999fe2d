"""What every action begins with: which case, as it was shown, and a text that is asked for; and [More].

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.case import case_card, queue, words
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText, Loose, Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.telegram.updates import Button

#: What a reference looks like: six letters and digits, without those that are taken for each other.
REFERENCE: Final = re.compile(r"[2-9A-HJ-NP-Z]{6}", re.IGNORECASE)


def with_words(ask: Ask) -> tuple[Ask, str]:
    """The case that is meant, and the words that were typed after a command; a reference comes before them.

    Args:
        ask: `argument` is what was typed. Without a reference at its beginning all of it is words, for the case on the
            screen.
    """
    first, *rest = ask.argument.split(maxsplit=1) or [""]
    if REFERENCE.fullmatch(first):
        return Ask(first), "".join(rest).strip()
    return replace(ask, argument=""), ask.argument.strip()


async def case_for(visit: Visit, verb: str, ask: Ask) -> Shown | None:
    """The case that an action is meant for; None, and it is asked for by buttons, if there is none.

    A reference may be typed after the command. Raises `NoSuchCase` and `SessionOver`.
    """
    await visit.forget_typed()
    if not ask.reference and ask.argument and not isinstance(visit.incoming.what, Button):
        ask = Ask(ask.argument.strip())
    found = await case_card.target(visit, ask)
    if found is None:
        await queue.pick(visit, verb)
        return None
    return found[0]


async def for_text(
    visit: Visit,
    verb: str,
    shown: Shown,
    *said: Text,
    rows: tuple[Row, ...] = (),
    argument: str = "",
    verbatim: str | None = None,
) -> None:
    """Ask for a text that then goes with `verb` on the case as shown; nothing is done yet.

    Args:
        visit: The update at the desk.
        verb: One of `free_text._TYPED`.
        shown: The case, at the version that the text will be for.
        said: What is asked.
        rows: Buttons above [Back to the case].
        argument: Kept for whoever takes the text.
        verbatim: What people wrote, shown as it is.
    """
    visit.place.asking = AskText(verb, about(shown, argument))
    await visit.show(Screen(said, (*rows, back(visit, shown)), verbatim=verbatim))


async def short_enough(visit: Visit, verb: str, shown: Shown, text: str, most: int) -> str | None:
    """Give a text on one line; one of more than `most` characters is asked for again with `verb`, and None is given."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    await for_text(visit, verb, shown, desk("That is too long: at most {count} characters, please.", count=most))
    return None


async def by_buttons(visit: Visit, shown: Shown, choices: tuple[tuple[Text, str, str], ...], *said: Text) -> None:
    """Ask by buttons, two in a row; each choice is a label, a verb and its argument."""
    presses = tuple(visit.press(label, verb, about(shown, argument)) for label, verb, argument in choices)
    rows = tuple(presses[start : start + 2] for start in range(0, len(presses), 2))
    await visit.show(Screen(said, (*rows, back(visit, shown))))


async def words_first(visit: Visit, shown: Shown) -> bool:
    """Refuse what ends a case while words of the reporter are unread, with the way to them; false if none are.

    Storage refuses it as well (`Stale`): this says so before a reason is typed.
    """
    unread = words.unread(visit, shown)
    if unread is None:
        return False
    await visit.show(Screen((*messages.changed(()), unread), (case_card.read_words(visit, shown), back(visit, shown))))
    return True


def back(visit: Visit, shown: Shown) -> Row:
    """The way back to the card."""
    return (visit.press(desk("Back to the case"), "open", about(shown)),)


async def offer(visit: Visit, shown: Shown, text: str) -> None:
    """Show `text` with what can be done with it in the case on the screen; it is kept in memory until one is chosen."""
    rows = _ways(visit, shown, text)
    said = desk("This has gone to nobody. What should become of it, in {reference}?", reference=shown.reference)
    await visit.show(Screen((said,), rows, verbatim=text))


async def offer_command(visit: Visit, shown: Shown | None, text: str, label: Text, rows: tuple[Row, ...]) -> None:
    """Offer the command that `text` reads as, first; then what else can become of it, if a case is on the screen."""
    said = desk("This has gone to nobody. Did you mean {command}?", command=label)
    others = (_leave(visit),) if shown is None else _ways(visit, shown, text)
    await visit.show(Screen((said,), (*rows, *others), verbatim=text))


def _leave(visit: Visit) -> Row:
    return (visit.press(desk("Queue"), "queue"), visit.press(desk("Brief"), "brief"))


def _ways(visit: Visit, shown: Shown, text: str) -> tuple[Row, ...]:
    visit.place.loose = Loose(text)
    ask = about(shown, visit.place.loose.mark)
    return (
        (visit.press(desk("Reply to reporter"), "preview", ask),),
        (visit.press(desk("Note, leads only"), "keep", ask),),
        (visit.press(desk("Throw away"), "drop", about(shown)),),
    )


async def more(visit: Visit, ask: Ask) -> None:
    """Offer them for the case on the screen."""
    shown = await case_for(visit, "more", ask)
    if shown is None:
        return
    choices = [
        (desk("Action"), "action", ""),
        (desk("Decide"), "decide", ""),
        (desk("Files"), "files", ""),
        (desk("People"), "people", ""),
        (desk("Timeline"), "timeline", ""),
        (desk("Link"), "tie", ""),
        (desk("Share"), "share", ""),
        (desk("Refer"), "refer", ""),
        (desk("Label"), "label", ""),
        (desk("Who may read"), "who", ""),
        (desk("Copy out"), "copy", ""),
        (desk("How long it is kept"), "retention", ""),
        (desk("Hand it out"), "export", ""),
        (desk("To another school"), "transfer", ""),
    ]
    await by_buttons(visit, shown, tuple(choices), desk("{reference}: what next?", reference=shown.reference))
