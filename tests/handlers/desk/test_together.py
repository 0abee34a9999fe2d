"""All that is done together: nothing typed is in a file or log, and a case kept from somebody changes no word."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from flows.cases.roles import is_for
from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from handlers.desk.commands import BUTTONS
from storage.deeds.record.people import AddPerson
from storage.values import Arrival
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_leaks import everywhere, logged, stands

COMMANDS = ("/goals", "/checkin", "/thanks", "/board", "/evaluate", "/table")
TYPED = ("ortolan corner", "whimbrel measure", "sanderling step", "dunlin view", "stint thanks", "godwit change")


def session_of(house: House, lead: Lead) -> Any:
    return next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == lead.name)


async def together(lead: Lead, other: str) -> None:
    """Everything that somebody types of it, in words that no notice and no file may hold."""
    await lead.says("/goals")
    await lead.taps("New goal")
    await lead.says(TYPED[0])
    await lead.says(TYPED[1])
    await lead.taps("It is mine")
    await lead.says("26.3.2027")
    await lead.taps("Add an action")
    await lead.says(TYPED[2])
    await lead.taps("I do it")
    await lead.says("25.11.2026")
    await lead.taps("Round table")
    await lead.taps("Plan a round table")
    await lead.says("25.11.2026 9:30")
    await lead.taps("My view")
    await lead.says(TYPED[3])
    await lead.taps("I agree")
    await lead.says("/thanks")
    await lead.taps(other)
    await lead.says(TYPED[4])
    await lead.says("/evaluate")
    await lead.taps("Begin")
    for _ in range(6):
        await lead.taps("Partly")
    await lead.says(TYPED[5])
    await lead.says("/checkin")
    await lead.taps("Need help")


async def test_nothing_that_is_typed_is_in_a_file_a_log_or_a_notice(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await bell.says("/lock")
    await together(khan, "Mr Bell")
    assert stands(TYPED, await everywhere(house)) == []
    assert stands(TYPED, logged(caplog)) == []
    await house.notices()
    assert stands(TYPED, bell.words.encode()) == []
    assert "Khan" not in bell.words.replace("/unlock Ms Khan", "")
    await house.restart()
    assert stands(TYPED, await everywhere(house)) == []
    await khan.unlocks()
    await khan.says("/goals")
    assert TYPED[0] in khan.words


async def test_a_case_that_is_kept_from_somebody_changes_no_word_of_it(house: House) -> None:
    khan, stone = await house.lead("Ms Khan"), await house.lead("Mr Stone", "head")
    session, him = session_of(house, khan), await house.id_of("Mr Stone")

    async def everything() -> list[list[str]]:
        said = []
        for command in COMMANDS:
            await stone.says(command)
            last = stone.card
            said.append([last.text, *(key.text for key in last.buttons)])
        await stone.says("/goals")
        await stone.taps("New goal")
        await stone.says("Axolotls for the library")
        return [*said, [stone.card.text]]

    before = await everything()
    await house.concern("It is about him", "Ms Khan", excluded=(him,), urgency="immediate")
    [row] = (await house.store.desk.queues.page(session)).rows
    view = await house.store.desk.open_case(session, Arrival(session.address, 90_000), row.id)
    await house.store.desk.words_shown(session, view.row, whole=True)
    await house.store.desk.act(session, None, row.id, None, AddPerson("Zelda Axolotls", "child"))
    assert await everything() == before
    await khan.says("/goals")
    await khan.taps("New goal")
    await khan.says("Axolotls for the library")
    assert "That names somebody whom Hark knows." in khan.words


async def test_a_partners_buttons_do_nothing_that_is_a_leads(house: House) -> None:
    khan, nurse = await house.lead("Ms Khan"), await house.lead("Nurse Okafor", "partner")
    await khan.says("/goals")
    await khan.taps("New goal")
    await khan.says("A quiet corner")
    await khan.says("We ask")
    await khan.taps("It is mine")
    await khan.says("26.3.2027")
    [view] = await house.store.together.goals.listed(session_of(house, khan))
    await nurse.says("/brief")
    tag = nurse.tag
    for verb, one in BUTTONS.items():
        if verb == "lock" or not one.run.__module__.startswith("handlers.desk.partnership.together"):
            continue
        for argument in (view.goal.id, f"{view.goal.id}2", ""):
            await house.pressed(nurse.tab, callback_data.data(tag, verb, Ask(argument=argument)))
            assert "A quiet corner" not in nurse.words, verb
            if not is_for("partner", one.deed):
                assert "That is not for your role." in nurse.words, verb
    assert [one.goal for one in await house.store.together.goals.listed(session_of(house, khan))] == [view.goal]
