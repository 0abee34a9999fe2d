"""[Who may read]: for whom a case is sealed, from whom it is kept, and letting in whom only the words kept out."""

from __future__ import annotations

from dataclasses import replace

from flows.scene import ADULT_QUESTIONS
from flows.texts import Listed, Text
from handlers.desk import asks, case_card, glance, reply
from handlers.desk.assign import mark
from handlers.desk.buttons import Ask
from handlers.desk.place import Shown
from handlers.desk.visit import Visit, desk
from storage.values import LeadCard


async def who(visit: Visit, ask: Ask) -> None:
    """Show it, with a button for each who may be let in."""
    shown = await asks.case_for(visit, "who", ask)
    if shown is None:
        return
    view = shown.view
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    said = [desk("Sealed for {names}.", names=Listed(tuple(card.name for card in view.recipients)))]
    if left_out := glance.left_out(view.row.glance, names):
        said += [left_out, desk("Nobody can let in whom the reporter left out.")]
    if withheld := glance.withheld(view.row.glance, names):
        said += [
            withheld,
            desk("Read the words first. If they only mention somebody who may know, let that person read."),
        ]
    choices = tuple((desk("Let {name} read", name=card.name), "let", mark(card.id)) for card in view.admissible)
    await asks.by_buttons(visit, shown, choices, *said)


async def ask_reason(visit: Visit, ask: Ask) -> None:
    """Say what it means to let somebody in, and ask for the reason; nothing is done yet."""
    shown = await asks.case_for(visit, "who", ask)
    if shown is None:
        return
    card = _meant(shown, ask)
    if card is None:
        await case_card.show(visit, shown)
        return
    said = (
        *_about_an_adult(shown),
        *reply.careful(shown),
        desk("{name} will read everything, and is told now. That cannot be taken back.", name=card.name),
        desk("The reporter is told that {name} can read it too.", name=card.name),
        desk("Type the reason why it is not about {name}.", name=card.name),
    )
    await asks.for_text(visit, "let", shown, *said, argument=ask.argument)


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Let that person in, with the reason."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    card = _meant(shown, ask)
    if card is None:
        await case_card.show(visit, shown)
        return
    row = shown.view.row
    done = await visit.store.desk.admit(
        visit.session(), visit.arrival, shown.case, row.version, to=card.id, reason=reason
    )
    visit.place.loose = None
    others = tuple(one for one in shown.view.admissible if one.id != card.id)
    view = replace(shown.view, recipients=(*shown.view.recipients, card), admissible=others)
    visit.place.shown = replace(shown, view=view)
    await case_card.changed(visit, done, desk("{name} can read this case now.", name=card.name))


def _meant(shown: Shown, ask: Ask) -> LeadCard | None:
    return next((card for card in shown.view.admissible if mark(card.id) == ask.argument), None)


def _about_an_adult(shown: Shown) -> tuple[Text, ...]:
    """What makes it likelier that the words name the very person it is about."""
    chosen = shown.view.row.glance.chosen
    if any({"yes", "not_sure"}.intersection(chosen.get(step, ())) for step in ADULT_QUESTIONS):
        return (desk("⚠ They said that it is about an adult who works here, or that they are not sure."),)
    return ()
