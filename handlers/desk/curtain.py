"""The curtain over an idle desk, the PIN that lifts it, and `/lock`, which always works."""

from __future__ import annotations

from flows.folding import digits
from handlers.desk import brief, menu, opening, told
from handlers.desk.buttons import Ask
from handlers.desk.place import AskPin
from handlers.desk.visit import Seat, Visit, desk
from storage.refusals import NotOffered, NotUnlocked, SessionOver


async def lock(visit: Visit, _: Ask) -> None:
    """End the session and delete every desk message; without a session it says the same."""
    await visit.store.leads.lock(visit.address)
    await visit.forget_typed()
    await fell(visit)


async def ask_pin(visit: Visit, _: Ask) -> None:
    """The button [Set a PIN]."""
    visit.place.asking = AskPin()
    await visit.add(opening.pin())


async def pin_typed(visit: Visit, typed: str) -> bool:
    """Set the PIN if `typed` is one; false, and nothing is done, if it is not."""
    pin = digits(typed)
    if not pin:
        return False
    try:
        await visit.store.leads.set_pin(visit.session(), pin)
    except NotOffered:
        visit.place.asking = AskPin()
        await visit.add(opening.pin(desk("That one is too easy to guess, or not of 4 to 8 digits.")))
        return True
    await visit.show(await brief.screen(visit, desk("Your PIN is set.")))
    return True


async def lift(visit: Visit, typed: str) -> None:
    """Lift the curtain with the PIN; the last miss locks fully."""
    pin = digits(typed)
    if not pin:
        await visit.show(told.curtain())
        return
    try:
        session = await visit.store.leads.lift(visit.arrival, pin)
    except NotUnlocked as missed:
        if missed.left:
            await visit.show(told.curtain_miss(missed.left))
            return
        await visit.store.leads.lock(visit.address)
        await fell(visit)
    except SessionOver:
        await fell(visit)
    else:
        visit.place.session = session
        await visit.heed()
        await visit.show(await brief.screen(visit))


async def draw(seat: Seat) -> None:
    """Draw the curtain over an idle desk: its messages go first, then the keys, then the PIN is asked for."""
    await seat.clear()
    seat.store.leads.draw(seat.address)
    await ended(seat)


async def ended(seat: Seat) -> None:
    """The session is behind its curtain or over: no message of it stays, and the chat is told which it is."""
    if not seat.store.leads.curtained(seat.address):
        await fell(seat)
        return
    await seat.clear()
    seat.place.session = seat.place.shown = seat.place.loose = seat.place.asking = None
    await seat.show(told.curtain())


async def fell(seat: Seat) -> None:
    """The session is over: what is left of it goes, and the door is shown."""
    session = seat.place.session
    if session is not None:
        seat.places.openers.left(session.lead.id)
    seat.place.begin("", None)
    seat.place.guarded = session is not None or seat.place.guarded
    await seat.clear()
    await menu.withdraw(seat)
    await seat.show(told.locked())
