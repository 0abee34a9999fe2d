"""The curtain over an idle desk, the PIN that lifts it, and `/lock`, which always works.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.values.normalise import digits
from handlers.desk.chat import messages, permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskPin
from handlers.desk.chat.visit import DeskChat, Visit, desk
from handlers.desk.duty import brief
from handlers.desk.sign_in import unlock
from storage.values.errors import NotOffered, NotUnlocked, SessionOver


async def lock(visit: Visit, _: Ask) -> None:
    """End the session and delete every desk message; without a session it says the same.

    The session ends first, which needs no database, so that it is over whatever fails after it.
    """
    visit.store.leads.sessions.lock(visit.address)
    await visit.forget_typed()
    await fell(visit)


async def ask_pin(visit: Visit, _: Ask) -> None:
    """The button [Set a PIN]."""
    visit.place.asking = AskPin()
    await visit.add(unlock.pin())


async def pin_typed(visit: Visit, typed: str) -> bool:
    """Set the PIN if `typed` is one; false, and nothing is done, if it is not.

    One that is too easy is asked for again; the earlier PIN, if there was one, stays.
    """
    pin = digits(typed)
    if not pin:
        return False
    try:
        await visit.store.leads.sessions.set_pin(visit.session(), pin)
    except NotOffered:
        visit.place.asking = AskPin()
        await visit.add(unlock.pin(desk("That one is too easy to guess, or not of 4 to 8 digits.")))
        return True
    await visit.show(await brief.brief_screen(visit, desk("Your PIN is set.")))
    return True


async def lift(visit: Visit, typed: str) -> None:
    """Lift the curtain with the PIN; the last miss locks fully.

    What is not digits alone counts as no try. Else it takes this update's one turn, also where the PIN is wrong.
    """
    pin = digits(typed)
    if not pin:
        await visit.show(messages.curtain())
        return
    try:
        session = await visit.store.leads.sessions.lift(visit.arrival, pin)
    except NotUnlocked as missed:
        if missed.left:
            await visit.show(messages.curtain_miss(missed.left))
            return
        visit.store.leads.sessions.lock(visit.address)
        await fell(visit)
    except SessionOver:
        await fell(visit)
    else:
        visit.place.session = session
        await visit.delete_notices()
        await visit.show(await brief.brief_screen(visit))


async def draw(desk_chat: DeskChat) -> None:
    """Draw the curtain over an idle desk: its messages go first, then the keys, then the PIN is asked for.

    Where the tidy list cannot be written nothing is drawn: whoever calls it tries again.
    """
    await desk_chat.clear()
    desk_chat.store.leads.sessions.draw(desk_chat.address)
    await ended(desk_chat)


async def ended(desk_chat: DeskChat) -> None:
    """The session is behind its curtain or over: no message of it stays, and the chat is told which it is."""
    if not desk_chat.store.leads.sessions.curtained(desk_chat.address):
        await fell(desk_chat)
        return
    await desk_chat.clear()
    desk_chat.place.session = desk_chat.place.shown = desk_chat.place.loose = desk_chat.place.asking = None
    await desk_chat.show(messages.curtain())


async def fell(desk_chat: DeskChat) -> None:
    """The session is over: what is left of it goes, and the door is shown.

    The chat stays guarded: what is typed there next may be meant for the desk, and is not taken for a concern.
    """
    session = desk_chat.place.session
    if session is not None:
        desk_chat.places.openers.left(session.lead.id)
    desk_chat.place.begin("", None)
    desk_chat.place.guarded = session is not None or desk_chat.place.guarded
    await desk_chat.clear()
    await permissions.withdraw(desk_chat)
    await desk_chat.show(messages.locked())
