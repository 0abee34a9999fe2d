"""Choosing a case by buttons, where a command was typed without one."""

from __future__ import annotations

from handlers.desk import queue
from handlers.desk.visit import Visit, desk


async def pick(visit: Visit, verb: str) -> None:
    """Ask which case is meant; the button that answers does `verb` on it."""
    visit.place.asking = None
    await visit.show(await queue.screen(visit, "open", 0, verb, desk("Which case?")))
