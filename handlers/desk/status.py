"""`/status`: where a case stands; only the moves that triage allows are offered."""

from __future__ import annotations

from flows.triage import is_open
from handlers.desk import asks, case_card, moves, wording
from handlers.desk.buttons import Ask
from handlers.desk.place import Shown
from handlers.desk.visit import Visit, desk
from storage.values import Status


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
    """Set it on the case as it was shown; where a reason is wanted, ask for it first."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    to = _offered(shown, ask)
    if to is None:
        await case_card.show(visit, shown)
    elif not is_open(to) and await asks.words_first(visit, shown):
        return
    elif moves.wants_reason(to):
        said = desk("From now on: {status}. Type the reason.", status=wording.STATUS[to])
        await asks.for_text(visit, "move", shown, said, argument=to)
    else:
        await _set(visit, shown, to, "")


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Set it, with the reason."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    to = _offered(shown, ask)
    if to is not None:
        await _set(visit, shown, to, reason)


def _offered(shown: Shown, ask: Ask) -> Status | None:
    return next((to for to in moves.offered(shown.view.row.status) if to == ask.argument), None)


async def _set(visit: Visit, shown: Shown, to: Status, reason: str) -> None:
    session, version = visit.session(), shown.view.row.version
    done = await visit.store.desk.set_status(session, visit.arrival, shown.case, version, status=to, note=reason)
    visit.place.loose = None
    await case_card.changed(visit, done, desk("The status is: {status}.", status=wording.STATUS[to]))
