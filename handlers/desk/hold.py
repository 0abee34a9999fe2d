"""[I'm opening it] under a notice: the others wait ten minutes for whoever pressed it, and learn of nothing."""

from __future__ import annotations

from typing import Final

from flows.screens import Screen
from flows.texts import Text
from handlers.desk import pager
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk

_SAID: Final[dict[str, Text]] = {
    "held": desk("Thank you. Nobody else is called for ten minutes. The clock runs on: please open your desk now."),
    "already": desk("You have held it once already. Please open your desk now, or the next person is called."),
    "nothing": desk("Nothing is waiting to be held. Somebody may have opened it already."),
}


async def hold(visit: Visit, _: Ask) -> None:
    """Hold the ladder for the lead to whom this chat belongs; for any other chat it does nothing, and says the same."""
    lead = await visit.store.leads.unlocks.bound(visit.address)
    if lead is None:
        await visit.store.seen(visit.arrival)
        held = "nothing"
    else:
        held = await visit.store.outbox.hold(visit.arrival, lead)
    await visit.add(Screen((_SAID[held],), await pager.way(visit)))
