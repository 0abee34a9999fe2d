"""Nothing gets round the gate; what declares no rule is refused; a locked desk says one sentence."""

from __future__ import annotations

from typing import get_args

import pytest

from flows.values.ids import Role
from handlers.desk.chat import callback_data, permissions
from handlers.desk.chat.callback_data import Ask
from handlers.desk.commands import BUTTONS, COMMANDS
from tests.handlers.desk.house import HOME, House


async def test_the_router_has_no_way_round_the_gate(house: House) -> None:
    for observer in (house.desk.router.message, house.desk.router.edited_message, house.desk.router.callback_query):
        assert house.desk.guard in observer.middleware
    observers = house.desk.router.observers.values()
    assert sum(len(one.handlers) for one in observers) == 3, "one for each kind of update that the desk takes"


async def test_what_has_no_rule_is_refused(house: House) -> None:
    ran = []

    async def forgotten(*_: object, **__: object) -> None:
        ran.append(1)

    tab = await house.tab()
    await tab.type("/start")
    await house.dealt_with(tab)
    observer = house.desk.router.message
    observer.register(forgotten)
    observer.handlers.insert(0, observer.handlers.pop())
    await tab.type("/queue")
    await house.dealt_with(tab)
    assert ran == []


def test_the_menu_and_the_router_know_the_same_commands() -> None:
    assert permissions.COMMANDS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("role", get_args(Role))
def test_menus_are_by_role(role: Role) -> None:
    listed = set(permissions.menu_of(role))
    assert "lock" in listed
    assert ("queue" in listed) == (role in {"lead", "deputy", "head", "chair", "independent"})


@pytest.mark.types_joining
async def test_a_lead_sees_the_desks_commands_in_the_menu_and_nobody_else_does(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.tab.wait_for(lambda: "queue" in {one["command"] for one in lead.tab.commands})
    other = await house.tab()
    assert "queue" not in {one["command"] for one in other.commands}
    await lead.says("/lock")
    await lead.tab.wait_for(lambda: "queue" not in {one["command"] for one in lead.tab.commands})


async def test_the_menu_is_in_the_leads_language(house: House) -> None:
    lead = await house.seated("Ms Khan", (await house.store.leads.invites.draw("Ms Khan", "lead", HOME)).code, "es")
    await lead.tab.wait_for(lambda: "queue" in {one["command"] for one in lead.tab.commands})
    shown = {one["command"]: one["description"] for one in lead.tab.commands}
    assert shown["queue"] == "Los casos, primero los más urgentes"


@pytest.mark.parametrize("language", ["ar", "es"])
def test_every_command_of_the_menu_is_said_in_each_language(house: House, language: str) -> None:
    translators = house.handlers.deps.translators
    for name, offer in permissions.COMMANDS.items():
        assert translators[language].say(offer.text) != translators["en"].say(offer.text), name


async def test_a_role_without_cases_has_no_case_commands(house: House) -> None:
    code = (await house.store.leads.invites.draw("Mr Audit", "auditor", HOME)).code
    lead = await house.seated("Mr Audit", code)
    await lead.says("/queue")
    assert "not for your role" in lead.words


async def test_every_command_and_button_of_a_locked_desk_says_the_same(house: House) -> None:
    tab = await house.tab()
    for name, capability in COMMANDS.items():
        if capability.rule.session and name != "help":
            await tab.type(f"/{name}")
            await house.dealt_with(tab)
            assert "The desk is locked here" in tab.last.text, name
            assert not tab.last.buttons
    for verb in BUTTONS:
        await house.pressed(tab, _data(verb))
        assert "The desk is locked here" in tab.last.text, verb


def _data(verb: str) -> str:
    return callback_data.data("abcdef", verb, Ask("K7QM3D", 1, "0"))


async def test_a_button_of_another_session_does_nothing(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern("words", "Ms Khan")
    await lead.says("/brief")
    old = lead.card.buttons[0].data
    await lead.says("/lock")
    await lead.unlocks()
    await house.pressed(lead.tab, str(old))
    assert "from an earlier screen" in lead.words
    assert await house.replies(receipt) == []


async def test_a_group_gets_no_desk(house: House) -> None:
    chat = {"id": -5, "type": "group", "title": "Staff"}
    sender = {"id": 9, "is_bot": False, "first_name": "A"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": "/queue"}
    await house.handlers.handle("web", {"update_id": 1, "message": message})
    assert house.desk.places.by_address.get(house.address_of(-5)) is None


def test_buttons_read_back_as_they_were_made_and_nothing_else_is_read() -> None:
    ask = Ask("K7QM3D", 12, "open:3")
    assert callback_data.read(callback_data.data("abc123", "queue", ask)) == callback_data.Pushed(
        "abc123", "queue", ask
    )
    for other in ("q:C4:yes", "d:", "d:a:b:c", "d:a:b:c:x:y", ""):
        assert callback_data.read(other) is None
    with pytest.raises(ValueError, match="does not fit"):
        callback_data.data("abc123", "queue", Ask(argument="x" * 60))
