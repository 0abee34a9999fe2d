"""What a person sees when something inside fails: that it was not saved, and where help is. It needs no database.

The log gets the type of the error and the place in our code, never its text: that may hold what somebody wrote.
"""

from __future__ import annotations

import logging

from flows.known import Site
from flows.screens import Screen
from flows.texts import Text
from handlers.failing import failing

log = logging.getLogger(__name__)


def screen(site: Site) -> Screen:
    """The honest sentence and the helplines of the site, from what the process holds in memory."""
    said = [
        Text("Something went wrong here. Your last message was not saved."),
        Text("Please try again in a few minutes. Do not wait if you need help now."),
        Text("If anyone is in danger now, call {emergency}.", args={"emergency": site.emergency}),
    ]
    said += [
        Text("{name}: {number}", args={"name": line.name, "number": line.number})
        for line in site.helplines
        if line.number
    ]
    said.append(_adult(site))
    return Screen(tuple(said), urgent=True)


def _adult(site: Site) -> Text:
    contact = site.contact
    if contact is None:
        return Text("You can also go to an adult you trust.")
    if not contact.room:
        return Text("You can also go to an adult you trust: {contact}.", args={"contact": contact.name})
    where = {"contact": contact.name, "room": contact.room}
    return Text("You can also go to an adult you trust: {contact}, {room}.", args=where)


def note(error: BaseException) -> None:
    """Log the type of `error` and where it was raised, and nothing else."""
    log.error("something inside failed", extra=failing(error))
