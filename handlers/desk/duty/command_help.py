"""`/help` at the desk, and which command was probably meant by one that does not exist.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.casework.actions.prompts import REFERENCE
from handlers.desk.chat import permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk

#: How alike two names have to be, from 0 to 1, as `difflib` counts: "clsoe" and "close" are 0.8.
_ALIKE: Final = 0.7
#: Longest word that is compared: no command is as long.
_LONGEST: Final = 20
#: What the button of a command does, where that has another name. Without a button: what no card or menu leads to.
_VERB: Final = {"case": "open", "hold": "legal", "link": "tie"}
_WITHOUT: Final = frozenset({"help"})


def command_meant(visit: Visit, typed: str) -> tuple[Text, tuple[Row, ...]] | None:
    """The command that `typed`, with its slash or not, is near to, as it is typed and as a button; or None.

    Only a command of this lead's role, and words that are nothing but a command and perhaps a reference.
    """
    name, *rest = typed.removeprefix("/").lower().split()[:3] or [""]
    reference = rest[0].upper() if rest else ""
    if len(rest) > 1 or (reference and not REFERENCE.fullmatch(reference)):
        return None
    found = _nearest(name, permissions.menu_of(visit.session().lead.role))
    if found is None:
        return None
    label = Text("/{command}", "desk", {"command": f"{found} {reference}".strip()})
    if found in _WITHOUT:
        return label, ()
    return label, ((visit.press(label, _VERB.get(found, found), Ask(reference, argument="")),),)


def _nearest(name: str, names: Collection[str]) -> str | None:
    if len(name) > _LONGEST:
        return None
    return next(iter(get_close_matches(name, list(names), n=1, cutoff=_ALIKE)), None)


async def show_help(visit: Visit, _: Ask) -> None:
    """List the commands and what each is for."""
    await visit.forget_typed()
    lead = visit.session().lead
    listed = permissions.menu_of(lead.role, waiting=lead.waiting)
    lines = tuple(Text("/{command} · {what}", "desk", {"command": name, "what": text}) for name, text in listed.items())
    loose = desk("Whatever else you type goes to nobody: you are asked what should become of it.")
    site = visit.deps.sites[visit.deps.home]
    danger = desk("If anyone is in danger now, call {emergency}.", emergency=site.emergency)
    queue = () if lead.waiting else (visit.press(desk("Queue"), "queue"),)
    buttons = (visit.press(desk("Brief"), "brief"), *queue)
    await visit.show(Screen((*lines, loose, danger), (buttons,)))


async def unknown_command(visit: Visit, ask: Ask) -> None:
    """A command that the desk does not have, a reporter's among them; one that is near to it is offered.

    What stood behind it is deleted with it, and nothing is done.
    """
    await visit.forget_typed()
    buttons = (visit.press(desk("Brief"), "brief"), visit.press(desk("Lock"), "lock"))
    said = desk("Your desk is open here, and it has no such command. /help lists what it has. /lock leaves the desk.")
    meant = command_meant(visit, ask.argument)
    if meant is None:
        await visit.show(Screen((said,), (buttons,)))
        return
    label, rows = meant
    await visit.show(Screen((said, desk("Did you mean {command}?", command=label)), (*rows, buttons)))
