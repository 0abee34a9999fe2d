"""[Next case]: from one case straight to the one after it in the queue."""

from __future__ import annotations

from handlers.desk import brief, case_card, queue
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def ahead(visit: Visit, ask: Ask) -> None:
    """Open the case after this one; after the last, the brief."""
    shown = visit.place.shown
    visit.place.asking = None
    row = await queue.following(visit, ask.reference or (shown.reference if shown else ""))
    if row is not None:
        await case_card.show(visit, await case_card.look(visit, row.reference))
        return
    visit.place.shown = visit.place.loose = None
    await visit.show(await brief.screen(visit, desk("That was the last one in the queue.")))
