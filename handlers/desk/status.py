"""`/status`: where a case stands; only the moves that triage allows are offered."""

from __future__ import annotations

from handlers.desk import asks, case_card, moves, wording
from handlers.desk.buttons import Ask
from handlers.desk.visit import Visit, desk


async def status(visit: Visit, ask: Ask) -> None:
    """Ask for the next status."""
    shown = await asks.case_for(visit, "status", ask)
    if shown is None:
        return
    now = shown.view.row.status
    choices = tuple((wording.STATUS[to], "move", to) for to in moves.offered(now))
    await asks.by_buttons(
        visit, shown, choices, desk("It is: {status}. Where does it stand now?", status=wording.STATUS[now])
    )


async def move(visit: Visit, ask: Ask) -> None:
    """Set it on the case as it was shown."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    if ask.argument not in moves.offered(row.status):
        await case_card.show(visit, shown)
        return
    to = ask.argument
    done = await visit.store.desk.set_status(visit.session(), visit.arrival, shown.case, row.version, status=to)
    await case_card.changed(visit, done, desk("The status is: {status}.", status=wording.STATUS[to]))
