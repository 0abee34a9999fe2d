"""[More]: the actions that are needed less often."""

from __future__ import annotations

from handlers.desk import asks
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def more(visit: Visit, ask: Ask) -> None:
    """Offer them for the case on the screen."""
    shown = await asks.case_for(visit, "more", ask)
    if shown is None:
        return
    choices = [
        (desk("Label"), "label", ""),
        (desk("Who may read"), "who", ""),
        (desk("Copy out"), "copy", ""),
    ]
    await asks.by_buttons(visit, shown, tuple(choices), desk("{reference}: what next?", reference=shown.reference))
