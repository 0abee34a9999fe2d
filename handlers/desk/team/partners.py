"""`/partners`: who of outside is here, by which agreement, and until when; a second lead's yes; and suspending one.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Final

from flows.values.screen import Press, Row, Screen
from flows.values.text import Moment, Text
from handlers.desk.casework.actions.ownership import mark
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.unsent import UnsentAgreement
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import share_labels
from handlers.desk.team import agreeing, proposals
from storage.values.errors import NotOffered
from storage.values.partners import AgreementProposed, Partner, PartnersView, WantedAgreement

#: Partners with a button on one screen.
_SHOWN: Final = 40


async def partners(visit: Visit, _: Ask) -> None:
    """List them, and what one lead has proposed, each with a button."""
    await visit.forget_typed()
    visit.place.shown = None
    await show(visit)


async def show(visit: Visit, *first: Text) -> None:
    """The list, below what has just been done."""
    visit.place.agreeing = visit.place.asking = visit.place.loose = None
    view = await _view(visit)
    names = {str(card.id): card.name for card in await visit.store.leads.roster()}
    said = [*first, *(_proposal(one, names.get(one.by, "?")) for one in view.proposed), *map(_line, view.partners)]
    if not view.partners and not view.proposed:
        said.append(desk("Nobody from outside is a partner yet."))
    rows: list[Row] = [(_yes(visit, one),) for one in view.proposed if one.by != visit.session().lead.id]
    rows += [(_open(visit, one),) for one in view.partners[:_SHOWN]]
    rows.append((visit.press(desk("Invite a partner…"), "agreeing"),))
    await visit.show(Screen(tuple(said), (*rows, (visit.press(desk("Back to the team"), "team"),))))


async def _view(visit: Visit) -> PartnersView:
    return await visit.store.leads.partners.read(visit.session())


def _line(one: Partner) -> Text:
    if one.card.disabled:
        return desk("{name}: suspended", name=one.card.name)
    if one.agreement is None:
        return desk("⚠ {name}: there is no agreement yet", name=one.card.name)
    agency, until = share_labels.AGENCY[one.agreement.agency], Moment(one.agreement.until, "date")
    return desk(
        "{name}, {job}: {agency}, until {day}", name=one.card.name, job=one.card.title, agency=agency, day=until
    )


def _proposal(one: AgreementProposed, by: str) -> Text:
    what = agreeing.in_words(one.wanted)
    return desk("⚠ {by} proposes: {what}. It takes one more of you.", by=by, what=what)


def _yes(visit: Visit, one: AgreementProposed) -> Press:
    return visit.press(desk("Yes, {name} as a partner", name=one.wanted.name), "agreed", Ask(argument=_digest(one)))


def _digest(one: AgreementProposed) -> str:
    """What binds the button to all that was shown: 32 hexadecimal digits."""
    wanted = one.wanted
    about = (one.by, wanted.name, wanted.job, wanted.agency, wanted.what, wanted.until.isoformat())
    return sha256("\n".join(about).encode()).hexdigest()[:32]


def _open(visit: Visit, one: Partner) -> Press:
    return visit.press(Text("{name}", "desk", {"name": one.card.name}), "partner", _about(one))


def _about(one: Partner) -> Ask:
    return Ask(argument=proposals.bound_to(mark(one.card.id), one.fingerprint))


async def partner(visit: Visit, ask: Ask) -> None:
    """Show one, with what can be done."""
    one = await _meant(visit, ask)
    if one is None:
        return
    rows: list[Row] = [(visit.press(desk("New agreement…"), "agreeing", ask),)]
    if not one.card.disabled:
        rows.append((visit.press(desk("Suspend {name} now", name=one.card.name), "partnerout", ask),))
    back = (visit.press(desk("All partners"), "partners"),)
    await visit.show(Screen(tuple(_whole(one)), (*rows, back)))


def _whole(one: Partner) -> Iterator[Text]:
    yield _line(one)
    if one.agreement is not None:
        since = Moment(one.agreement.since, "date")
        yield desk("Agreement, since {day}: “{words}”", day=since, words=one.agreement.what)
    if one.seen is not None:
        day = Moment(datetime.combine(one.seen, time(12), UTC), "date")
        yield desk("Last at the desk on {day}. After 90 days away it ends by itself.", day=day)
    yield desk("Fingerprint: {digits}", digits=one.fingerprint)
    if not one.card.disabled:
        yield desk("To suspend ends the desk at once, and everything that is shared.")


async def suspend(visit: Visit, ask: Ask) -> None:
    """Suspend one, alone."""
    one = await _meant(visit, ask)
    if one is None:
        return
    await visit.store.leads.partners.suspend(visit.session(), visit.arrival, one.card.id, one.fingerprint)
    await show(visit, desk("{name} is suspended.", name=one.card.name))


async def begin(visit: Visit, ask: Ask) -> None:
    """Begin an agreement: with somebody new, or anew with the partner whose button was pressed."""
    one = await _meant(visit, ask) if ask.argument else None
    if ask.argument and one is None:
        return
    unsent = UnsentAgreement() if one is None else UnsentAgreement(one.card.name, one.card.title)
    await agreeing.ask_next(visit, unsent)


async def propose(visit: Visit, _: Ask) -> None:
    """Say one's own word for what was put together, as it was shown."""
    wanted = agreeing.wanted_of(visit)
    if wanted is None:
        await agreeing.ask_next(visit, visit.place.agreeing or UnsentAgreement())
        return
    try:
        await _agree(visit, wanted)
    except NotOffered:
        said = desk("That cannot be agreed on: somebody here may have that name. Nothing was done.")
        await agreeing.ask_next(visit, visit.place.agreeing or UnsentAgreement(), said)


async def agreed(visit: Visit, ask: Ask) -> None:
    """Say the second word, as it was shown; where something else waits by now, the list is shown anew."""
    found = next((one for one in (await _view(visit)).proposed if _digest(one) == ask.argument), None)
    if found is None:
        await show(visit)
        return
    await _agree(visit, found.wanted)


async def _agree(visit: Visit, wanted: WantedAgreement) -> None:
    done = await visit.store.leads.partners.agree(visit.session(), visit.arrival, wanted)
    visit.place.agreeing = visit.place.loose = None
    if done.invite is not None:
        back = visit.press(desk("All partners"), "partners")
        await proposals.show_code(visit, wanted.name, done.invite, back)
        return
    await show(visit, proposals.DONE if done.stands else proposals.NOTED_HERE)


async def _meant(visit: Visit, ask: Ask) -> Partner | None:
    """Who is meant; where nobody is, with the keys that were shown, the list is shown anew."""
    one = next((one for one in (await _view(visit)).partners if _about(one) == Ask(argument=ask.argument)), None)
    if one is None:
        await show(visit)
    return one
