"""`/urgency`: a human sets how urgent a case is, up or down, with a reason; the clocks follow."""

from __future__ import annotations

from typing import cast

from flows.ids import Urgency
from flows.texts import Text
from handlers.desk import asks, case_card, clocks, wording
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk
from storage.values import URGENCIES


async def urgency(visit: Visit, ask: Ask) -> None:
    """Ask how urgent it is."""
    shown = await asks.case_for(visit, "urgency", ask)
    if shown is None:
        return
    now = shown.view.row.urgency
    choices = tuple((_label(one), "urge", one) for one in URGENCIES if one != now)
    await asks.by_buttons(
        visit, shown, choices, desk("It is {urgency} now. How urgent is it?", urgency=wording.URGENCY[now])
    )


async def chosen(visit: Visit, ask: Ask) -> None:
    """Ask for the reason."""
    shown = await asks.case_for(visit, "urgency", ask)
    if shown is None or ask.argument not in URGENCIES:
        return
    label = wording.URGENCY[ask.argument]
    said = desk("From now on: {urgency}. Type the reason.", urgency=label)
    await asks.for_text(visit, "urge", shown, said, argument=ask.argument)


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Set it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    to = cast("Urgency", ask.argument)
    due = clocks.of(visit, row.site, to)
    done = await visit.store.desk.set_urgency(
        visit.session(), visit.arrival, shown.case, row.version, urgency=to, clocks=due, reason=reason
    )
    await case_card.changed(visit, done, desk("The urgency is {urgency} now.", urgency=wording.URGENCY[to]))


def _label(one: Urgency) -> Text:
    return Text("{sign} {urgency}", "desk", {"sign": wording.SIGN[one], "urgency": wording.URGENCY[one]})
