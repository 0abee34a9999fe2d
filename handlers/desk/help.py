"""`/help` at the desk: what can be typed here, for somebody in this role."""

from __future__ import annotations

from flows.screens import Screen
from flows.texts import Text
from handlers.desk import menu, mistyped
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def show(visit: Visit, _: Ask) -> None:
    """List the commands and what each is for."""
    await visit.forget_typed()
    lead = visit.session().lead
    listed = menu.of(lead.role, waiting=lead.waiting)
    lines = tuple(Text("/{command} · {what}", "desk", {"command": name, "what": text}) for name, text in listed.items())
    loose = desk("Whatever else you type goes to nobody: you are asked what should become of it.")
    site = visit.deps.sites[visit.deps.home]
    danger = desk("If anyone is in danger now, call {emergency}.", emergency=site.emergency)
    queue = () if lead.waiting else (visit.press(desk("Queue"), "queue"),)
    buttons = (visit.press(desk("Brief"), "brief"), *queue)
    await visit.show(Screen((*lines, loose, danger), (buttons,)))


async def unknown(visit: Visit, ask: Ask) -> None:
    """A command that the desk does not have, a reporter's among them; one that is near to it is offered."""
    await visit.forget_typed()
    buttons = (visit.press(desk("Brief"), "brief"), visit.press(desk("Lock"), "lock"))
    said = desk("Your desk is open here, and it has no such command. /help lists what it has. /lock leaves the desk.")
    meant = mistyped.command_meant(visit, ask.argument)
    if meant is None:
        await visit.show(Screen((said,), (buttons,)))
        return
    label, rows = meant
    await visit.show(Screen((said, desk("Did you mean {command}?", command=label)), (*rows, buttons)))
