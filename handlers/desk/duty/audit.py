"""`/audit`: the seal of the audit log and what was done lately; `/reads`: who read what, for a second person.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final

from flows.cases.roles import is_for
from flows.values.screen import Screen
from flows.values.text import Moment, Text, stacked
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import deed_labels
from storage.desk.oversight.read_reviews import ReadShown
from storage.desk.queue.latest_rows import LoggedRow
from storage.leads.sign_in.session import LeadSession
from storage.values.errors import Unavailable

#: How long the seal stays where it can be copied.
STAYS: Final = timedelta(minutes=5)


async def seal_line(visit: Visit, session: LeadSession) -> tuple[Text, ...]:
    """The seal of the audit log at this unlock, drawn once a session; nothing where taking it would take long.

    It is drawn once, since a second one would tell whether something happened meanwhile, whatever it was.
    """
    if session.seal is None:
        with suppress(Unavailable):  # the desk opens all the same
            session.seal = await visit.store.audit.seal()
    return () if session.seal is None else (desk("Seal of the audit log: {seal}", seal=session.seal),)


async def audit(visit: Visit, _: Ask) -> None:
    """Show the seal, and the latest of cases that this lead can open."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    session = visit.session()
    rows = await visit.store.latest_rows.read(session)
    seal = await seal_line(visit, session)
    why = desk(
        "Note it down elsewhere: with it anybody can check later that nothing up to now was changed or taken away."
    )
    lately = stacked([desk("In cases that you can open, in the last seven days:"), *map(_row, rows)])
    copying = ((visit.press(desk("Copy the seal"), "seal"),),) if seal else ()
    ways = (visit.press(desk("Who read what"), "reads"), visit.press(desk("Back to the brief"), "brief"))
    figures = ((visit.press(desk("Figures"), "stats"),),) if is_for(session.lead.role, "stats") else ()
    said = (
        *seal,
        *([why] if seal else []),
        *([lately] if rows else [desk("Nothing was done in the last seven days.")]),
    )
    await visit.show(Screen(said, (*copying, *figures, ways)))


async def copy_seal(visit: Visit, _: Ask) -> None:
    """Send the seal as a message that can be copied, for five minutes."""
    seal = visit.session().seal
    if seal is None:
        await audit(visit, Ask())
        return
    await visit.send_copyable(Screen((desk("This can be copied for five minutes."),), verbatim=seal), STAYS)


async def reads(visit: Visit, _: Ask) -> None:
    """Show who read what, where this lead is asked to look."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    found = await visit.store.read_reviews.shown(visit.session())
    back = visit.press(desk("Back to the brief"), "brief")
    if not found:
        await visit.show(Screen((desk("There is nothing that you are asked to look through."),), ((back,),)))
        return
    head = desk("Who read what, in cases that you can open too. Does each of these make sense to you?")
    worry = desk("If one does not, ask that colleague, or tell the head.")
    seen = visit.press(desk("Seen"), "looked", rank="main")
    await visit.show(Screen((head, stacked(list(map(_read, found))), worry), ((seen,), (back,))))


async def looked(visit: Visit, _: Ask) -> None:
    """The button [Seen]: it stands in the audit log. It takes this update's one turn."""
    await visit.store.read_reviews.sign(visit.session(), visit.arrival)
    said = desk("Thank you. That you have looked is noted.")
    await visit.show(Screen((said,), ((visit.press(desk("Back to the brief"), "brief"),),)))


def _row(row: LoggedRow) -> Text:
    who = row.by.name if row.by else desk("the reporter")
    at, what = Moment(row.hour), deed_labels.logged(row.what)
    return desk("{time} · {reference} · {name}: {what}", time=at, reference=row.reference, name=who, what=what)


def _read(one: ReadShown) -> Text:
    what = desk("copied it out") if one.copied else desk("opened it")
    at, of = Moment(one.hour), one.reference
    line = desk("{name} · {reference} · {what}, last {time}", name=one.reader.name, reference=of, what=what, time=at)
    return desk("{line} · “{reason}”", line=line, reason=one.reason) if one.reason else line
