"""`/note`: words that only leads read."""

from __future__ import annotations

from handlers.desk import asks, case_card, offering
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def note(visit: Visit, ask: Ask) -> None:
    """Ask for the note; one that was typed after the command is offered like any loose text."""
    ask, words = asks.with_words(ask)
    shown = await asks.case_for(visit, "note", ask)
    if shown is not None and words:
        await offering.offer(visit, shown, words)
    elif shown is not None:
        await asks.for_text(visit, "note", shown, desk("Type the note. Only leads read it, never the reporter."))


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Keep the note."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    done = await visit.store.desk.note(visit.session(), visit.arrival, shown.case, row.version, text=text)
    visit.place.loose = None
    await case_card.changed(visit, done, desk("The note is kept. Only leads read it."))


async def keep_loose(visit: Visit, ask: Ask) -> None:
    """The button [Note, leads only] under a loose text."""
    loose = visit.place.loose
    if loose is None or loose.mark != ask.argument:
        await case_card.case(visit, ask)
        return
    await typed(visit, ask, loose.text)
