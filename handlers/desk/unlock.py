"""`/unlock NAME`: both factors, from any browser or door; nothing tells a wrong name from a wrong factor."""

from __future__ import annotations

from collections.abc import Iterable

from flows.folding import loose_name
from flows.screens import Screen
from flows.texts import Moment
from handlers.desk import opening, told
from handlers.desk.buttons import Ask
from handlers.desk.place import AskFactors, AskName
from handlers.desk.visit import Visit, desk
from storage.people.roster import fold_name
from storage.refusals import Crowded, NotUnlocked, Throttled


async def unlock(visit: Visit, ask: Ask) -> None:
    """Ask for what is missing. A secret typed after the name is deleted with it and asked for properly.

    The lead whose desk is open here is told so; anybody else may open theirs instead.
    """
    await visit.forget_typed()
    session = visit.store.leads.session(visit.address)
    if session is not None and named(ask.argument, (session.lead.name,)) in {"", session.lead.name}:
        # Whoever types both factors now out of habit is unlocked anew: no passphrase is ever offered as a reply.
        visit.place.asking = AskFactors(session.lead.name)
        ways = (visit.press(desk("Brief"), "brief"), visit.press(desk("Lock"), "lock"))
        said = desk("Your desk is open here already, {name}. /lock locks it.", name=session.lead.name)
        await visit.show(Screen((said,), (ways,)))
        return
    if not ask.argument:
        visit.place.asking = AskName()
        await visit.show(Screen((desk("Please type your name, as on your invite."),)))
        return
    await name_typed(visit, ask.argument)


async def name_typed(visit: Visit, typed: str) -> None:
    """Ask for both factors, whether or not there is such a name."""
    roster = await visit.store.leads.roster()
    visit.place.asking = AskFactors(named(typed, (card.name for card in roster)))
    await visit.show(opening.factors())


async def factors_typed(visit: Visit, asked: AskFactors, typed: str) -> None:
    """Take passphrase and code, together or one after the other, and open the desk."""
    passphrase, code = opening.both(typed, asked.passphrase)
    if not code:
        visit.place.asking = AskFactors(asked.name, asked.invite, passphrase)
        await visit.show(opening.code_alone())
        return
    await visit.show(opening.one_moment())
    try:
        session = await visit.store.leads.unlock(visit.arrival, asked.name, passphrase, code, invite=asked.invite)
    except NotUnlocked:
        visit.place.asking = AskFactors(asked.name, asked.invite)
        await visit.show(opening.factors(told.not_unlocked()))
    except Crowded:
        visit.place.asking = AskFactors(asked.name, asked.invite)
        await visit.show(opening.factors(told.crowded()))
    except Throttled as throttled:
        visit.place.asking = None
        await visit.show(told.throttled(Moment(throttled.until, "time")))
    else:
        await opening.opened(visit, session)


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
