"""Goals at the desk: put together one question a screen, moved in five steps, with actions, and without names."""

from __future__ import annotations

import pytest

from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_every_path import answer
from tests.handlers.desk.test_people import sent, writes

WHAT = "A quiet corner at lunch"
MEASURE = "Nobody asked in March eats alone"


@pytest.fixture
async def three(house: House) -> tuple[Lead, Lead, Lead]:
    """Two leads and a partner, at a site with hours."""
    house.equipped = True
    await house.restart()
    return (
        await house.lead("Ms Khan"),
        await house.lead("Mr Bell", "deputy"),
        await house.lead("Nurse Okafor", "partner"),
    )


async def begins(lead: Lead, owner: str = "Nurse Okafor") -> None:
    await lead.says("/brief")
    await lead.taps("Together")
    await lead.taps("Goals")
    await lead.taps("New goal")
    await lead.says(WHAT)
    await lead.says(MEASURE)
    await lead.taps(owner)
    await lead.says("26.3.2027")


async def test_a_goal_is_kept_shown_to_its_owner_and_moved(three: tuple[Lead, Lead, Lead]) -> None:
    khan, bell, nurse = three
    await nurse.says("/goals")
    assert "There is no goal yet." in nurse.words
    assert "New goal" not in nurse.tab.buttons
    await begins(khan)
    assert "The goal is kept." in khan.words
    await nurse.taps("Brief")
    await nurse.taps("Together")
    await nurse.taps("Goals")
    assert f"1. {WHAT} · ■□□□□ not begun · Nurse Okafor, by Fri, Mar 26" in nurse.words
    await nurse.taps("Goal 1")
    assert f"We can tell by: {MEASURE}" in nurse.words
    assert "Another owner" not in nurse.tab.buttons
    await nurse.taps("How far is it?")
    await nurse.taps("■■■□□ half way")
    assert "Noted." in nurse.words
    await bell.says("/goals")
    assert "■■■□□ half way" in bell.words
    await bell.taps("Goal 1")
    await bell.taps("How far is it?")
    await bell.taps("■■■■■ done")
    assert "Add an action" not in bell.tab.buttons


async def test_of_a_case_that_she_cannot_open_a_given_name_is_taken_with_the_same_bytes_as_without_it(
    three: tuple[Lead, Lead, Lead], house: House
) -> None:
    khan, bell, _ = three
    await house.lead("Ms Okafor", "head")

    async def all_of(lead: Lead) -> list[list[str]]:
        given = []
        for typed, label in (("/goals", "New goal"), ("/board", "New entry"), ("/thanks", "Ms Okafor")):
            await lead.says(typed)
            await lead.taps(label)
            await lead.says("A corner for ayo, we hope, and for Will")
            given.append([text.replace(lead.tag, "") for text in answer(lead, "-")])
        return given

    shared = await sent(house, "Ms Khan", "Mr Bell", "Ms Okafor")
    before = await all_of(bell)
    hidden = await sent(house, "Ms Khan", "Ms Okafor")
    for name in ("Ayo Quagmire", "Hope Quagmire", "Will Quagmire"):
        await writes(khan, hidden, name)
    assert await all_of(bell) == before
    assert all("That names somebody" in "".join(one) for one in await all_of(khan))
    await writes(khan, shared, "Ayo Quagmire")
    assert all("That names somebody" in "".join(one) for one in await all_of(bell)), "of a case that he opens it is not"


async def test_a_name_is_asked_for_again_and_what_was_typed_is_not_lost(three: tuple[Lead, Lead, Lead]) -> None:
    khan, _, _ = three
    await khan.says("/goals")
    await khan.taps("New goal")
    await khan.says("Mr Bell is kinder at lunch")
    assert "That names somebody whom Hark knows." in khan.words
    assert "Mr Bell is kinder at lunch" in khan.words
    await khan.says("x" * 201)
    assert "That is too long: at most 200 characters, please." in khan.words
    await khan.says(WHAT)
    assert "How can you tell that it is reached?" in khan.words
    await khan.says(MEASURE)
    await khan.taps("It is mine")
    for day, said in (
        ("1.1.2020", "That day is past."),
        ("soon", "could not be read"),
        ("1.1.2029", "more than a year"),
    ):
        await khan.says(day)
        assert said in khan.words
    await khan.says("2027-03-26")
    assert "The goal is kept." in khan.words


async def test_actions_of_a_goal_fall_on_working_days_and_end_once(three: tuple[Lead, Lead, Lead]) -> None:
    khan, bell, nurse = three
    await begins(khan)
    await khan.taps("Add an action")
    await khan.says("Ask the children what they want there")
    await khan.taps("Nurse Okafor")
    await khan.says("28.11.2026")
    assert "Nobody is there on that day." in khan.words
    await khan.taps("Fri, Nov 27")
    assert "Planned: Nurse Okafor, by Fri, Nov 27." in khan.words
    await nurse.says("/goals")
    await nurse.taps("Goal 1")
    assert "1. Ask the children what they want there · Nurse Okafor, by Fri, Nov 27" in nurse.words
    await bell.says("/goals")
    await bell.taps("Goal 1")
    await nurse.taps("Done: 1")
    assert "Noted as done." in nurse.words
    await bell.taps("Done: 1")
    assert "That is not possible as the goal stands now. Nothing was done." in bell.words


async def test_another_owner_a_further_partner_and_putting_away(house: House, three: tuple[Lead, Lead, Lead]) -> None:
    khan, _, nurse = three
    pastor = await house.lead("Pastor Quill", "partner")
    await begins(khan)
    await khan.taps("Another owner")
    await khan.taps("Mr Bell")
    assert "Owner: Mr Bell" in khan.words
    await khan.taps("Invite a partner")
    await khan.taps("Pastor Quill")
    await pastor.says("/goals")
    await pastor.taps("Goal 1")
    assert "Partners who take part: Nurse Okafor and Pastor Quill" in pastor.words
    assert "How far is it?" not in pastor.tab.buttons
    await khan.taps("Invite a partner")
    await khan.taps("Go on without Pastor Quill")
    assert "Pastor Quill takes no part any more. What was read stays read." in khan.words
    await pastor.says("/goals")
    assert "There is no goal yet." in pastor.words
    await khan.taps("Put away")
    await khan.taps("Yes, put it away")
    assert "put away" in khan.words
    await nurse.says("/goals")
    assert "put away" in nurse.words


async def test_somebody_elses_goal_and_none_are_the_same_answer(house: House, three: tuple[Lead, Lead, Lead]) -> None:
    khan, _, nurse = three
    await begins(khan, "It is mine")
    session = next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == "Ms Khan")
    [view] = await house.store.together.goals.listed(session)
    await nurse.says("/brief")
    answers = []
    for verb in ("goal", "goalstep", "goalact", "goaldone"):
        for goal in (view.goal.id, "0" * 16):
            await house.pressed(nurse.tab, callback_data.data(nurse.tag, verb, Ask(argument=f"{goal}2")))
            answers.append(nurse.words[nurse.words.index("There is no such goal") :])
    assert len(set(answers)) == 1
