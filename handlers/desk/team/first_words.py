"""What a lead says first of a colleague at `/team`: shut out, another role, a lost phone; and that she leaves herself.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import Final, cast

from flows.cases.roles import ROLES
from flows.values.ids import READING, LeadId, Role
from flows.values.screen import Row, Screen
from flows.values.text import Text
from handlers.desk.casework.actions import second_word
from handlers.desk.casework.actions.ownership import mark
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.chat_state import AskText
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.chat.wording import labels
from handlers.desk.team import overview, proposals
from storage.values import Member

#: What stands for nobody, and for no title.
_NOBODY: Final = "-"
#: The roles that a colleague can be given at the desk: those that read, and the manager.
OFFERED: Final[tuple[Role, ...]] = tuple(role for role in ROLES if role in READING or role == "manager")


async def choose(visit: Visit, _: Ask) -> None:
    """Offer the colleagues, each with what can be done."""
    view = await overview.view_of(visit)
    rows = tuple((visit.press(desk("{name}", name=one.card.name), "person", _about(one)),) for one in view.members)
    await visit.show(Screen((desk("About whom?"),), (*rows, _back(visit))))


async def person(visit: Visit, ask: Ask) -> None:
    """Offer what can be done about one colleague; each but the giving of cases takes a second lead."""
    one = await _meant(visit, ask)
    if one is None:
        return
    name, about = one.card.name, _about(one)
    rows: list[Row] = []
    if one.card.role in READING:
        rows.append((visit.press(desk("Give past cases…"), "past", about),))
    if one.card.role != "partner":  # who is one, and in which job, is said with /partners
        rows.append((visit.press(desk("Another role or title…"), "roles", about),))
    rows += [
        (visit.press(desk("Lost the phone…"), "phone", about),),
        (visit.press(desk("Forgot the passphrase…"), "forgot", about),),
        (visit.press(desk("Shut {name} out…", name=name), "outing", about),),
    ]
    await visit.show(Screen((desk("What about {name}?", name=name),), (*rows, _back(visit))))


async def ask_taker(visit: Visit, ask: Ask) -> None:
    """Say what it means to shut somebody out, and ask who takes over the open cases."""
    one = await _meant(visit, ask)
    if one is None:
        return
    name = one.card.name
    said = desk(
        "Two of you can shut {name} out. It ends every open desk of that person at once, stops all notices, and locks "
        "all cases away from that person for good.",
        name=name,
    )
    await _takers(visit, one.card.id, name, "out", _about(one).argument, said)


async def shut_out(visit: Visit, ask: Ask) -> None:
    """Say that somebody is to be shut out, as shown; it takes a second lead, who sees who takes the cases."""
    about, taker = await _with_taker(visit, ask)
    one = await _meant(visit, Ask(argument=about))
    if one is None:
        return
    store, name = visit.store.leads.team, one.card.name
    done = await store.shut_out(visit.session(), visit.arrival, one.card.id, one.fingerprint, taker)
    await visit.show(
        await overview.screen(visit, desk("{name} is shut out.", name=name) if done else proposals.NOTED_HERE)
    )


async def ask_renewal(visit: Visit, ask: Ask) -> None:
    """Say what comes of a forgotten passphrase, and ask who takes over the open cases."""
    one = await _meant(visit, ask)
    if one is None:
        return
    name = one.card.name
    said = desk(
        "Nobody can reset a passphrase. Two of you can have {name} join anew, with new keys: {name} then reads what "
        "comes, and you can give past cases. What was open to the old keys is locked away.",
        name=name,
    )
    await _takers(visit, one.card.id, name, "renew", _about(one).argument, said)


async def renew(visit: Visit, ask: Ask) -> None:
    """Ask for a fresh code, before it is said that somebody is to join anew."""
    about, _ = await _with_taker(visit, ask)
    one = await _meant(visit, Ask(argument=about))
    if one is not None:
        said = desk("{name} joins anew, with new keys.", name=one.card.name)
        await second_word.ask(visit, "renew", ask, "", Screen((said,), (_back(visit),)))


async def renewed(visit: Visit, ask: Ask, _: str) -> None:
    """Say that somebody is to join anew, as shown, after a fresh code; it takes a second lead within a day."""
    about, taker = await _with_taker(visit, ask)
    one = await _meant(visit, Ask(argument=about))
    if one is None:
        return
    members = visit.store.leads.members
    invite = await members.renew_keys(visit.session(), visit.arrival, one.card.id, one.fingerprint, taker)
    if invite is None:
        await visit.show(await overview.screen(visit, proposals.NOTED_HERE))
        return
    await proposals.show_code(visit, one.card.name, invite)


async def ask_phone(visit: Visit, ask: Ask) -> None:
    """Say what comes of a lost phone, before anything is said of it to others."""
    one = await _meant(visit, ask)
    if one is None:
        return
    said = desk(
        "Two of you can have {name} set up a new authenticator. It takes the passphrase of {name} too. Meet {name}, or "
        "ring the number that you know: somebody else may be asking.",
        name=one.card.name,
    )
    sure = visit.press(desk("{name} has lost the phone", name=one.card.name), "factors", _about(one))
    await visit.show(Screen((said,), ((sure,), _back(visit))))


async def reset_factors(visit: Visit, ask: Ask) -> None:
    """Ask for a fresh code, before it is said that somebody has lost the phone."""
    one = await _meant(visit, ask)
    if one is not None:
        said = desk("{name} sets up a new authenticator.", name=one.card.name)
        await second_word.ask(visit, "factors", ask, "", Screen((said,), (_back(visit),)))


async def factors_reset(visit: Visit, ask: Ask, _: str) -> None:
    """Say that somebody has lost the phone, as shown, after a fresh code; it takes a second lead within a day."""
    one = await _meant(visit, ask)
    if one is None:
        return
    members = visit.store.leads.members
    invite = await members.reset_factors(visit.session(), visit.arrival, one.card.id, one.fingerprint)
    if invite is None:
        await visit.show(await overview.screen(visit, proposals.NOTED_HERE))
        return
    await proposals.show_code(visit, one.card.name, invite)


async def roles(visit: Visit, ask: Ask) -> None:
    """Offer the roles."""
    one = await _meant(visit, ask)
    if one is None:
        return
    about = _about(one).argument
    rows = tuple((visit.press(labels.ROLE[role], "title", Ask(argument=f"{about}.{role}")),) for role in OFFERED)
    said = desk("Which role? New concerns follow it at once. Cases of before stay with those who can read them.")
    await visit.show(Screen((said,), (*rows, _back(visit))))


async def ask_title(visit: Visit, ask: Ask) -> None:
    """Ask what the colleague is called in that role."""
    visit.place.asking = AskText("title", ask)
    own = visit.press(desk("As the role is called"), "titled", ask)
    said = desk("Type the title that people at school know, such as “Head of pastoral care”.")
    await visit.show(Screen((said,), ((own,), _back(visit))))


async def title_typed(visit: Visit, ask: Ask, title: str) -> None:
    """Take the title, and say the first word for the role."""
    about, _, role = ask.argument.rpartition(".")
    one = await _meant(visit, Ask(argument=about))
    if one is None:
        return
    members, session = visit.store.leads.members, visit.session()
    called = title.replace("|", "/")
    done = await members.change_role(session, visit.arrival, one.card.id, one.fingerprint, cast("Role", role), called)
    visit.place.loose = None
    await visit.show(await overview.screen(visit, proposals.DONE if done else proposals.NOTED_HERE))


async def without_title(visit: Visit, ask: Ask) -> None:
    """The button [As the role is called]."""
    visit.place.asking = None
    await title_typed(visit, ask, "")


async def ask_leaving(visit: Visit, _: Ask) -> None:
    """Say what leaving means, and ask who takes over the open cases."""
    me = visit.session().lead
    said = desk(
        "If you leave, a colleague has to say yes. Then your desks end, no notice comes to you any more, and all cases "
        "are locked away from you for good."
    )
    await _takers(visit, me.id, me.name, "left", _NOBODY, said)


async def leave(visit: Visit, ask: Ask) -> None:
    """Say that one leaves; a colleague's yes ends it."""
    _, taker = await _with_taker(visit, ask)
    view, me = await overview.view_of(visit), visit.session().lead
    await visit.store.leads.team.leave(visit.session(), visit.arrival, me.id, view.own, taker)
    await visit.show(await overview.screen(visit, desk("Noted. A colleague here has to say yes.")))


