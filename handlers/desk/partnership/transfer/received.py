"""`/received`: the other side's receipt for a case that was handed over, checked; the case is over here by it.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.values.text import Text
from handlers.desk.case import case_card, kept_until
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.deeds.leaving.transfer import TakeReceipt
from storage.values.errors import NotOffered


async def received(visit: Visit, ask: Ask) -> None:
    """Ask for the receipt; one that was pasted after the command is taken."""
    ask, words = prompts.with_words(ask)
    shown = await prompts.case_for(visit, "received", ask)
    if shown is None:
        return
    if words:
        await typed(visit, about(shown), words)
        return
    if not await prompts.words_first(visit, shown):
        await _ask(visit, shown)


async def _ask(visit: Visit, shown: Shown, *first: Text) -> None:
    said = desk("{reference}: paste the receipt that the other school's Hark gave.", reference=shown.reference)
    await prompts.for_text(visit, "received", shown, *first, said)


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Check it, and end the case; what is no receipt for its file is asked for once more."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    until = kept_until.until_of(kept_until.kept(visit, shown.view.row, ""))
    try:
        done = await visit.act(shown, TakeReceipt(text, until))
    except NotOffered:
        said = desk("That is no receipt for this case: it was cut or mistyped, or is for another file.")
        await _ask(visit, shown, said)
        return
    visit.place.loose = None
    said = desk("It has come, and the receipt is theirs. The case is over here; it is kept like a closed one.")
    await case_card.changed(visit, done, said, onward=True)
