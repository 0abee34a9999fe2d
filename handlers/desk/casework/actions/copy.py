"""`/copy`: the words in one message that can be copied, for five minutes, with a reason, logged.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows.values.screen import Screen
from handlers.desk.case import case_card, words
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, desk
from storage.deeds.words import AddNote
from storage.values.errors import AlreadySeen

#: How long the unprotected message stays.
STAYS: Final = timedelta(minutes=5)


async def copy(visit: Visit, ask: Ask) -> None:
    """Ask for the reason."""
    shown = await prompts.case_for(visit, "copy", ask)
    if shown is not None:
        said = (
            desk("This shows the words in a message that can be copied. It is logged, with your name."),
            desk("Type the reason."),
        )
        await prompts.for_text(visit, "copy", shown, *said)


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Log the copy with its reason as a note, then show the words in a message that can be copied, for five minutes.

    The note and the copy are two turns. If the second fails, the note says of a copy that was never shown.
    """
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    session, row = visit.session(), shown.view.row
    # The reason is kept before anything is shown; as a turn of its own, since one update is one turn each.
    own = replace(visit.arrival, update_id=-visit.arrival.update_id)
    noted = f"/copy: {reason}"
    with contextlib.suppress(AlreadySeen):
        await visit.store.desk.act(session, own, row.id, row.version, AddNote(noted))
    view = await visit.store.desk.copy_case(session, visit.arrival, row.id)
    visit.place.shown = Shown(view, visit.now())
    visit.place.loose = None
    text = words.plain_words(view, visit.reasons, visit.translator)
    head = desk(
        "{reference}: this message can be copied for five minutes, then it is deleted.", reference=ask.reference
    )
    back = prompts.back(visit, visit.place.shown)
    await visit.show(Screen((desk("Logged: copied out."),), (back,)))

    async def seen() -> None:
        await visit.store.desk.words_shown(session, view.row, whole=True)

    await visit.send_copyable(Screen((head,), verbatim=text), STAYS, seen)
