"""`/unlock NAME`: both factors, from any browser or door; and the desk as it opens, also after joining and the PIN.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flows.values.normalise import digits, loose_name
from flows.values.screen import Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.chat import messages, permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskFactors, AskName
from handlers.desk.chat.page_links import ToUnlock
from handlers.desk.chat.visit import Visit, asking, desk
from handlers.desk.duty import brief, notices
from handlers.desk.sign_in import page_offer
from storage.leads.roster.roster import fold_name
from storage.leads.sign_in.session import LeadSession
from storage.values.errors import Crowded, NotUnlocked, Throttled

#: Random bytes of a session's tag in its buttons.
_TAG = 3


def one_moment() -> Screen:
    """Shown while a key is derived, which takes a moment on purpose."""
    return Screen((desk("One moment…"),))


def factors(*first: Text, rows: tuple[Row, ...] = ()) -> Screen:
    """Asks for passphrase and code: in two fields, on two lines, or one after the other."""
    how = desk("Type your passphrase, and on the next line the six-digit code.")
    return replace(asking("password+one-time-code", *first, how, desk("Passphrase and code")), rows=rows)


async def ask_factors(visit: Visit, asked: AskFactors, *first: Text) -> None:
    """Ask for both factors, for a name or an invite that is known already."""
    visit.place.asking = AskFactors(asked.name, asked.invite)
    page, rows = page_offer.offer(visit, ToUnlock(asked.name, asked.invite))
    await visit.show(factors(*first, *page, rows=rows))


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
    """The desk is open: earlier desk messages go, and the brief comes, unless the lead's site has it elsewhere.

    Args:
        visit: The update that opened it.
        session: The new session; a new tag makes buttons of earlier ones do nothing.
    """
    old = tuple(visit.place.said)
    visit.place.begin(visit.deps.random(_TAG).hex(), session)
    visit.place.live = ()
    visit.place.guarded = True
    visit.places.links.withdraw(visit.address)
    await visit.forget(old)
    if await notices.is_pager_only(visit):  # the chat was another lead's, whose site has its desk here
        await notices.turn_away(visit)
        return
    await permissions.offer(visit, session.lead)
    await visit.show(replace(await brief.brief_screen(visit, *_before(visit, session)), keep_device=True))


def _before(visit: Visit, session: LeadSession) -> tuple[Text, ...]:
    """When the desk was opened last, and wrong codes typed at it: whoever knows a factor is noticed by that."""
    if session.before is None:
        return ()
    said = desk(
        "You opened your desk before at {time}. If that was not you, tell another lead now.",
        time=Moment(session.before),
    )
    return (said, *messages.code_misses(visit.store.leads.codes.take_unreported(session.lead.id)))


async def unlock(visit: Visit, ask: Ask) -> None:
    """Ask for what is missing. A secret typed after the name is deleted with it and asked for properly.

    The lead whose desk is open here is told so; anybody else may open theirs instead.
    """
    await visit.forget_typed()
    session = visit.store.leads.sessions.at(visit.address)
    if session is not None and named(ask.argument, (session.lead.name,)) in {"", session.lead.name}:
        # Whoever types both factors now out of habit is unlocked anew: no passphrase is ever offered as a reply.
        visit.place.asking = AskFactors(session.lead.name)
        ways = (visit.press(desk("Brief"), "brief"), visit.press(desk("Lock"), "lock"))
        said = desk("Your desk is open here already, {name}. /lock locks it.", name=session.lead.name)
        await visit.show(Screen((said,), (ways,)))
        return
    if not ask.argument:
        visit.place.asking = AskName()
        page, rows = page_offer.offer(visit, ToUnlock())
        await visit.show(Screen((*page, desk("Please type your name, as on your invite.")), rows))
        return
    await name_typed(visit, ask.argument)


async def name_typed(visit: Visit, typed: str) -> None:
    """Ask for both factors, whether or not there is such a name: the answer tells nothing of who is on the roster."""
    roster = await visit.store.leads.roster()
    await ask_factors(visit, AskFactors(named(typed, (card.name for card in roster))))


async def factors_typed(visit: Visit, asked: AskFactors, typed: str) -> None:
    """Take passphrase and code, together or one after the other, and open the desk.

    Whatever is wrong, the answer is the same, but for too many tries of this chat or of everybody. It takes this
    update's one turn.
    """
    passphrase, code = both(typed, asked.passphrase)
    if not code:
        visit.place.asking = AskFactors(asked.name, asked.invite, passphrase)
        await visit.show(code_alone())
        return
    await visit.show(one_moment())
    try:
        session = await visit.store.leads.unlock(visit.arrival, asked.name, passphrase, code, invite=asked.invite)
    except NotUnlocked:
        await ask_factors(visit, asked, messages.not_unlocked())
    except Crowded:
        await ask_factors(visit, asked, messages.crowded())
    except Throttled as throttled:
        visit.place.asking = None
        await visit.show(messages.throttled(Moment(throttled.until, "time")))
    else:
        await opened(visit, session)


def named(typed: str, names: Iterable[str]) -> str:
    """The name in what was typed: the longest known one that it begins with, else all of it.

    So a passphrase typed after the name is dropped. What is asked next is the same either way.
    """
    known = tuple(names)
    for fold in (fold_name, loose_name):  # as it is kept first: two names may differ in no more than that
        found = [name for name in known if f"{fold(typed)} ".startswith(f"{fold(name)} ")]
        longest = max((len(fold(name)) for name in found), default=0)
        meant = [name for name in found if len(fold(name)) == longest]
        if meant:
            return meant[0] if len(meant) == 1 else typed
    return typed
