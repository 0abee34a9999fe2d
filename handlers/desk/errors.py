"""What a lead is told where storage refuses; nothing was done, and unknown and forbidden are the same answer.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from flows.values.screen import Row, Screen
from flows.values.text import Moment
from handlers.desk.casework.access import read_reason
from handlers.desk.chat import messages
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.sign_in import pin_lock
from handlers.telegram.updates import Button
from storage.values.errors import (
    CodeMissing,
    NoSuchCase,
    NotOffered,
    ReasonNeeded,
    Refusal,
    SessionOver,
    Stale,
    Tampered,
    Throttled,
)

#: What is told here; every other refusal is the dispatcher's.
TOLD = (CodeMissing, NoSuchCase, NotOffered, ReasonNeeded, SessionOver, Stale, Tampered, Throttled)


async def tell(visit: Visit, refusal: Refusal) -> None:
    """Say it, with a way forward; the case on the screen and what was typed stay, but for a case that is not there.

    Args:
        visit: Whom to tell.
        refusal: One of `TOLD`. Its sentence is ours and holds nothing of a case.
    """
    match refusal:
        case SessionOver():
            await over(visit)
        case Stale(changes=changes):
            await _stale(visit, Screen(messages.changed(changes)), unread=not changes)
        case NoSuchCase():
            visit.place.shown = visit.place.loose = None
            await visit.show(Screen((messages.no_such_case(),), (_ways(visit),)))
        case ReasonNeeded(reference=reference):
            await read_reason.ask(visit, reference)
        case Tampered():
            said = desk("This cannot be shown: what is kept is not genuine. Those who answer for Hark are told now.")
            await visit.show(Screen((said,), (_ways(visit),)))
        case CodeMissing():
            await visit.show(
                Screen((desk("That takes a fresh code. Nothing was done: please begin again."),), _back(visit))
            )
        case Throttled(until=until):
            await visit.show(messages.throttled(Moment(until, "time")))
        case _:
            await visit.show(
                Screen((desk("That is not possible as the case stands. Nothing was done."),), _back(visit))
            )


async def over(visit: Visit) -> None:
    """There is no open session: the curtain if it is drawn, else the locked desk; a button is counted as refused.

    What an ended session still shows in the chat is deleted first.
    """
    if isinstance(visit.incoming.what, Button):
        visit.store.note_refused()
    if visit.store.leads.sessions.curtained(visit.address) or visit.place.session is not None:
        await pin_lock.ended(visit)
    else:
        await visit.show(messages.locked())


async def not_for_role(visit: Visit) -> None:
    """The session is open, and this is for other roles, or for later."""
    waits = visit.session().lead.waiting
    said = messages.waits() if waits else desk("That is not for your role.")
    await visit.show(Screen((said,), ((visit.press(desk("Brief"), "brief"),),)))


async def _stale(visit: Visit, screen: Screen, *, unread: bool) -> None:
    shown = visit.place.shown
    if shown is None:
        await visit.show(Screen(screen.paragraphs, (_ways(visit),)))
        return
    words = visit.press(desk("Read the words"), "words", Ask(shown.reference, None, "0"), rank="main")
    anew = visit.press(desk("Look again"), "open", Ask(shown.reference), rank="main")
    rows: list[Row] = [(words if unread else anew,)]
    if visit.place.loose is not None and visit.place.loose.text:
        rows.append((visit.press(desk("My words again"), "again", Ask(shown.reference)),))
    await visit.show(Screen(screen.paragraphs, tuple(rows)))


def _back(visit: Visit) -> tuple[Row, ...]:
    shown = visit.place.shown
    if shown is None:
        return (_ways(visit),)
    return ((visit.press(desk("Back to the case"), "open", Ask(shown.reference)),),)


def _ways(visit: Visit) -> Row:
    brief, session = visit.press(desk("Brief"), "brief"), visit.place.session
    if session is not None and session.lead.role == "partner":
        return (brief,)
    return (visit.press(desk("Queue"), "queue"), brief)
