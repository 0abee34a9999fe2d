"""`/handover`: a lead's open cases go to a colleague who can read them, once that colleague has accepted by name.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from flows.values.ids import READING
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from storage.values import LeadCard

_CHOICES: Final = 6  # single cases a screen; what was offered makes room for the next


async def handover(visit: Visit, _: Ask) -> None:
    """Show what is offered to the lead, and ask to whom her own cases should go."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    said, rows = await offers(visit)
    waiting = await visit.store.desk.handing.waiting(visit.session())
    if waiting:
        said += (desk("Offered by you and not answered yet: {number}.", number=waiting),)
        rows += ((visit.press(desk("Take it back"), "recall"),),)
    choices = [visit.press(desk("{name}", name=card.name), "hand", _to(card)) for card in await _colleagues(visit)]
    rows += tuple((choice,) for choice in choices)
    ask = desk("Who should take over your open cases? Nothing changes before it is accepted.")
    await visit.show(Screen((*said, ask), (*rows, _back(visit))))


async def preview(visit: Visit, ask: Ask) -> None:
    """Show how many cases somebody can take, and how many stay, before anything is offered.

    Besides all of them the first six can be offered one by one. Nothing is committed.
    """
    card = await _named(visit, ask)
    if card is None:
        await handover(visit, ask)
        return
    passed, stay = await visit.store.desk.handing.passable(visit.session(), card.id)
    said = [desk("{name} can take over {number} of your open cases.", name=card.name, number=len(passed))]
    if stay:
        said.append(desk("Not sealed for {name}, so they stay with you: {number}.", name=card.name, number=stay))
    rows: list[Row] = [_back(visit)]
    if passed:
        each = [_one(visit, card, reference) for reference in passed][:_CHOICES] if len(passed) > 1 else []
        rows = [(visit.press(desk("Hand them over"), "handed", _to(card), rank="main"),), *each, *rows]
    await visit.show(Screen(tuple(said), tuple(rows)))


async def offer(visit: Visit, ask: Ask) -> None:
    """Offer them, or the one whose reference the button holds; the colleague is told.

    They stay the giver's, with their clocks, until they are accepted.
    """
    card = await _named(visit, ask)
    if card is None:
        await handover(visit, ask)
        return
    number = await visit.store.desk.handing.offer(visit.session(), visit.arrival, card.id, ask.reference)
    told = desk("Offered to {name}: {number}. They stay yours until {name} accepts.", name=card.name, number=number)
    await visit.show(Screen((told,), (_back(visit),)))


async def take_back(visit: Visit, _: Ask) -> None:
    """Take back what nobody has answered."""
    number = await visit.store.desk.handing.take_back(visit.session(), visit.arrival)
    await visit.show(Screen((desk("Taken back: {number}.", number=number),), (_back(visit),)))


async def accept(visit: Visit, ask: Ask) -> None:
    """Take over what one colleague offers; from now on these cases are the lead's, by name."""
    await _answer(visit, ask, accepted=True)


async def decline(visit: Visit, ask: Ask) -> None:
    """Leave them with the colleague, who is told."""
    await _answer(visit, ask, accepted=False)


async def offers(visit: Visit) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    """What colleagues offer to the lead, each with its two answers: sentences and buttons."""
    names = {card.id: card.name for card in await visit.store.leads.roster()}
    said: list[Text] = []
    rows: list[Row] = []
    for one in await visit.store.desk.handing.offered(visit.session()):
        name, number = names.get(one.giver, "?"), len(one.cases)
        said.append(desk("{name} would like to hand cases over to you: {number}.", name=name, number=number))
        to = Ask(argument=mark(one.giver))
        rows.append((visit.press(desk("Accept"), "take", to), visit.press(desk("Decline"), "leave", to)))
    return tuple(said), tuple(rows)


async def _answer(visit: Visit, ask: Ask, *, accepted: bool) -> None:
    handing, session = visit.store.desk.handing, visit.session()
    giver = next((one.giver for one in await handing.offered(session) if mark(one.giver) == ask.argument), None)
    number = await handing.answer(session, visit.arrival, giver, accepted=accepted) if giver else 0
    told = desk("Yours now: {number}.", number=number) if accepted else desk("Declined: {number}.", number=number)
    await visit.show(Screen((told,), (_back(visit),)))


async def _colleagues(visit: Visit) -> tuple[LeadCard, ...]:
    lead = visit.session().lead
    every = await visit.store.leads.roster(lead.site)
    return tuple(card for card in every if card.role in READING and card.id != lead.id)


async def _named(visit: Visit, ask: Ask) -> LeadCard | None:
    return marked(await _colleagues(visit), ask)


def _one(visit: Visit, card: LeadCard, reference: str) -> Row:
    ask = Ask(reference, argument=mark(card.id))
    return (visit.press(desk("Only {reference}", reference=reference), "handed", ask),)


def _to(card: LeadCard) -> Ask:
    return Ask(argument=mark(card.id))


def _back(visit: Visit) -> Row:
    return (visit.press(desk("Back to the brief"), "brief"),)
