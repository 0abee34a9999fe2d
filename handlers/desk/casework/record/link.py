"""`/link`: that two cases belong together, and how; seen by whoever reads both, and by nobody else.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.cases.people import LINKS
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts
from handlers.desk.casework.record import people
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from storage.desk.names.tying import Pair

_APART = desk("Not linked after all")


async def link(visit: Visit, ask: Ask) -> None:
    """Show what the case is linked to, and ask for the other one's reference."""
    shown = await prompts.case_for(visit, "tie", ask)
    if shown is None:
        return
    together = await visit.store.desk.names.together(visit.session(), shown.case, people.there(shown))
    said = (
        *people.linked(together),
        desk("Who can read both cases sees the link. Who can read one of them sees nothing of it."),
        desk("Type the reference of the case that belongs to {reference}.", reference=shown.reference),
    )
    await prompts.for_text(visit, "tie", shown, *said)


async def reference_typed(visit: Visit, ask: Ask, text: str) -> None:
    """Ask how they belong together, if the other case is this lead's too; else there is no such case."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    visit.place.loose = None
    reference = text.strip().upper().removeprefix("/CASE_")
    if not prompts.REFERENCE.fullmatch(reference) or reference == shown.reference:
        said = desk("That is not the reference of another case. It has six letters and digits.")
        await prompts.for_text(visit, "tie", shown, said)
        return
    other = await visit.store.desk.find(visit.session(), reference)
    together = await visit.store.desk.names.together(visit.session(), shown.case, ())
    stands = next((one.ties for one in together.linked if one.case == other), ())
    choices = [(label, "tied", f"{tie}.{reference}") for tie, label in LINKS.items() if tie not in stands]
    choices += [(_APART, "tied", f"apart.{reference}")] if stands else []
    said = desk("How do {reference} and {other} belong together?", reference=shown.reference, other=reference)
    await prompts.by_buttons(visit, shown, tuple(choices), said)


async def tied(visit: Visit, ask: Ask) -> None:
    """Keep it in both cases, as the button says."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    tie, _, reference = ask.argument.partition(".")
    if tie not in {*LINKS, "apart"}:
        await case_card.show(visit, shown)
        return
    other = await visit.store.desk.find(visit.session(), reference)
    await visit.store.desk.tie(visit.session(), visit.arrival, Pair(shown.case, other), tie)
    await people.show(visit, shown, desk("Kept, in both cases."))
