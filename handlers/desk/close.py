"""`/close` with an outcome and a reason, and `/reopen` with a reason."""

from __future__ import annotations

from flows.screens import Screen
from flows.triage import is_open
from handlers.desk import asks, case_card, clocks, closing, moves
from handlers.desk.buttons import Ask
from handlers.desk.outcomes import OUTCOMES, outcome
from handlers.desk.visit import Visit, about, desk


async def close(visit: Visit, ask: Ask) -> None:
    """Ask for the outcome."""
    shown = await asks.case_for(visit, "close", ask)
    if shown is None:
        return
    if not is_open(shown.view.row.status):
        await visit.show(Screen((desk("It is closed already."),), (asks.back(visit, shown),)))
        return
    if not moves.may_close(shown.view.row.status):
        said = desk("Nobody has taken it up yet. Take it first, then it can be closed.")
        take = (visit.press(desk("I have this"), "claim", about(shown), rank="main"),)
        await visit.show(Screen((said,), (take, asks.back(visit, shown))))
        return
    if await asks.words_first(visit, shown):
        return
    await closing.ask_group(visit, shown)


async def chosen(visit: Visit, ask: Ask) -> None:
    """Ask for the reason."""
    shown = await asks.case_for(visit, "close", ask)
    if shown is None or ask.argument not in OUTCOMES:
        return
    said = desk("Outcome: {outcome}. Type the reason; then the case is closed.", outcome=outcome(ask.argument))
    await asks.for_text(visit, "end", shown, said, argument=ask.argument)


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Close it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    done = await visit.store.desk.close_case(
        visit.session(), visit.arrival, shown.case, row.version, outcome=ask.argument, reason=reason
    )
    if is_open(done.status):
        visit.place.loose = None
        said = desk("This outcome needs a second person. Yours is noted; another lead has to close it so too.")
        await case_card.changed(visit, done, said)
        return
    await case_card.changed(
        visit, done, desk("The case is closed: {outcome}.", outcome=outcome(ask.argument)), onward=True
    )


async def reopen(visit: Visit, ask: Ask) -> None:
    """Ask for the reason to open it again."""
    shown = await asks.case_for(visit, "reopen", ask)
    if shown is None:
        return
    if is_open(shown.view.row.status):
        await visit.show(Screen((desk("It is not closed."),), (asks.back(visit, shown),)))
        return
    await asks.for_text(visit, "reopen", shown, desk("Type the reason; then the case is open again."))


async def reopen_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Open it again; its clocks run anew."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    due = clocks.of(visit, row.site, row.urgency)
    done = await visit.store.desk.reopen(
        visit.session(), visit.arrival, shown.case, row.version, reason=reason, clocks=due
    )
    await case_card.changed(visit, done, desk("The case is open again."))
