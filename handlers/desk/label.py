"""`/label`: a few sealed words by which leads know a case in the queue."""

from __future__ import annotations

from typing import Final

from handlers.desk import asks, case_card
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk

#: Characters of a label: it has to fit a line of the queue.
LONGEST: Final = 60


async def label(visit: Visit, ask: Ask) -> None:
    """Ask for the label; one that was typed after the command is set."""
    ask, words = asks.with_words(ask)
    if words:
        await visit.forget_typed()
        await typed(visit, ask, words)
        return
    shown = await asks.case_for(visit, "label", ask)
    if shown is not None:
        said = desk("Type a label of at most {count} characters. It is sealed like the case.", count=LONGEST)
        await asks.for_text(visit, "label", shown, said)


async def typed(visit: Visit, ask: Ask, text: str) -> None:
    """Set it; a longer one is asked for again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    words = " ".join(text.split())
    if len(words) > LONGEST:
        said = desk("That is too long: at most {count} characters, please.", count=LONGEST)
        await asks.for_text(visit, "label", shown, said)
        return
    row = shown.view.row
    done = await visit.store.desk.set_label(visit.session(), visit.arrival, shown.case, row.version, label=words)
    await case_card.changed(visit, done, desk("The label is set."))
