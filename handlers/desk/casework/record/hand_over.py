"""Handing over: the words of a receipt are shown once at the desk of the lead who took a concern down.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.values.screen import Press, Screen
from flows.values.text import Moment, Text
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording.labels import REGISTER
from storage.values import PendingReceipt

#: Of a receipt's id, so many hexadecimal digits are in a button; it is looked up among the lead's own.
_DIGITS = 8


async def offer(visit: Visit, *first: Text) -> None:
    """Offer the words that wait, after `first`."""
    waiting = await visit.store.recordings.to_hand_over(visit.session())
    if not waiting:
        said = (*first, desk("There are no words to hand over."))
        await visit.show(Screen(said, ((visit.press(desk("Brief"), "brief"),),)))
        return
    rows = [(_button(visit, one, alone=len(waiting) == 1),) for one in waiting]
    said = (
        *first,
        desk(
            "Eight words bring the person back to it. They are shown once: have paper ready, or the person beside you."
        ),
        desk("Keep no copy. With their first return the person gets other words, and these open nothing any more."),
    )
    await visit.show(Screen(said, (*rows, (visit.press(desk("Brief"), "brief"),))))


async def choose(visit: Visit, _: Ask) -> None:
    """The words that wait to be handed over, by button."""
    visit.place.shown = visit.place.loose = visit.place.asking = None
    await offer(visit)


async def show_once(visit: Visit, ask: Ask) -> None:
    """Show the words; once the messenger has taken them they are gone from what is kept, and are shown no more."""
    session = visit.session()
    waiting = await visit.store.recordings.to_hand_over(session)
    receipt = next((one for one in waiting if one.id[:_DIGITS] == ask.argument), None)
    if receipt is None:
        await offer(visit, desk("Those words were shown, or are gone."))
        return
    await visit.store.seen(visit.arrival)

    async def seen() -> None:
        await visit.store.recordings.handed_over(session, receipt)

    said = (
        desk("Give these words to the person: {who}.", who=REGISTER[receipt.register]),
        desk("Say: with these words you can come back, read the answer and say more. Show them to nobody."),
    )
    done = ((visit.press(desk("They have them"), "brief", rank="main"),),)
    await visit.show(Screen(said, done, code=receipt.words), seen=seen)


def _button(visit: Visit, receipt: PendingReceipt, *, alone: bool) -> Press:
    label = desk("Hand over the words")
    if not alone and receipt.at is not None:
        label = desk("{who}, {time}", who=REGISTER[receipt.register], time=Moment(receipt.at))
    return visit.press(label, "words_shown", Ask(argument=receipt.id[:_DIGITS]), rank="main" if alone else None)
