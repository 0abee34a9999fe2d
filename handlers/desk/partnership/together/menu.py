"""The way from the brief to all that is done together.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final

from flows.values.screen import Screen
from flows.values.text import Text
from handlers.desk.chat import permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk

#: The commands that are offered, with what their buttons say.
_OFFERED: Final[tuple[tuple[str, Text], ...]] = (
    ("goals", desk("Goals")),
    ("checkin", desk("Check-in")),
    ("thanks", desk("Thanks")),
    ("table", desk("Round tables")),
    ("evaluate", desk("This term")),
    ("board", desk("You said, we did")),
)


async def together(visit: Visit, _: Ask) -> None:
    """Offer what her role has of it."""
    visit.place.asking = visit.place.loose = None
    role = visit.session().lead.role
    presses = [visit.press(label, name) for name, label in _OFFERED if permissions.COMMANDS[name].rule.is_for(role)]
    rows = tuple(tuple(presses[at : at + 2]) for at in range(0, len(presses), 2))
    said = desk("What leads and partners do together. No case is in it.")
    await visit.show(Screen((said,), (*rows, (visit.press(desk("Brief"), "brief"),))))
