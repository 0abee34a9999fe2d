"""`/team`: who is in and who waits, with fingerprints; two leads decide who else reads, and who is shut out.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

from flows.values.ids import LeadId
from flows.values.screen import Press, Row, Screen
from flows.values.text import Listed, Moment, Text, stacked
from handlers.desk.actions.ownership import mark
from handlers.desk.chat import labels
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from storage.values import Member, TeamChange, TeamView

#: What an argument calls the recovery key, where else it names a lead.
_KEY: Final = "key"
_CHANGED: Final[Mapping[str, Text]] = {
    "join": desk("joined"),
    "confirmed": desk("was let in by two leads, and reads from then on"),
    "renewed": desk("has new keys, and a new fingerprint"),
    "moved": desk("moved to another chat with an invite"),
    "enabled": desk("may come again"),
    "disabled": desk("was shut out"),
    "recovery_offered": desk("A new recovery key was made"),
    "recovery_taken": desk("A new recovery key opens every case from then on"),
}


async def team(visit: Visit, _: Ask) -> None:
    """Show who reads here, who waits, and what changed lately."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    await visit.show(await _screen(visit))


async def confirm(visit: Visit, ask: Ask) -> None:
    """Say yes to a reader or to a recovery key, as it was shown; it takes a second lead (decision 20).

    The button holds the fingerprint's digest: where somebody else waits by now, the screen is shown anew.
    """
    view = await _view(visit)
    store, session, arrival = visit.store.leads.team, visit.session(), visit.arrival
    if view.offered is not None and ask.argument == _argument(_KEY, view.offered.fingerprint):
        done = await store.confirm_recovery(session, arrival, view.offered.fingerprint)
    elif (found := _meant(view.waiting, ask)) is not None:
        done = await store.confirm(session, arrival, found.card.id, found.fingerprint)
    else:
        await visit.show(await _screen(visit))
        return
    said = desk("That is done, and everybody is told.") if done else desk("Noted. Another lead has to say yes too.")
    await visit.show(await _screen(visit, said))


async def choose(visit: Visit, _: Ask) -> None:
    """Offer whom to shut out."""
    view = await _view(visit)
    rows = tuple(_shutting(visit, one, desk("{name}", name=one.card.name)) for one in view.members)
    said = desk(
        "Whom should two of you shut out? It ends every open desk of that person at once, and stops all notices. "
        "The cases that he or she has come back to those who can read them."
    )
    await visit.show(Screen((said,), (*rows, (visit.press(desk("Back to the team"), "team"),))))


async def shut_out(visit: Visit, ask: Ask) -> None:
    """Say that somebody is to be shut out, as shown; it takes a second lead."""
    found = _meant((await _view(visit)).members, ask)
    if found is None:
        await visit.show(await _screen(visit))
        return
    team = visit.store.leads.team
    done = await team.shut_out(visit.session(), visit.arrival, found.card.id, found.fingerprint)
    name = found.card.name
    said = desk("{name} is shut out.", name=name) if done else desk("Noted. Another lead here has to say so too.")
    await visit.show(await _screen(visit, said))


async def _view(visit: Visit) -> TeamView:
    return await visit.store.leads.team_view.read(visit.session())


async def _screen(visit: Visit, *first: Text) -> Screen:
    view = await _view(visit)
    names = {one.card.id: one.card.name for one in (*view.members, *view.waiting)}
    names[visit.session().lead.id] = visit.session().lead.name
    keys = tuple(_keys(view, names))
    said = (*first, *_waiting(view, names), *keys, _members(visit, view, names), *_week(visit, view), *_lately(view))
    rows = (*_buttons(visit, view), (visit.press(desk("Back to the brief"), "brief"),))
    return Screen(said, rows)


def _waiting(view: TeamView, names: Mapping[LeadId, str]) -> Iterator[Text]:
    for one in view.waiting:
        yield stacked([desk("{name}, {role}, waits and reads nothing yet.", **_named(one)), *_yes(one.first, names)])
        yield desk("Fingerprint: {digits}", digits=one.fingerprint)
    if view.waiting:
        yield desk("Ask each of them, face to face or by phone, what stands on their screen. Only then say yes.")


