"""Inviting from the desk: a name, a role, and a code that is shown once; whoever joins waits for two as always.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from flows.values.screen import Screen
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText, Loose
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from handlers.desk.team import overview, proposals
from handlers.desk.team.first_words import OFFERED
from storage.values.errors import NotOffered

#: Characters of a name.
_LONGEST: Final = 80


async def ask_name(visit: Visit, _: Ask) -> None:
    """Ask for the name of whoever is invited."""
    visit.place.shown = None
    visit.place.asking = AskText("invite", Ask())
    said = desk("Whom do you invite? Type the name as people at school know it, such as “Ms Dunn”.")
    await visit.show(Screen((said,), ((visit.press(desk("Back to the team"), "team"),),)))


async def name_typed(visit: Visit, _: Ask, name: str) -> None:
    """Take the name, and offer the roles."""
    words = " ".join(name.split())[:_LONGEST]
    visit.place.loose = Loose(words)
    rows = tuple((visit.press(labels.ROLE[role], "invited", Ask(argument=role)),) for role in OFFERED)
    said = (
        desk("In which role is {name} to join?", name=words),
        desk("A partner from outside is invited by two of you: /partners"),
    )
    await visit.show(Screen(said, (*rows, (visit.press(desk("Back to the team"), "team"),))))


async def invite(visit: Visit, ask: Ask) -> None:
    """Draw the invite to the lead's own site, and show its code."""
    name = visit.place.loose.text if visit.place.loose else ""
    visit.place.loose = None
    if not name or ask.argument not in OFFERED:
        await visit.show(await overview.screen(visit))
        return
    try:
        drawn = await visit.store.leads.members.invite(visit.session(), visit.arrival, name, ask.argument)
    except NotOffered:
        said = desk("That name cannot be invited. If {name} was here before, use the buttons below.", name=name)
        await visit.show(await overview.screen(visit, said))
        return
    await proposals.show_code(visit, name, drawn)
