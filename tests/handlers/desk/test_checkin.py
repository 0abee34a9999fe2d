"""The weekly check-in at the desk: told neutrally on Monday, own numbers exact, others in lots, one tap."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.delivery.scheduler import Scheduler
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_goals import begins

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
WORDS = "They took a picture of me and sent it round."


async def look(house: House) -> None:
    scheduler = Scheduler(house.handlers, house.clock)
    await scheduler.look()
    await scheduler.end()


async def at_monday(house: House, *leads: Lead) -> None:
    house.clock.at = MONDAY
    for lead in leads:
        await lead.says("/lock")
    await look(house)
    await look(house)  # what was put into the outbox leaves


async def test_it_comes_on_monday_at_eight_and_tells_own_numbers(house: House) -> None:
    house.equipped = True
    await house.restart()
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    nurse = await house.lead("Nurse Okafor", "partner")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await begins(khan)
    await khan.taps("Add an action")
    await khan.says("Ask the children what they want there")
    await khan.taps("Nurse Okafor")
    await khan.taps("Fri, Nov 27")
    await nurse.says("/goals")
    await nurse.taps("Goal 1")
    await nurse.taps("How far is it?")
    await nurse.taps("■■■■■ done")
    await begins(khan, "It is mine")
    await khan.taps("Add an action")
    await khan.says("Ask again")
    await khan.taps("I do it")
    await khan.taps("Fri, Nov 27")
    await look(house)
    assert not [one for one in await house.notices() if "checkin" in one.kinds], "not on a Tuesday"
    await at_monday(house, khan, bell, nurse)
    assert "Your weekly check-in is here." in khan.words
    assert "corner" not in khan.words
    await nurse.unlocks()
    await nurse.taps("Your weekly check-in")
    assert "This week together: goals that moved: 1 of 1." in nurse.words
    assert "“A quiet corner at lunch” is done. Thank you, Nurse Okafor." in nurse.words
    assert "shares to answer 0" in nurse.words
    assert "All of us" not in nurse.words
    await khan.unlocks()
    await khan.taps("Together")
    await khan.taps("Check-in")
    assert "This week together: goals that moved: 1 of 2." in khan.words
    assert "Yours: actions due 0, late 1 · reporters who wait for an answer 0" in khan.words
    assert "All of us, in goals: actions done fewer than 5, late fewer than 5" in khan.words
    assert "Last week: on track fewer than 5 · need help fewer than 5 · not this week fewer than 5" in khan.words
    assert WORDS not in khan.words
    await khan.taps("Not this week")
    await khan.taps("Brief")
    assert "Your weekly check-in" not in khan.card.text
    assert "Your weekly check-in" not in [key.text for key in khan.card.buttons]


async def test_need_help_is_one_tap_and_is_told_without_a_name(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await khan.says("/checkin")
    assert "“Need help” tells the other leads that somebody needs help, and not who." in khan.words
    await khan.taps("Need help")
    assert "The other leads are told that somebody needs help, and not who." in khan.words
    [notice] = [one for one in await house.notices() if "help_wanted" in one.kinds]
    assert notice.lead == await house.id_of("Mr Bell")
    assert "Somebody who works with you says in the check-in that they need help." in bell.words
    assert "Khan" not in bell.words[bell.words.index("Somebody who works with you") :]
    await khan.taps("On track")
    assert "You said this week: On track. You can say otherwise." in khan.words
    assert not [one for one in await house.notices() if "help_wanted" in one.kinds]
