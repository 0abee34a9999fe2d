"""What joining, unlocking and lifting the curtain share: the factors asked for, and the desk as it opens."""

from __future__ import annotations

from dataclasses import replace

from flows.folding import digits
from flows.screens import Screen
from flows.texts import Moment, Text
from handlers.desk import brief, menu, pager
from handlers.desk.visit import Visit, asking, desk
from storage.people.session import LeadSession

#: Random bytes of a session's tag in its buttons.
_TAG = 3


def one_moment() -> Screen:
    """Shown while a key is derived, which takes a moment on purpose."""
    return Screen((desk("One moment…"),))


def factors(*first: Text) -> Screen:
    """Asks for passphrase and code: in two fields, on two lines, or one after the other."""
    how = desk("Type your passphrase, and on the next line the six-digit code.")
    return asking("password+one-time-code", *first, how, desk("Passphrase and code"))


def code_alone() -> Screen:
    """Asks for the code after the passphrase."""
    return asking("one-time-code", desk("Six-digit code"))


def pin(*first: Text) -> Screen:
    """Asks for a PIN for the curtain."""
    return asking(
        "pin",
        *first,
        desk("After some idle minutes a curtain is drawn here. A short PIN opens it; without one the desk locks."),
        desk("Choose a PIN of 4 to 8 digits"),
    )


def both(typed: str, passphrase: str) -> tuple[str, str]:
    """Passphrase and code out of what was typed after `passphrase`, if that was; the code is empty if there is none.

    A line of digits is the code, however they are written, and never a part of the passphrase. What is typed instead
    of the code is the passphrase once more.
    """
    lines = typed.strip().splitlines() or [""]
    code = digits(lines[-1])
    head = "\n".join(lines[:-1]).strip()
    if code and (head or passphrase):
        return head or passphrase, code
    return typed.strip(), ""


async def opened(visit: Visit, session: LeadSession) -> None:
    """The desk is open: earlier desk messages go, and the brief comes, unless the lead's site has it elsewhere."""
    old = tuple(visit.place.said)
    visit.place.begin(visit.deps.random(_TAG).hex(), session)
    visit.place.live = ()
    visit.place.guarded = True
    await visit.forget(old)
    if await pager.only(visit):  # the chat was another lead's, whose site has its desk here
        await pager.turn_away(visit)
        return
    await menu.offer(visit, session.lead)
    await visit.show(replace(await brief.screen(visit, *_before(session)), keep_device=True))


def _before(session: LeadSession) -> tuple[Text, ...]:
    """When the desk was opened last: whoever has seen a code and a passphrase is noticed by that."""
    if session.before is None:
        return ()
    said = desk(
        "You opened your desk before at {time}. If that was not you, tell another lead now.",
        time=Moment(session.before),
    )
    return (said,)