def _keys(view: TeamView, names: Mapping[LeadId, str]) -> Iterator[Text]:
    if view.offered is not None:
        new = desk("A new recovery key waits. It would open every case. Its fingerprint: {digits}", digits=_key(view))
        yield stacked([new, *_yes(view.offered.first, names)])
    if view.recovery is not None:
        yield desk("The recovery key has the fingerprint {digits}", digits=view.recovery)


def _key(view: TeamView) -> str:
    return view.offered.fingerprint if view.offered else ""


def _yes(first: LeadId | None, names: Mapping[LeadId, str]) -> list[Text]:
    if first is None:
        return [desk("It takes two of you to say yes.")]
    return [desk("{name} has said yes. It takes one more of you.", name=names.get(first, "?"))]


def _members(visit: Visit, view: TeamView, names: Mapping[LeadId, str]) -> Text:
    me = visit.session().lead
    lines = [desk("You, {name}: {digits}", name=me.name, digits=view.own)]
    for one in view.members:
        lines.append(desk("{name}, {role}: {digits}", **_named(one), digits=one.fingerprint))
        if one.first is not None:
            by = names.get(one.first, "?")
            lines.append(
                desk("⚠ {by} proposes to shut {name} out. It takes one more of you.", by=by, name=one.card.name)
            )
    return stacked(lines)


def _week(visit: Visit, view: TeamView) -> Iterator[Text]:
    """Who unlocked in the last whole week, in the order of the list; neither when nor how often."""
    everybody = [(visit.session().lead.id, visit.session().lead.name)]
    everybody += [(one.card.id, one.card.name) for one in view.members]
    there = tuple(name for lead, name in everybody if lead in view.unlocked)
    if there:
        yield desk("In the last week, to Monday 08:00 UTC, a desk was opened by {names}.", names=Listed(there))


def _lately(view: TeamView) -> Iterator[Text]:
    if view.lately:
        yield stacked([desk("Lately:"), *map(_change, view.lately)])


def _change(change: TeamChange) -> Text:
    at, what = Moment(change.hour), _CHANGED[change.what]
    if change.lead is None:
        return desk("{time}: {what}", time=at, what=what)
    return desk("{time}: {name} {what}", time=at, name=change.lead.name, what=what)


def _named(one: Member) -> dict[str, str | Text]:
    return {"name": one.card.name, "role": one.card.title or labels.ROLE[one.card.role]}


def _buttons(visit: Visit, view: TeamView) -> Iterator[Row]:
    if not view.decides:
        return
    me = visit.session().lead.id
    for one in view.waiting:
        if one.first != me:
            label = desk("Yes, {name} may read", name=one.card.name)
            yield (visit.press(label, "yes", Ask(argument=_argument(mark(one.card.id), one.fingerprint))),)
    if view.offered is not None and view.offered.first != me:
        label = desk("Yes to the recovery key")
        yield (visit.press(label, "yes", Ask(argument=_argument(_KEY, view.offered.fingerprint))),)
    for one in view.members:
        if one.first not in {None, me}:
            yield _shutting(visit, one, desk("Shut {name} out", name=one.card.name))
    if view.members:
        yield (visit.press(desk("Shut somebody out…"), "whom"),)


def _shutting(visit: Visit, one: Member, label: Text) -> Row:
    press: Press = visit.press(label, "out", Ask(argument=_argument(mark(one.card.id), one.fingerprint)))
    return (press,)


def _argument(who: str, fingerprint: str) -> str:
    """What binds a button to the keys that were shown."""
    return f"{who}.{sha256(fingerprint.encode()).hexdigest()[:16]}"


def _meant(among: tuple[Member, ...], ask: Ask) -> Member | None:
    return next((one for one in among if _argument(mark(one.card.id), one.fingerprint) == ask.argument), None)
