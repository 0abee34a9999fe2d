"""`/thanks`: a few words for a colleague or a partner, who reads them at her next unlock.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from handlers.desk.partnership.together import typed
from storage.desk.partnership.together.thanks import LONGEST
from storage.values import LeadCard
from storage.values.errors import NotOffered

#: People on one screen, and thanks on one.
_SHOWN: Final = 10
_AT_ONCE: Final = 3


async def thanks(visit: Visit, _: Ask) -> None:
    """Ask whom to thank."""
    await visit.forget_typed()
    await _ask_whom(visit)


async def _ask_whom(visit: Visit, *first: Text) -> None:
    visit.place.asking = visit.place.loose = None
    offered = (await visit.store.together.thanks.offered(visit.session()))[:_SHOWN]
    presses = [
        visit.press(
            desk("{name}, {role}", name=one.name, role=one.title or labels.ROLE[one.role]),
            "thankwho",
            Ask(argument=mark(one.id)),
        )
        for one in offered
    ]
    rows = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    said = desk("Whom do you want to thank?") if offered else desk("There is nobody to thank here yet.")
    await visit.show(Screen((*first, said), (*rows, (visit.press(desk("Brief"), "brief"),))))


async def chosen(visit: Visit, ask: Ask) -> None:
    """Ask for the words."""
    to = marked(await visit.store.together.thanks.offered(visit.session()), ask)
    await (_ask_words(visit, to) if to is not None else _ask_whom(visit))


async def _ask_words(visit: Visit, to: LeadCard, *first: Text) -> None:
    said = desk("What do you thank {name} for? Type it; nobody of a case may be named. It is sealed.", name=to.name)
    rows = ((visit.press(desk("Somebody else"), "thanks"),),)
    await typed.ask(visit, "thankwho", mark(to.id), *first, said, rows=rows)


async def typed_words(visit: Visit, ask: Ask, text: str) -> None:
    """Keep it for her; more than 300 characters, or the name of somebody in a case, are asked for again."""
    to = marked(await visit.store.together.thanks.offered(visit.session()), ask)
    if to is None:
        await _ask_whom(visit)
        return

    async def again(said: Text) -> None:
        await _ask_words(visit, to, said)

    words = await typed.words(visit, text, LONGEST, again, people_only=True)
    if words is None:
        return
    try:
        await visit.store.together.thanks.say(visit.session(), visit.arrival, to.id, words)
    except NotOffered:
        await _ask_whom(visit, desk("That is not possible just now. Nothing was kept."))
        return
    await _ask_whom(visit, desk("Kept. {name} reads it at the next unlock.", name=to.name))


async def received(visit: Visit) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    """Give up to three thanks that wait for her, with the button by which they go."""
    waiting = sorted(await visit.store.together.thanks.waiting(visit.session()), key=lambda one: one.id)[:_AT_ONCE]
    said = tuple(desk("{name} thanks you: “{words}”", name=one.by, words=one.text) for one in waiting)
    visit.place.thanked = tuple(one.id for one in waiting)
    return said, (((visit.press(desk("I have read the thanks"), "thanked"),),) if waiting else ())


async def read(visit: Visit, _: Ask) -> None:
    """Take away the thanks that were shown; further ones are on the brief."""
    await visit.store.together.thanks.read(visit.session(), visit.arrival, visit.place.thanked)
    said, rows = await received(visit)
    gone = desk("They are gone. Thank you for being here.")
    await visit.show(Screen((gone, *said), (*rows, (visit.press(desk("Brief"), "brief"),))))
