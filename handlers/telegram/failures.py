"""When something inside fails: what a log may say of it, and the screen that the person sees; needs no database."""

from __future__ import annotations

import logging
from pathlib import Path
from types import TracebackType
from typing import Final

from flows.values.screen import Screen
from flows.values.situation import Site
from flows.values.text import Text

_ROOT: Final = Path(__file__).resolve().parents[2]
#: The folders whose code is ours.
OURS: Final = ("bot", "handlers", "storage", "flows", "locales")

log = logging.getLogger(__name__)


def error_fields(error: BaseException) -> dict[str, str]:
    """Return the `extra=` of a log call about `error`: `broke`, its type, and `broke_at`, where it was raised.

    `exc_info=` would say as much, but hands the error's text to every handler that there is.
    """
    return {"broke": type(error).__name__, "broke_at": _place(error)}


def place_of(error: BaseException) -> str:
    """Return the type of an error and where it was raised, such as `ValueError at flows/loading/loader.py:41`.

    A line of Hark's own code is preferred to one of a library.
    """
    return f"{type(error).__name__} at {_place(error)}"


def _place(error: BaseException) -> str:
    traceback = error.__traceback__
    innermost = ours = None
    while traceback is not None:
        innermost = _line(traceback)
        if innermost.startswith(OURS):
            ours = innermost
        traceback = traceback.tb_next
    place = ours if ours == innermost else " in ".join(part for part in (ours, innermost) if part)
    return place or "an unknown place"


def _line(traceback: TracebackType) -> str:
    return f"{shown(traceback.tb_frame.f_code.co_filename)}:{traceback.tb_lineno}"


def shown(filename: str) -> str:
    """Return the path of a file of ours within the project, or the bare name of any other file.

    So a log tells nothing of where the machine keeps things.
    """
    path = Path(filename)
    inside = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else ""
    return inside if inside.split("/", 1)[0] in OURS else path.name


def failure_screen(site: Site, *, undecided: bool = False) -> Screen:
    """Return the sentence that it failed, and the site's helplines, from what the process holds in memory.

    What is `undecided` may have been kept all the same. It needs neither database nor key, and no flow: it is what is
    left where everything else fails.
    """
    said = [
        Text("Something went wrong here. We cannot tell if your last message was saved.")
        if undecided
        else Text("Something went wrong here. Your last message was not saved."),
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


def log_error(error: BaseException) -> None:
    """Log the type of `error` and where it was raised, without its text: that may hold content, ids or a token."""
    log.error("something inside failed", extra=error_fields(error))
