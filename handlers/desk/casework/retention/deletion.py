"""`/delete`, what the law asks, a wish to destroy a case, and the words of two that do; and `/ending`, which cases end.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.cases.retention import NOTICE, Block
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.case import case_card, kept_until
from handlers.desk.casework.actions import prompts, second_word
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import Visit, about, desk
from storage.deeds.leaving.retention import AskDestruction
from storage.values import CaseRow

#: What is said of what stands against it, in this order.
_AGAINST: Final[Mapping[Block, Text]] = {
    "open": desk("It is open. Nothing open is ever destroyed."),
    "unread": desk("There are words that you have not read. Nothing unread is ever destroyed."),
    "clock": desk("A clock runs for it still."),
    "held": desk("It is held: two of you have to lift that first, with /hold."),
}


async def delete(visit: Visit, ask: Ask) -> None:
    """Show what stands against it; ask for a reason before its time, and for a code once it has come."""
    shown = await prompts.case_for(visit, "delete", ask)
    if shown is None:
        return
    against = kept_until.against(shown.view.row, visit.now())
    said = [text for block, text in _AGAINST.items() if block in against]
    if said:
        await visit.show(Screen(tuple(said), (prompts.back(visit, shown),)))
    elif not against:
        await second_word.ask(visit, "delete", about(shown), "", _last_look(visit, shown))
    elif shown.view.row.retention.told is not None:
        day = Moment(shown.view.row.retention.told + NOTICE, "day_time")
        said = [desk("Its readers were told. From {day} on two of you can say that it is destroyed.", day=day)]
        await visit.show(Screen(tuple(said), (_keep(visit, shown), prompts.back(visit, shown))))
    elif "kept" in against:
        await _ask_reason(visit, shown)
    else:
        told = desk("Its time is over. Its readers are told within minutes; a week later two of you can say so.")
        await visit.show(Screen((told,), (_keep(visit, shown), prompts.back(visit, shown))))


async def _ask_reason(visit: Visit, shown: Shown) -> None:
    """What the law asks, from the definitions, before anybody types a reason."""
    kind = kept_until.kind_of(visit, shown.view)
    source = desk("Source: {source}", source=kind.source)
    unsure = (desk("That is from memory, and was not checked."),) if kind.grade == "M" else ()
    said = (
        kept_until.stands(visit, shown.view),
        Text(kind.law, "desk"),
        source,
        *unsure,
        desk(
            "If it has to go all the same, type who asks and why. Everybody who reads it is told, and a week later two"
            " of you can say so. Until then one of you can stop it, with a hold or a later date."
        ),
    )
    await prompts.for_text(visit, "delete", shown, *said)


async def reason_typed(visit: Visit, ask: Ask, reason: str) -> None:
    """Ask for it: the others are told."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    done = await visit.act(shown, AskDestruction(reason))
    day = Moment(visit.now() + NOTICE, "date")
    said = desk("The others are told. From {day} on two of you can say that it is destroyed: /delete", day=day)
    await case_card.changed(visit, done, said)


def _last_look(visit: Visit, shown: Shown) -> Screen:
    said = (
        desk("{reference} is destroyed: its keys, its words and its receipt.", reference=shown.reference),
        kept_until.stands(visit, shown.view),
        desk("Nobody can bring it back, and no backup does. What remains is that there was a case, and who read it."),
    )
    return Screen(said, (_keep(visit, shown), prompts.back(visit, shown)))


def _keep(visit: Visit, shown: Shown) -> Row:
    return (visit.press(desk("How long it is kept"), "retention", about(shown)),)


async def confirmed(visit: Visit, ask: Ask, _: str) -> None:
    """Say one's word, after a fresh code; with the second one the case is gone."""
    shown = await case_card.on_screen(visit, ask)
    if shown is None:
        return
    row = shown.view.row
    done = await visit.store.destruction.agree(visit.session(), visit.arrival, row.id, row.version)
    if done is not None:
        said = desk("Yours is noted. A second lead has to say so too within a day, with /delete.")
        await case_card.changed(visit, done, said)
        return
    visit.place.shown = visit.place.loose = None
    visit.place.walked.pop(shown.reference, None)
    visit.place.turned.pop(shown.reference, None)
    await visit.show(
        Screen(
            (desk("It is destroyed. Its keys are gone, and with them its words."),),
            ((visit.press(desk("Queue"), "queue"), visit.press(desk("Brief"), "brief")),),
        )
    )


async def ending(visit: Visit, _: Ask) -> None:
    """List the lead's own cases whose time is over or nearly, and those that are held or to be destroyed."""
    await visit.forget_typed()
    visit.place.asking = None
    rows = await visit.store.desk.ending(visit.session())
    said = [_line(row) for row in rows] or [desk("The time of none of your cases is over, and none is held.")]
    presses = tuple((visit.press(_name(row), "retention", Ask(row.reference)),) for row in rows)
    await visit.show(Screen(tuple(said), (*presses, (visit.press(desk("Brief"), "brief"),))))


def _name(row: CaseRow) -> Text:
    return Text("{reference}", "desk", {"reference": row.reference})


def _line(row: CaseRow) -> Text:
    until, noted = row.retention.until, row.retention
    month = kept_until.month(until) if until is not None else desk("somebody gives a date")
    if noted.held:
        return desk("{reference}: kept until {month}, and held.", reference=row.reference, month=month)
    if noted.told is not None:
        day = Moment(noted.told + NOTICE, "date")
        return desk("{reference}: from {day} on two of you can destroy it.", reference=row.reference, day=day)
    return desk("{reference}: kept until {month}.", reference=row.reference, month=month)
