"""[Next case]: from one case straight to the most urgent one that she has not looked at yet."""

from __future__ import annotations

from handlers.desk import brief, case_card, queue
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def ahead(visit: Visit, _: Ask) -> None:
    """Open the next case; after the last, the brief, from where it begins again."""
    visit.place.asking = None
    await visit.heed()
    row = await queue.following(visit)
    if row is not None:
        await case_card.show(visit, await case_card.look(visit, row.reference))
        return
    visit.place.shown = visit.place.loose = None
    visit.place.walked.clear()
    await visit.show(await brief.screen(visit, desk("That was the last one in the queue.")))
