"""`/note`, words that only leads read, and `/label`, a few sealed words by which leads know a case.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from storage.deeds.triage import SetLabel
from storage.deeds.words import AddNote

#: Characters of a label: it has to fit a line of the queue.
LONGEST: Final = 60


async def label(visit: Visit, ask: Ask) -> None:
    """Ask for the label; one that was typed after the command is set."""
    ask, words = prompts.with_words(ask)
    if words:
        await visit.forget_typed()
        await typed_label(visit, ask, words)
        return
    shown = await prompts.case_for(visit, "label", ask)
    if shown is not None:
        said = desk("Type a label of at most {count} characters. It is sealed like the case.", count=LONGEST)
        await prompts.for_text(visit, "label", shown, said)


async def typed_label(visit: Visit, ask: Ask, text: str) -> None:
    """Set it; a longer one is asked for again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    words = await prompts.short_enough(visit, "label", shown, text, LONGEST)
    if words is None:
        return
    done = await visit.act(shown, SetLabel(words))
    await case_card.changed(visit, done, desk("The label is set."))


async def note(visit: Visit, ask: Ask) -> None:
    """Ask for the note; one that was typed after the command is offered like any loose text."""
    ask, words = prompts.with_words(ask)
    shown = await prompts.case_for(visit, "note", ask)
    if shown is not None and words:
        await prompts.offer(visit, shown, words)
    elif shown is not None:
        await prompts.for_text(visit, "note", shown, desk("Type the note. Only leads read it, never the reporter."))


async def typed_note(visit: Visit, ask: Ask, text: str) -> None:
    """Keep the note."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    done = await visit.act(shown, AddNote(text))
    visit.place.loose = None
    await case_card.changed(visit, done, desk("The note is kept. Only leads read it."))


async def keep_loose(visit: Visit, ask: Ask) -> None:
    """The button [Note, leads only] under a loose text; one of an earlier text shows the case instead."""
    loose = visit.place.loose
    if loose is None or loose.mark != ask.argument:
        await case_card.case(visit, ask)
        return
    await typed_note(visit, ask, loose.text)
