"""`/claim` and `/assign`: who has a case.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from flows.values.ids import LeadId
from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from storage.deeds.ownership import Assign, Claim
from storage.values import LeadCard


async def claim(visit: Visit, ask: Ask) -> None:
    """Claim the case as it was shown. One that was not on the screen is shown first, to be claimed with one tap."""
    await visit.forget_typed()
    if not ask.reference and ask.argument:
        ask = Ask(ask.argument.strip())
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    done = await visit.act(shown, Claim())
    await case_card.changed(visit, done, desk("You have this case now."))


async def assign(visit: Visit, ask: Ask) -> None:
    """Ask to whom; only those for whom it is sealed are offered, and of these not who has it already."""
    shown = await prompts.case_for(visit, "assign", ask)
    if shown is None:
        return
    owner = shown.view.row.owner
    others = [card for card in shown.view.recipients if owner is None or card.id != owner.id]
    if not others:
        await visit.show(Screen((desk("It is sealed for nobody else."),), (prompts.back(visit, shown),)))
        return
    choices = tuple((_named(card), "give", mark(card.id)) for card in others)
    await prompts.by_buttons(visit, shown, choices, desk("Who should have this case?"))


async def give(visit: Visit, ask: Ask) -> None:
    """Give the case, as it was shown, to the one whose button was pressed."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    to = await picked(visit, shown, shown.view.recipients, ask)
    if to is None:
        return
    done = await visit.act(shown, Assign(to.id))
    await case_card.changed(visit, done, desk("{name} has this case now.", name=to.name))


def mark(lead: LeadId) -> str:
    """Eight hexadecimal digits of a lead's SHA-256, so that a button holds no id of anybody.

    They are looked up among the few who are offered on a screen: nothing is decided by them alone.
    """
    return sha256(lead.encode()).hexdigest()[:8]


def marked(cards: Iterable[LeadCard], ask: Ask) -> LeadCard | None:
    """Whose mark a button holds; None if it is nobody's of these."""
    return next((card for card in cards if mark(card.id) == ask.argument), None)


async def picked(visit: Visit, shown: Shown, cards: Iterable[LeadCard], ask: Ask) -> LeadCard | None:
    """Whom a button is about; None, and the card is shown, if that person is not among those offered any more."""
    card = marked(cards, ask)
    if card is None:
        await case_card.show(visit, shown)
    return card


def _named(card: LeadCard) -> Text:
    return desk("{name}, {role}", name=card.name, role=card.title or labels.ROLE[card.role])
