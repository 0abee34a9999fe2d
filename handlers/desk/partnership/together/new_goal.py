"""A new goal, one question a screen: what is wanted, how it is measured, whose it is, and until when.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.together.goals import LONGEST
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.casework.actions.ownership import mark, marked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.unsent import UnsavedGoal
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from handlers.desk.partnership.together import goals, typed
from storage.values.errors import NotOffered

#: People on one screen.
_SHOWN: Final = 10


async def begin(visit: Visit, _: Ask) -> None:
    """Ask what is wanted."""
    await go_on(visit, UnsavedGoal())


async def go_on(visit: Visit, unsaved: UnsavedGoal, *first: Text) -> None:
    """Keep it, and ask for what is missing."""
    visit.place.goal = unsaved
    if not unsaved.what:
        said = desk("What do you want to reach together? Type it without names, such as: a quiet corner at lunch")
        await typed.ask(visit, "goalnew", "", *first, said, rows=_rows(visit))
    elif not unsaved.measure:
        said = desk("How can you tell that it is reached? Type it, such as: nobody asked in March eats alone")
        await typed.ask(visit, "goalmeasure", "", *first, said, rows=_rows(visit))
    elif unsaved.owner is None:
        await _ask_owner(visit, *first)
    else:
        said = desk("Until when? Type the day, such as 12.6.2027, or 12.6. for the next one.")
        anew = ((visit.press(desk("Another measure"), "goalmeasure"), visit.press(desk("Another owner"), "goalowner")),)
        await typed.ask(visit, "goalowner", "", *first, said, rows=(*anew, *_rows(visit)))


def _rows(visit: Visit) -> tuple[Row, ...]:
    return ((visit.press(desk("All goals"), "goals"),),)


async def what_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take what is wanted; more than 200 characters, or a known name, are asked for again."""
    unsaved = visit.place.goal or UnsavedGoal()

    async def again(said: Text) -> None:
        await go_on(visit, replace(unsaved, what=""), said)

    said = await typed.words(visit, text, LONGEST, again)
    if said is not None:
        await go_on(visit, replace(unsaved, what=said))


async def ask_measure(visit: Visit, _: Ask) -> None:
    """Ask anew how it is measured."""
    await go_on(visit, replace(visit.place.goal or UnsavedGoal(), measure=""))


async def measure_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take how it is measured, likewise."""
    unsaved = visit.place.goal or UnsavedGoal()

    async def again(said: Text) -> None:
        await go_on(visit, replace(unsaved, measure=""), said)

    said = await typed.words(visit, text, LONGEST, again)
    if said is not None:
        await go_on(visit, replace(unsaved, measure=said))


async def _ask_owner(visit: Visit, *first: Text) -> None:
    own = visit.session().lead
    offered = [one for one in await visit.store.together.goals.offered(visit.session()) if one.id != own.id]
    presses = [
        visit.press(
            desk("{name}, {role}", name=one.name, role=one.title or labels.ROLE[one.role]),
            "goalowner",
            Ask(argument=mark(one.id)),
        )
        for one in offered[:_SHOWN]
    ]
    mine = (visit.press(desk("It is mine"), "goalowner", Ask(argument=mark(own.id)), rank="main"),)
    rows = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    said = desk("Whose goal is it? A partner reads all that is written of it, and no case.")
    await visit.show(Screen((*first, said), (mine, *rows, *_rows(visit))))


async def owner(visit: Visit, ask: Ask) -> None:
    """Take whose it is; without anybody, that is asked anew."""
    unsaved = visit.place.goal
    if unsaved is None:
        await goals.show_all(visit)
        return
    await go_on(visit, replace(unsaved, owner=marked(await visit.store.together.goals.offered(visit.session()), ask)))


async def day_typed(visit: Visit, _: Ask, text: str) -> None:
    """Take the day, and keep the goal; a day that does not do is asked for again."""
    unsaved = visit.place.goal
    if unsaved is None or unsaved.owner is None:
        await goals.show_all(visit)
        return

    async def again(said: Text) -> None:
        await go_on(visit, unsaved, said)

    until = await typed.day(visit, text, again, working=False)
    if until is None:
        return
    store, owner = visit.store.together.goals, unsaved.owner.id
    try:
        made = await store.begin(visit.session(), visit.arrival, unsaved.what, unsaved.measure, owner, until)
    except NotOffered:  # the owner has left, or a name is known since
        await go_on(visit, replace(unsaved, owner=None), desk("That is not possible any more. Nothing was done."))
        return
    view = await store.find(visit.session(), made)
    await (goals.show(visit, view, desk("The goal is kept.")) if view is not None else goals.show_all(visit))
