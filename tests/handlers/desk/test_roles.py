"""The desk asks the table of roles: for every role, what each command and button does is what the table says."""

from __future__ import annotations

import pytest
from aiogram.types import TelegramObject

from flows.cases.roles import ROLES, RULES, Rule, is_for
from flows.values.ids import Role
from handlers.desk import free_text
from handlers.desk.chat import permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.chat.permissions import Capability
from handlers.desk.chat.visit import Visit
from handlers.desk.commands import BUTTONS, COMMANDS
from handlers.telegram.updates import Command, IncomingUpdate
from storage.values import Address, Arrival
from tests.handlers.desk.house import House
from tests.storage.test_roles import deeds

#: Rows whose deeds are being built.
TO_COME = {"reset", "counts", "audit", "export", "delete", "shorten"}
#: What one button leads to either way: the deed of one, and that of two which takes a code.
HARDER = {"keep_longer": "shorten", "hold_case": "release", "confirm": "reset", "share": "share_two"}
#: What is behind the button of another deed (`confirm`).
BEHIND = {"recovery"}


def test_every_command_and_button_has_a_rule_and_every_rule_is_for_something() -> None:
    used = {one.deed for one in (*COMMANDS.values(), *BUTTONS.values())} | {"type"}
    assert used < RULES.keys()
    kept = {one.rule for one in deeds()} | {"close malicious"}
    assert RULES.keys() - used - kept - BEHIND <= TO_COME


def test_whatever_text_is_asked_for_belongs_to_a_button_or_a_command_that_has_a_rule() -> None:
    assert free_text._TYPED.keys() | free_text._CONFIRMED.keys() <= BUTTONS.keys()


def test_a_code_is_asked_for_at_the_desk_for_what_takes_one() -> None:
    coded = {deed.partition(" ")[0] for deed, rule in RULES.items() if rule.code}
    assert {HARDER.get(BUTTONS[verb].deed, BUTTONS[verb].deed) for verb in free_text._CONFIRMED} <= coded


@pytest.mark.parametrize("role", ROLES)
async def test_the_gate_lets_a_role_through_exactly_where_the_table_does(house: House, role: Role) -> None:
    await house.lead("Ms Khan")
    lead = await house.lead("Mr Role", role)
    session = next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == "Mr Role")
    everything = {**COMMANDS, **{f"button {verb}": one for verb, one in BUTTONS.items()}}
    let_through = {rule for rule in set(RULES.values()) if await passes(house, session.address, rule)}
    admitted = {name for name, one in everything.items() if one.rule in let_through}
    assert admitted == {name for name, one in everything.items() if is_for(role, one.deed)}
    if len(admitted) < len(everything):
        await lead.tab.wait_to_see("That is not for your role.")
    await lead.says("/help")
    listed = {name for name in COMMANDS if f"/{name} ·" in lead.words}
    assert listed == {name for name in permissions.menu_of(role) if role in COMMANDS[name].rule.roles}


async def passes(house: House, address: Address, rule: Rule) -> bool:
    """Whether the router's gate has what has this rule run in a chat."""
    ran = []

    async def run(_: TelegramObject, data: dict[str, object]) -> None:
        ran.append(data["visit"])

    capability = Capability(nothing, next(deed for deed, one in RULES.items() if one == rule))
    incoming = IncomingUpdate(Arrival(address, 1), "en", Command("anything", "", "/anything"))
    await house.desk.guard(run, TelegramObject(), {"incoming": incoming, "capability": capability})
    return bool(ran)


async def nothing(_visit: Visit, _ask: Ask) -> None:
    """What is asked about here is who may; it is never run."""
