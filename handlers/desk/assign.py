"""`/assign`: a case is given to another of its recipients."""

from __future__ import annotations

from hashlib import sha256

from flows.ids import LeadId
from flows.screens import Screen
from flows.texts import Text
from handlers.desk import asks, case_card, wording
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk
from storage.values import LeadCard


async def assign(visit: Visit, ask: Ask) -> None:
    """Ask to whom; only those for whom it is sealed are offered."""
    shown = await asks.case_for(visit, "assign", ask)
    if shown is None:
        return
    owner = shown.view.row.owner
    others = [card for card in shown.view.recipients if owner is None or card.id != owner.id]
    if not others:
        await visit.show(Screen((desk("It is sealed for nobody else."),), (asks.back(visit, shown),)))
        return
    choices = tuple((_named(card), "give", mark(card.id)) for card in others)
    await asks.by_buttons(visit, shown, choices, desk("Who should have this case?"))


async def give(visit: Visit, ask: Ask) -> None:
    """Give the case, as it was shown, to the one whose button was pressed."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    to = next((card for card in shown.view.recipients if mark(card.id) == ask.argument), None)
    if to is None:
        await case_card.show(visit, shown)
        return
    row = shown.view.row
    done = await visit.store.desk.assign(visit.session(), visit.arrival, shown.case, row.version, to=to.id)
    await case_card.changed(visit, done, desk("{name} has this case now.", name=to.name))


def mark(lead: LeadId) -> str:
    """Eight hexadecimal digits for a lead, so that a button holds no id of anybody."""
    return sha256(lead.encode()).hexdigest()[:8]


def _named(card: LeadCard) -> Text:
    return desk("{name}, {role}", name=card.name, role=card.title or wording.ROLE[card.role])
