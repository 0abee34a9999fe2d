"""[Who may read]: for whom a case is sealed, from whom it is kept, and letting in whom only the words kept out.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flows.conversation.explanation import admitting, granting, lifting, takes_two
from flows.values.ids import LeadId
from flows.values.text import Listed, Text
from handlers.desk.case import case_card, summary
from handlers.desk.casework.access import keeping_out
from handlers.desk.casework.actions import prompts, reply
from handlers.desk.casework.actions.ownership import mark, picked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, desk
from storage.deeds.readers.admit import Admit
from storage.deeds.readers.grant import Grant
from storage.values import CaseRow, Glance, LeadCard


async def who(visit: Visit, ask: Ask) -> None:
    """Show for whom it is sealed and from whom it is kept, with a button for each who may be let in.

    Whoever has said the first word for somebody is not offered that person again. Whom the reporter left out is offered
    to nobody (decision 14).
    """
    shown = await prompts.case_for(visit, "who", ask)
    if shown is None:
        return
    view, seen, names = shown.view, shown.view.row.glance, await keeping_out.lead_names(visit)
    said = [desk("Sealed for {names}.", names=Listed(tuple(card.name for card in view.recipients)))]
    if left_out := summary.left_out(seen, names):
        said += [left_out, desk("Nobody can let in whom the reporter left out.")]
    if withheld := summary.withheld(seen, names):
        said += [withheld, _way(shown), *summary.vouched(seen, names)]
    said += [*_kept_out(shown, names), *summary.lifted_by_one(seen, names)]
    mine = visit.session().lead.id
    offered = (card for card in view.admissible if _first(seen, admitting(card.id)) != mine)
    choices = [(desk("Let {name} read", name=card.name), "let", mark(card.id)) for card in offered]
    again = (card for card in view.liftable if _first(seen, lifting(card.id)) != mine)
    choices += ((desk("Let {name} read again", name=card.name), "lift", mark(card.id)) for card in again)
    lent = (card for card in await _candidates(visit, shown) if _first(seen, granting(card.id)) != mine)
    choices += ((desk("Give it to {name} too", name=card.name), "lend", mark(card.id)) for card in lent)
    if view.called_up:
        added = Listed(tuple(names.get(lead, "?") for lead in view.called_up))
        said.append(desk("Fewer than two can read it. {names} would be added next, and told.", names=added))
        choices.append((desk("Add {names}", names=added), "callup", ""))
    if keeping_out.others(visit, shown):
        choices.append((desk("Keep somebody out"), "keepout", ""))
    await prompts.by_buttons(visit, shown, tuple(choices), *said)


async def ask_reason(visit: Visit, ask: Ask) -> None:
    """Say what it means to let somebody in, and ask for the reason; nothing is done yet."""
    shown = await prompts.case_for(visit, "who", ask)
    if shown is None:
        return
    card = await picked(visit, shown, shown.view.admissible, ask)
    if card is None:
        return
    seen = shown.view.row.glance
    vouched = summary.vouched(seen, await keeping_out.lead_names(visit))
    said = (*vouched, *reply.careful(shown), *_comes_to(shown, card, admitting(card.id)))
    reason = desk("Type the reason why it is not about {name}.", name=card.name)
    await prompts.for_text(visit, "let", shown, *said, reason, argument=ask.argument)


async def typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Let that person in, with the reason; where it takes two, this is the first word, and nobody is let in yet.

    Args:
        visit: The update at the desk.
        ask: `argument` is the mark of who is let in; one that nobody has shows the card.
        reason: As typed, for the other recipients.
    """
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    card = await picked(visit, shown, shown.view.admissible, ask)
    if card is None:
        return
    done = await visit.act(shown, Admit(card.id, reason))
    await _done(visit, shown, done, card, waits=card.id in done.glance.withheld)


async def ask_grant_reason(visit: Visit, ask: Ask) -> None:
    """Say what it means to give a case to a colleague, and ask for the reason; nothing is done yet."""
    shown = await prompts.case_for(visit, "who", ask)
    if shown is None:
        return
    card = await picked(visit, shown, await _candidates(visit, shown), ask)
    if card is None:
        return
    said = (*reply.careful(shown), *_comes_to(shown, card, granting(card.id)))
    reason = desk("Type the reason why {name} should read it.", name=card.name)
    await prompts.for_text(visit, "lend", shown, *said, reason, argument=ask.argument)


async def grant_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Give the case to that colleague, with the reason; where it takes two, this may be the first word."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    card = await picked(visit, shown, await _candidates(visit, shown), ask)
    if card is None:
        return
    done = await visit.act(shown, Grant(card.id, reason))
    await _done(visit, shown, done, card, waits=granting(card.id) in done.glance.proposed)


async def _candidates(visit: Visit, shown: Shown) -> Sequence[LeadCard]:
    return await visit.store.desk.grants.candidates(visit.session(), shown.case)


def _comes_to(shown: Shown, card: LeadCard, what: str) -> tuple[Text, ...]:
    """What comes of the reason: a second lead is asked, or that person reads, and who is told."""
    if _takes_two(shown) and _first(shown.view.row.glance, what) is None:
        return (desk("It may be about an adult who works here, so a second lead has to say so too."),)
    return (
        desk(
            "{name} will read everything, notes and reasons too, and is told now. That cannot be taken back.",
            name=card.name,
        ),
        desk("The reporter is told that {name} can read it too.", name=card.name),
    )


async def _done(visit: Visit, shown: Shown, row: CaseRow, card: LeadCard, *, waits: bool) -> None:
    """Say that it waits for a second lead, or that this person reads it now."""
    visit.place.loose = None
    if waits:
        said = desk("That is noted, and the others are told. A second lead has to say so too.")
    else:
        said = desk("{name} can read this case now.", name=card.name)
        others = tuple(one for one in shown.view.admissible if one.id != card.id)
        view = replace(shown.view, recipients=(*shown.view.recipients, card), admissible=others)
        visit.place.shown = replace(shown, view=view)
    await case_card.changed(visit, row, said)


def _first(seen: Glance, what: str) -> LeadId | None:
    """Who has said so already, where it takes two."""
    found = seen.proposed.get(what)
    return found.by if found else None


def _kept_out(shown: Shown, names: Mapping[str, str]) -> Iterator[Text]:
    """Whom a lead kept out after sending, and how far each had read by then."""
    for lead, one in shown.view.row.glance.kept_out.items():
        whom = names.get(lead, "?")
        yield summary.kept_out_by(whom, one, names)
        yield keeping_out.read_up_to(shown.view, whom, one.read_to)


def _way(shown: Shown) -> Text:
    if shown.view.admissible:
        return desk("Read the words first. If they only mention somebody who may know, let that person read.")
    if _takes_two(shown):
        return desk("It may be about an adult who works here, so it takes two leads who can read it to let anybody in.")
    return desk("They do not read cases of this site any more.")


def _takes_two(shown: Shown) -> bool:
    seen = shown.view.row.glance
    return takes_two(seen.chosen, seen.categories, unsure=seen.unsure)
