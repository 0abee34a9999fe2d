"""The second lead's word for a deed on a colleague, which does it.

Every coroutine here raises the refusals of storage (`Refusal`): `router.Desk.guard` tells the lead what can be told,
the dispatcher shows the helplines for the rest.
"""

from __future__ import annotations

from typing import cast

from flows.cases.roles import RULES
from flows.values.ids import LeadId, Role
from flows.values.screen import Screen
from handlers.desk.casework.actions import second_word
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.visit import Visit, desk
from handlers.desk.team import overview, proposals
from storage.values import Invite, Member, PendingDeed


async def second(visit: Visit, ask: Ask) -> None:
    """Say the second word, as it was shown; first a fresh code is asked for where the deed takes one."""
    found = await _found(visit, ask)
    if found is None:
        await visit.show(await overview.screen(visit))
        return
    one, deed = found
    rule = RULES.get(deed.what)
    if rule is None or not rule.code:
        await confirmed(visit, ask, "")
        return
    names = overview.names_in(visit, await overview.view_of(visit))
    back = (visit.press(desk("Back to the team"), "team"),)
    await second_word.ask(visit, "second", ask, "", Screen((proposals.proposal(one.card.name, deed, names),), (back,)))


async def confirmed(visit: Visit, ask: Ask, _: str) -> None:
    """Do it; where something else waits by now, the team is shown anew."""
    found = await _found(visit, ask)
    if found is None:
        await visit.show(await overview.screen(visit))
        return
    one, deed = found
    invite = await _done(visit, one, deed)
    if isinstance(invite, Invite):
        await proposals.show_code(visit, one.card.name, invite)
        return
    said = desk("{name} is shut out.", name=one.card.name) if deed.what == "shut_out" else proposals.DONE
    await visit.show(await overview.screen(visit, said if invite else proposals.NOTED))


async def _found(visit: Visit, ask: Ask) -> tuple[Member, PendingDeed] | None:
    view = await overview.view_of(visit)
    names = overview.names_in(visit, view)
    waits = ((one, deed) for one in view.members for deed in one.pending)
    return next((both for both in waits if proposals.digest_of(*both, names) == ask.argument), None)


async def _done(visit: Visit, one: Member, deed: PendingDeed) -> Invite | bool | None:
    leads, session, arrival = visit.store.leads, visit.session(), visit.arrival
    who, shown = one.card.id, one.fingerprint
    taker = LeadId(deed.detail[0]) if deed.detail else None
    match deed.what:
        case "shut_out":
            return await leads.team.shut_out(session, arrival, who, shown, taker)
        case "leave":
            return await leads.team.leave(session, arrival, who, shown, taker)
        case "role":
            role, title = deed.detail
            return await leads.members.change_role(session, arrival, who, shown, cast("Role", role), title)
        case "reset":
            return await leads.members.reset_factors(session, arrival, who, shown)
        case _:
            return await leads.members.renew_keys(session, arrival, who, shown, taker)
