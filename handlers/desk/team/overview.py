"""`/team`: who is in, who waits and who is shut out, with fingerprints; and what waits for a second lead's word.

What a lead says first of a colleague is in `first_words.py`, what second in `second_words.py`.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from flows.values.ids import LeadId
from flows.values.screen import Row, Screen
from flows.values.text import Listed, Moment, Text, stacked
from handlers.desk.casework.actions.ownership import mark
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from handlers.desk.team import proposals
from handlers.desk.team.proposals import bound_to, meant
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
    "unsealed": desk("opens nothing of before any more"),
    "granted": desk("is given past cases by a colleague"),
    "role": desk("has another role or title"),
    "factors": desk("has a new authenticator"),
    "passkey_added": desk("added a passkey"),
    "passkey_removed": desk("removed a passkey"),
    "recovery_offered": desk("A new recovery key was made"),
    "recovery_taken": desk("A new recovery key opens every case from then on"),
}


async def team(visit: Visit, _: Ask) -> None:
    """Show who reads here, who waits, and what changed lately."""
    await visit.forget_typed()
    visit.place.shown = visit.place.loose = visit.place.asking = None
    await visit.show(await screen(visit))


async def confirm(visit: Visit, ask: Ask) -> None:
    """Say yes to a reader or to a recovery key, as it was shown; it takes a second lead (decision 20).

    The button holds the fingerprint's digest: where somebody else waits by now, the screen is shown anew.
    """
    view = await view_of(visit)
    store, session, arrival = visit.store.leads.team, visit.session(), visit.arrival
    if view.offered is not None and ask.argument == bound_to(_KEY, view.offered.fingerprint):
        done = await store.confirm_recovery(session, arrival, view.offered.fingerprint)
    elif (found := meant(view.waiting, ask.argument)) is not None:
        done = await store.confirm(session, arrival, found.card.id, found.fingerprint)
    else:
        await visit.show(await screen(visit))
        return
    await visit.show(await screen(visit, proposals.DONE if done else proposals.NOTED))


async def view_of(visit: Visit) -> TeamView:
    """What there is to show and to decide, as it is now."""
    return await visit.store.leads.team_view.read(visit.session())


def names_in(visit: Visit, view: TeamView) -> dict[LeadId, str]:
    """What each of those who may be named is called."""
    own = visit.session().lead
    return {**{one.card.id: one.card.name for one in (*view.members, *view.waiting)}, own.id: own.name}


async def screen(visit: Visit, *first: Text) -> Screen:
    """The team, below what has just been done."""
    view = await view_of(visit)
    names = names_in(visit, view)
    keys = tuple(_keys(view, names))
    there = (_members(visit, view), *_pending(view, names), *_out(view))
    said = (*first, *_waiting(view, names), *keys, *there, *_week(visit, view), *_lately(view))
    rows = (*_buttons(visit, view, names), (visit.press(desk("Back to the brief"), "brief"),))
    if view.decides:
        rows = (*rows[:-1], (visit.press(desk("Partners from outside"), "partners"),), rows[-1])
    if view.decides:  # whoever reads may look at what was done
        rows = (*rows[:-1], (visit.press(desk("What was done lately"), "audit"), *rows[-1]))
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


def _members(visit: Visit, view: TeamView) -> Text:
    me = visit.session().lead
    return stacked([desk("You, {name}: {digits}", name=me.name, digits=view.own), *map(_member, view.members)])


def _member(one: Member) -> Text:
    line = desk("{name}, {role}: {digits}", **_named(one), digits=one.fingerprint)
    days = [desk("here since {day}", day=_day(one.joined))] if one.joined else []
    if one.unlocked:
        days.append(desk("desk last open on {day}", day=_day(one.unlocked)))
    return desk("{line} ({days})", line=line, days=Listed(tuple(days))) if days else line


def _day(day: date) -> Moment:
    return Moment(datetime.combine(day, time(12), UTC), "date")


def _pending(view: TeamView, names: Mapping[LeadId, str]) -> Iterator[Text]:
    """What somebody has said first of a colleague, and waits for one more."""
    for one in view.members:
        for deed in one.pending:
            yield desk("⚠ {what} It takes one more of you.", what=proposals.proposal(one.card.name, deed, names))
    if view.leaving:
        yield desk("You have said that you leave. A colleague has to say yes.")


def _out(view: TeamView) -> Iterator[Text]:
    for one in view.suspended:
        if one.left is None:
            yield desk("{name} is shut out.", name=one.card.name)
        else:
            yield desk(
                "{name} is shut out. Cases are being locked away; left of those that you can read: {number}.",
                name=one.card.name,
                number=one.left,
            )
    for one in view.waiting:
        if one.left is not None:
            yield desk("{name} can be let in once what was open before is locked away.", name=one.card.name)


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


def _buttons(visit: Visit, view: TeamView, names: Mapping[LeadId, str]) -> Iterator[Row]:
    if not view.decides:
        return
    me = visit.session().lead.id
    for one in view.waiting:
        if one.first != me and one.left is None:
            label = desk("Yes, {name} may read", name=one.card.name)
            yield (visit.press(label, "yes", Ask(argument=bound_to(mark(one.card.id), one.fingerprint))),)
    if view.offered is not None and view.offered.first != me:
        label = desk("Yes to the recovery key")
        yield (visit.press(label, "yes", Ask(argument=bound_to(_KEY, view.offered.fingerprint))),)
    for one in view.members:
        for deed in one.pending:
            if deed.by != me:
                yield (proposals.button(visit, one, deed, names),)
    if view.members:
        yield (visit.press(desk("About a colleague…"), "whom"),)
    yield (visit.press(desk("Invite somebody…"), "invite"),)
    if view.members and not view.leaving:
        yield (visit.press(desk("I leave…"), "going"),)