async def _takers(visit: Visit, lead: LeadId, name: str, verb: str, about: str, said: Text) -> None:
    """Ask who takes the open cases, as many as the lead who is asked can read herself."""
    own = await visit.store.desk.handing.open_cases_of(visit.session(), lead)
    view = await overview.view_of(visit)
    there = [(one.card.id, one.card.name) for one in view.members if one.card.role in READING]
    there.append((visit.session().lead.id, visit.session().lead.name))
    rows = []
    for taker, called in there:
        if taker != lead:
            number = own.by_taker.get(taker, 0)
            label = desk("{name} takes {number} of {total}", name=called, number=number, total=own.number)
            rows.append((visit.press(label, verb, Ask(argument=f"{about}.{mark(taker)}")),))
    nobody = visit.press(desk("Nobody by name"), verb, Ask(argument=f"{about}.{_NOBODY}"))
    count = desk("Of the open cases that you can read, {name} has {number}.", name=name, number=own.number)
    how = desk("Who takes them over? What is not sealed for that person stays with the others.")
    await visit.show(Screen((said, count, how), (*rows, (nobody,), _back(visit))))


async def _with_taker(visit: Visit, ask: Ask) -> tuple[str, LeadId | None]:
    """What a button of `_takers` is about, and who takes the cases."""
    about, _, taker = ask.argument.rpartition(".")
    view = await overview.view_of(visit)
    ids = [*(one.card.id for one in view.members), visit.session().lead.id]
    return about, next((lead for lead in ids if mark(lead) == taker), None)


async def _meant(visit: Visit, ask: Ask) -> Member | None:
    """Who is meant; where nobody is, with the keys that were shown, the team is shown anew."""
    one = proposals.meant((await overview.view_of(visit)).members, ask.argument)
    if one is None:
        await visit.show(await overview.screen(visit))
    return one


def _about(one: Member) -> Ask:
    return Ask(argument=proposals.bound_to(mark(one.card.id), one.fingerprint))


def _back(visit: Visit) -> Row:
    return (visit.press(desk("Back to the team"), "team"),)
