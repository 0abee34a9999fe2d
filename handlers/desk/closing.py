"""Which outcome a case is closed with, asked in four groups: no screen has more keys than a glance reads."""

from __future__ import annotations

from flows.outcomes import GROUPS
from handlers.desk import asks
from handlers.desk.buttons import Ask
from handlers.desk.outcomes import outcome
from handlers.desk.place import Shown
from handlers.desk.visit import Visit, desk


async def ask_group(visit: Visit, shown: Shown) -> None:
    """Ask of which kind the outcome is."""
    choices = tuple((group.label, "outcome", name) for name, group in GROUPS.items())
    said = desk("Closing {reference}: what came of it?", reference=shown.reference)
    await asks.by_buttons(visit, shown, choices, said)


async def ask_outcome(visit: Visit, ask: Ask) -> None:
    """Ask for the outcome among those of the group that was chosen."""
    shown = await asks.case_for(visit, "close", ask)
    if shown is None:
        return
    group = GROUPS.get(ask.argument)
    if group is None:
        await ask_group(visit, shown)
        return
    choices = tuple((outcome(one), "end", one) for one in group.outcomes)
    await asks.by_buttons(visit, shown, choices, desk("Closing {reference}: which?", reference=shown.reference))
