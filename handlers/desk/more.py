"""[More]: the actions that are needed less often."""

from __future__ import annotations

from flows.triage import is_open
from handlers.desk import asks
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def more(visit: Visit, ask: Ask) -> None:
    """Offer them for the case on the screen."""
    shown = await asks.case_for(visit, "more", ask)
    if shown is None:
        return
    over = not is_open(shown.view.row.status)
    choices = [
        (desk("Give to…"), "assign", ""),
        (desk("Urgency"), "urgency", ""),
        (desk("Status"), "status", ""),
        (desk("Label"), "label", ""),
        (desk("Who may read"), "who", ""),
        (desk("Copy out"), "copy", ""),
        (desk("Open again"), "reopen", "") if over else (desk("Close"), "close", ""),
    ]
    await asks.by_buttons(visit, shown, tuple(choices), desk("{reference}: what next?", reference=shown.reference))
