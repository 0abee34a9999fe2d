"""`/claim`, [I have this]: the case is hers, and its first clock stops, since a human has it."""

from __future__ import annotations

from handlers.desk import case_card
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def claim(visit: Visit, ask: Ask) -> None:
    """Claim the case as it was shown. One that was not on the screen is shown first, to be claimed with one tap."""
    await visit.forget_typed()
    if not ask.reference and ask.argument:
        ask = Ask(ask.argument.strip())
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    done = await visit.store.desk.claim(visit.session(), visit.arrival, shown.case, row.version)
    await case_card.changed(visit, done, desk("You have this case now."))
