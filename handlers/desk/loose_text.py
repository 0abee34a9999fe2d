"""What is typed at the desk: it answers what was asked, or it is loose; a loose text is never sent to anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from flows.screens import Screen
from handlers.desk import (
    case_card,
    close,
    copying,
    curtain,
    join,
    label,
    mistyped,
    note,
    offering,
    readers,
    reply,
    status,
    told,
    unlock,
    urgency,
)
from handlers.desk.buttons import Ask
from handlers.desk.place import (
    AskCode,
    AskFactors,
    AskFirstCode,
    Asking,
    AskName,
    AskNewPassphrase,
    AskPin,
    AskText,
    Loose,
)
from handlers.desk.visit import Visit, desk
from storage.refusals import Conflict, Unavailable

#: What a text goes with, by the verb that asked for it.
_TYPED: Final[Mapping[str, Callable[[Visit, Ask, str], Awaitable[None]]]] = {
    "note": note.typed,
    "reply": reply.typed,
    "label": label.typed,
    "urge": urgency.typed,
    "end": close.typed,
    "reopen": close.reopen_typed,
    "copy": copying.typed,
    "move": status.typed,
    "let": readers.typed,
}


async def heard(visit: Visit, text: str) -> None:
    """Delete what was typed, then take it for what was asked; behind the curtain it is a PIN."""
    await visit.forget_typed()
    if visit.store.leads.curtained(visit.address):
        await curtain.lift(visit, text)
        return
    asked, visit.place.asking = visit.place.asking, None
    try:
        await _taken(visit, asked, text.strip())
    except (Conflict, Unavailable):
        # Taken up anew, now or by typing it again: it has to find what was asked.
        visit.place.asking = asked
        raise


async def throw_away(visit: Visit, ask: Ask) -> None:
    """The button [Throw away]."""
    visit.place.loose = None
    await case_card.case(visit, ask)


async def again(visit: Visit, ask: Ask) -> None:
    """The button [My words again], after the case changed: it is opened anew, and the words are offered anew."""
    words = visit.place.loose
    shown = await case_card.look(visit, ask.reference)
    if words is None or not words.text:
        await case_card.show(visit, shown)
        return
    await offering.offer(visit, shown, words.text)


async def not_text(visit: Visit) -> None:
    """A picture, a voice message, a file, a change to what was written: deleted, never fetched, and not taken."""
    await visit.forget_typed()
    await visit.add(Screen((desk("Only new messages in words are taken here. That was not opened, and is deleted."),)))


async def _taken(visit: Visit, asked: Asking | None, text: str) -> None:
    match asked:
        case AskCode():
            await join.code_typed(visit, text)
        case AskNewPassphrase():
            visit.place.asking = asked
            await join.passphrase_typed(visit, asked, text)
        case AskFirstCode():
            visit.place.asking = asked
            await join.first_code_typed(visit, text)
        case AskName():
            await unlock.name_typed(visit, text)
        case AskFactors():
            await unlock.factors_typed(visit, asked, text)
        case AskText(verb, ask) if text:
            visit.session()
            # Kept while it is tried, so that it is not lost if the case changed meanwhile.
            visit.place.loose = Loose(text)
            await _TYPED[verb](visit, ask, text)
        case AskPin() if await curtain.pin_typed(visit, text):
            return
        case _:
            await _offer(visit, text)


async def _offer(visit: Visit, text: str) -> None:
    """What may become of a loose text."""
    if visit.store.leads.session(visit.address) is None:
        await visit.show(told.locked())
        return
    shown = visit.place.shown
    meant = mistyped.command_meant(visit, text)
    if meant is not None:
        await offering.offer_command(visit, shown, text, *meant)
        return
    if shown is None:
        queue = (visit.press(desk("Queue"), "queue"), visit.press(desk("Brief"), "brief"))
        await visit.show(Screen((desk("No case is open, so your words were not kept and went to nobody."),), (queue,)))
        return
    await offering.offer(visit, shown, text)
