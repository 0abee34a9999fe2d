"""The second lead of a share that takes two: reads the very same that the partner would read, and says so too.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import replace

from flows.values.screen import Screen
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.casework.actions.status import clocks_of
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.partnership.sharing import preview
from handlers.desk.partnership.sharing.preview import card
from storage.deeds.sharing.share import ShareProposed
from storage.values.errors import NotOffered


async def look(visit: Visit, ask: Ask) -> None:
    """Show what a colleague would share, as its partner would see it, with the way to say so too."""
    found = await _proposed(visit, ask)
    if found is None:
        return
    shown, one = found
    if await prompts.words_first(visit, shown):
        return
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    by = names.get(one.by, "?")
    said = [
        desk("{name} would share this. Read it to the end: is all of it needed, and by this person?", name=by),
        preview.stated(one.deed.basis, one.deed.told),
    ]
    if one.deed.why:
        said.append(desk("Why the child is not told: “{words}”", words=one.deed.why))
    yes = visit.press(desk("Yes, share it"), "sharetwo", about(shown, one.deed.meaning), rank="main")
    await visit.show(card(one.deed.content, ((yes,), prompts.back(visit, shown)), *said))


async def ask_code(visit: Visit, ask: Ask) -> None:
    """Ask for a fresh code, before it is shared."""
    found = await _proposed(visit, ask)
    if found is None:
        return
    shown, one = found
    name = one.deed.content.partner
    said = desk("{reference}: a part of it for {name}.", reference=shown.reference, name=name)
    await second_word.ask(visit, "sharetwo", ask, "", Screen((said,), (prompts.back(visit, shown),)))


async def confirmed(visit: Visit, ask: Ask, _: str) -> None:
    """Say the second word, after a fresh code: it is shared as it was shown."""
    found = await _proposed(visit, ask)
    if found is None:
        return
    shown, one = found
    row, content = shown.view.row, one.deed.content
    wanted = clocks_of(visit, row.site, row.urgency).act_by
    by = None if wanted is None else min(wanted, content.until)
    try:
        done = await visit.act(shown, replace(one.deed, content=replace(content, answer_by=by)))
    except NotOffered:
        said = desk("That does not stand any more, so nothing was shared. Please begin again: /share")
        await visit.show(Screen((said,), (prompts.back(visit, shown),)))
        return
    said = desk("Shared with {name}. You are told when there is an answer.", name=content.partner)
    await case_card.changed(visit, done, said)


async def _proposed(visit: Visit, ask: Ask) -> tuple[Shown, ShareProposed] | None:
    """The case on the screen, and what is meant of it; None, and the card is shown, where that does not stand."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return None
    known = await visit.store.desk.shares.read(visit.session(), shown.case)
    one = next((one for one in known.proposed if one.deed.meaning == ask.argument), None)
    if one is None:
        await case_card.show(visit, shown)
        return None
    return shown, one
