"""[Keep somebody out] of a case, lifting that with a second lead, and adding a reader where fewer than two are left.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flows.cases.exclusion import Remaining
from flows.values.ids import LeadId
from flows.values.screen import Screen
from flows.values.text import Listed, Moment, Text
from handlers.desk.case import case_card
from handlers.desk.casework.actions import prompts, reply, second_word
from handlers.desk.casework.actions.ownership import mark, marked, picked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Loose, Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.deeds.readers.exclude import CallUp, Exclude
from storage.deeds.readers.lift import Lift
from storage.values import CaseRow, CaseView, LeadCard


async def choose(visit: Visit, ask: Ask) -> None:
    """Ask who is to be kept out: any other recipient."""
    shown = await prompts.case_for(visit, "keepout", ask)
    if shown is None:
        return
    choices = tuple((desk("{name}", name=card.name), "keepwho", mark(card.id)) for card in others(visit, shown))
    said = desk("Who should not read {reference} any more?", reference=shown.reference)
    if not choices:
        said = desk("It is sealed for nobody else.")
    await prompts.by_buttons(visit, shown, choices, said)


async def ask_reason(visit: Visit, ask: Ask) -> None:
    """Say what it comes to, and ask for the reason; where too few would be left, say that instead."""
    shown = await prompts.case_for(visit, "keepout", ask)
    if shown is None:
        return
    card = await picked(visit, shown, others(visit, shown), ask)
    if card is None:
        return
    said = await _comes_to(visit, shown, card)
    if not shown.view.without[card.id].allowed:
        await visit.show(Screen(said, (prompts.back(visit, shown),)))
        return
    reason = desk("Type the reason, for the others who read it. You see it all once more before anything is done.")
    await prompts.for_text(visit, "keepwho", shown, *said, reason, argument=ask.argument)


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Show what will be done, with the reason; it is kept in memory, and the button holds a digest of it."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    card = await picked(visit, shown, others(visit, shown), ask)
    if card is None:
        return
    visit.place.loose = loose = Loose(reason)
    now = visit.press(desk("Keep {name} out", name=card.name), "keepnow", about(shown, ask.argument + loose.mark))
    rows = (
        (now,),
        (visit.press(desk("Write it anew"), "keepwho", about(shown, ask.argument)),),
        prompts.back(visit, shown),
    )
    await visit.show(Screen(await _comes_to(visit, shown, card), rows, verbatim=reason))


async def keep_out(visit: Visit, ask: Ask) -> None:
    """Keep that person out, exactly as the preview showed it, if the case is still as it was."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    loose, whom = visit.place.loose, replace(ask, argument=ask.argument[:8])
    card = marked(others(visit, shown), whom)
    if card is None or loose is None or loose.mark != ask.argument[8:]:
        await case_card.show(visit, shown)
        return
    done = await visit.act(shown, Exclude(card.id, loose.text))
    await _done(visit, done, desk("{name} is kept out from now on.", name=card.name))


async def ask_lift(visit: Visit, ask: Ask) -> None:
    """Say what it means to let somebody in again whom a lead kept out, and ask for the reason."""
    shown = await prompts.case_for(visit, "who", ask)
    if shown is None:
        return
    card = await picked(visit, shown, shown.view.liftable, ask)
    if card is None:
        return
    said = (
        *reply.careful(shown),
        desk("{name} will read everything, notes and reasons too. That cannot be taken back.", name=card.name),
        desk("Type the reason why {name} may read it again.", name=card.name),
    )
    await prompts.for_text(visit, "lift", shown, *said, argument=ask.argument)


async def lift_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Ask for a fresh code, as each of the two gives it; nothing is done yet."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    card = await picked(visit, shown, shown.view.liftable, ask)
    if card is None:
        return
    said = desk("{reference}: let {name} read again.", reference=shown.reference, name=card.name)
    await second_word.ask(visit, "lift", ask, reason, Screen((said,), (prompts.back(visit, shown),)))


async def lift(visit: Visit, ask: Ask, reason: str) -> None:
    """Say one's word, after a fresh code; with the second word that person reads again."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    card = await picked(visit, shown, shown.view.liftable, ask)
    if card is None:
        return
    done = await visit.act(shown, Lift(card.id, reason))
    said = desk("{name} can read this case now.", name=card.name)
    if card.id in done.glance.kept_out:
        said = desk("That is noted, and the others are told. A second lead has to say so too, within a day.")
    await _done(visit, done, said)


async def call_up(visit: Visit, ask: Ask) -> None:
    """Add who comes next, where fewer than two read the case."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    added = _listed(shown.view.called_up, await lead_names(visit))
    done = await visit.act(shown, CallUp())
    await _done(visit, done, desk("{names} can read this case now.", names=added))


def others(visit: Visit, shown: Shown) -> tuple[LeadCard, ...]:
    """The other recipients, as the case was opened."""
    mine = visit.session().lead.id
    return tuple(card for card in shown.view.recipients if card.id != mine)


async def lead_names(visit: Visit) -> dict[str, str]:
    """Every lead's name, by id."""
    return {str(card.id): card.name for card in await visit.store.leads.roster()}


def read_up_to(view: CaseView, name: str, read_to: int) -> Text:
    """How far somebody was shown the case: what was read stays read."""
    read = [entry for entry in view.entries if entry.number <= read_to]
    if not read:
        return desk("{name} has read nothing of it.", name=name)
    at = Moment(read[-1].at)
    return desk("{name} has read it up to {time}. What was read stays read.", name=name, time=at)


async def _comes_to(visit: Visit, shown: Shown, card: LeadCard) -> tuple[Text, ...]:
    """Who reads it then, what she has read already, and what becomes of the case."""
    view, names = shown.view, await lead_names(visit)
    left = view.without[card.id]
    if not left.allowed:
        return (
            desk("Without {name} you alone would read it, and at least two have to.", name=card.name),
            desk("Nobody else here can be added. Have somebody invited who reads, or ask whoever stands above you."),
        )
    said = [_remaining(left, names), read_up_to(view, card.name, view.read_to.get(card.id, 0))]
    if view.row.owner is not None and view.row.owner.id == card.id:
        said.append(desk("{name} has this case. Nobody has it then, and it is told again.", name=card.name))
    said.append(desk("{name} is told nothing. Letting {name} in again takes two of you.", name=card.name))
    return tuple(said)


def _remaining(left: Remaining, names: Mapping[str, str]) -> Text:
    still = Listed(tuple(sorted(names.get(one, "?") for one in left.left)))
    if left.added:
        added = _listed(left.added, names)
        return desk("Then {names} read it, and {added} too, who is added now and told.", names=still, added=added)
    if len(left.left) == 1:
        return desk("Then you alone read it: nobody else here could be added.")
    return desk("Then {names} read it.", names=still)


async def _done(visit: Visit, row: CaseRow, said: Text) -> None:
    """Say what was done; who reads it has changed, so the case is opened anew for whatever comes next."""
    visit.place.shown = visit.place.loose = None
    await case_card.changed(visit, row, said)


def _listed(ids: Iterable[LeadId], names: Mapping[str, str]) -> Listed:
    return Listed(tuple(names.get(one, "?") for one in ids))
