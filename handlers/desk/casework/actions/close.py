"""`/close` with an outcome in four groups and a reason, and `/reopen` with a reason.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.cases.triage import GROUPS, is_open, needs_second
from flows.values.screen import Screen
from handlers.desk.case import case_card, kept_until, summary
from handlers.desk.casework.actions import prompts, second_word, status
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from handlers.desk.chat.wording.labels import OUTCOMES, outcome
from storage.deeds.status import CloseCase, ReopenCase


async def ask_group(visit: Visit, shown: Shown) -> None:
    """Ask of which kind the outcome is."""
    choices = tuple((group.label, "outcome", name) for name, group in GROUPS.items())
    said = desk("Closing {reference}: what came of it?", reference=shown.reference)
    await prompts.by_buttons(visit, shown, choices, said)


async def ask_outcome(visit: Visit, ask: Ask) -> None:
    """Ask for the outcome among those of the group that was chosen.

    Args:
        visit: The update at the desk.
        ask: `argument` is the group; one that there is not asks for the group again.
    """
    shown = await prompts.case_for(visit, "close", ask)
    if shown is None:
        return
    group = GROUPS.get(ask.argument)
    if group is None:
        await ask_group(visit, shown)
        return
    choices = tuple((outcome(one), "end", one) for one in group.outcomes)
    await prompts.by_buttons(visit, shown, choices, desk("Closing {reference}: which?", reference=shown.reference))


async def close(visit: Visit, ask: Ask) -> None:
    """`/close`: ask of which kind the outcome is, and before that show what stands against it.

    A closed case, one that nobody has taken up, and one with words that this lead has not read are not closed.
    """
    shown = await prompts.case_for(visit, "close", ask)
    if shown is None:
        return
    if not is_open(shown.view.row.status):
        await visit.show(Screen((desk("It is closed already."),), (prompts.back(visit, shown),)))
        return
    if not status.may_close(shown.view.row.status):
        said = desk("Nobody has taken it up yet. Take it first, then it can be closed.")
        take = (visit.press(desk("I have this"), "claim", about(shown), rank="main"),)
        await visit.show(Screen((said,), (take, prompts.back(visit, shown))))
        return
    if await prompts.words_first(visit, shown):
        return
    await ask_group(visit, shown)


async def chosen(visit: Visit, ask: Ask) -> None:
    """Ask for the reason."""
    shown = await prompts.case_for(visit, "close", ask)
    if shown is None or ask.argument not in OUTCOMES:
        return
    said = desk("Outcome: {outcome}. Type the reason; then the case is closed.", outcome=outcome(ask.argument))
    row = shown.view.row
    time = kept_until.why(kept_until.kept(visit, row, ask.argument))
    left = summary.open_actions(row.actions, visit.now())
    left += [desk("These are still open. Closing ends them: say also why they are left.")] * bool(left)
    await prompts.for_text(visit, "end", shown, time, *left, said, argument=ask.argument)


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Close it with the reason that was typed; for an outcome that takes two a fresh code is asked for first.

    Args:
        visit: The update at the desk.
        ask: `argument` is the outcome, by its code.
        reason: As typed, not empty.
    """
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    if needs_second(ask.argument):
        said = desk("Closing {reference}: {outcome}.", reference=shown.reference, outcome=outcome(ask.argument))
        await second_word.ask(visit, "end", ask, reason, Screen((said,), (prompts.back(visit, shown),)))
        return
    await _close(visit, shown, ask.argument, reason)


async def confirmed(visit: Visit, ask: Ask, reason: str) -> None:
    """Say one's word for an outcome that takes two, after a fresh code; until the second word the case stays open."""
    shown = await case_card.on_screen(visit, ask)
    if shown is not None:
        await _close(visit, shown, ask.argument, reason)


async def _close(visit: Visit, shown: Shown, code: str, reason: str) -> None:
    found = kept_until.kept(visit, shown.view.row, code)
    done = await visit.act(shown, CloseCase(code, reason, kept_until.until_of(found), found.kind.name))
    if is_open(done.status):
        visit.place.loose = None
        said = desk(
            "This outcome needs a second person. Yours is noted; another lead has to close it so too, within a day."
        )
        await case_card.changed(visit, done, said)
        return
    said = desk("The case is closed: {outcome}.", outcome=outcome(code))
    await case_card.changed(visit, done, said, kept_until.why(found), onward=True)


async def reopen(visit: Visit, ask: Ask) -> None:
    """Ask for the reason to open it again."""
    shown = await prompts.case_for(visit, "reopen", ask)
    if shown is None:
        return
    if is_open(shown.view.row.status):
        await visit.show(Screen((desk("It is not closed."),), (prompts.back(visit, shown),)))
        return
    await prompts.for_text(visit, "reopen", shown, desk("Type the reason; then the case is open again."))


async def reopen_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Open it again; its clocks run anew."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    due = status.clocks_of(visit, row.site, row.urgency)
    done = await visit.act(shown, ReopenCase(reason, due))
    await case_card.changed(visit, done, desk("The case is open again."))
