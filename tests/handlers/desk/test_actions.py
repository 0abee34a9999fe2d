"""Who does what by when, at the desk: planned with three taps and a sentence, done or not, and what is mine."""

from __future__ import annotations

import pytest

from tests.handlers.desk.house import House, Lead

WORDS = "They took a picture of me and sent it round."
STEP = "Ring the school nurse"


@pytest.fixture
async def two(house: House) -> tuple[Lead, Lead]:
    house.equipped = True
    await house.restart()
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    for lead in (khan, bell):
        await lead.says("/queue")
        await lead.taps_first()
    return khan, bell


async def plans(lead: Lead, who: str, day: str) -> None:
    await lead.taps("More")
    await lead.taps("Action")
    await lead.says(STEP)
    await lead.taps(who)
    await lead.taps(day)


async def test_an_action_is_planned_shown_on_the_card_and_done_by_whoever_does_it(
    house: House, two: tuple[Lead, Lead]
) -> None:
    khan, bell = two
    await plans(khan, "Mr Bell", "Tomorrow")
    assert "Planned: Mr Bell, by Wed, Nov 25." in khan.words
    assert "▫ Ring the school nurse — Mr Bell, by Wed, Nov 25" in khan.words
    [notice] = [one for one in await house.notices() if "action" in one.kinds]
    assert notice.lead == await house.id_of("Mr Bell")
    assert "Something is yours to do" in bell.words
    assert "nurse" not in bell.words, "a notice holds no content"
    await bell.says("/actions")
    assert "▫ Ring the school nurse — Mr Bell, by Wed, Nov 25" in bell.words
    await bell.taps_first()
    await bell.taps("Done: 1")
    assert "Noted as done." in bell.words
    await bell.says("/actions")
    assert "Nothing is yours to do just now." in bell.words
    await khan.says("/brief")
    await khan.says("/queue")
    await khan.taps_first()
    await khan.taps("History")
    assert "Mr Bell: did what was to be done · “Ring the school nurse”" in khan.words


async def test_it_is_late_on_the_day_after_and_not_done_takes_a_reason(house: House, two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    await plans(khan, "I do it", "Today")
    house.clock.pass_(days=1)
    await khan.unlocks()
    await khan.says("/actions")
    assert "⚠ Ring the school nurse — Ms Khan, was due Tue, Nov 24" in khan.words
    await khan.taps_first()
    await khan.taps("Not done, because: 1")
    await khan.says("The nurse rang me first.")
    assert "Noted as not done." in khan.words
    await khan.taps("History")
    assert "says that it is not to be done · “Ring the school nurse” · “The nurse rang me first.”" in khan.words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("next week", "could not be read as a day"),
        ("23.11.2026", "That day is past."),
        ("28.11.2026", "Nobody is there on that day."),
        ("1.1.2031", "more than a year away"),
    ],
)
async def test_a_day_that_does_not_do_is_asked_for_again_and_the_words_stay(
    two: tuple[Lead, Lead], typed: str, said: str
) -> None:
    khan, _ = two
    await plans(khan, "I do it", "Another day")
    await khan.says(typed)
    assert said in khan.words
    assert STEP in khan.words
    await khan.says("4.12.")
    assert "Planned: Ms Khan, by Fri, Dec 4." in khan.words


async def test_a_step_that_is_too_long_is_asked_for_again(two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    await khan.says(f"/action {'x' * 201}")
    assert "That is too long: at most 200 characters, please." in khan.words
    await khan.says(STEP)
    assert "Who does it?" in khan.words


async def test_closing_over_an_open_action_says_what_is_left(two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    await plans(khan, "I do it", "Tomorrow")
    await khan.reads()
    await khan.says("/claim")
    await khan.says("/close")
    await khan.taps("Helped here")
    await khan.taps("Early help")
    assert "▫ Ring the school nurse — Ms Khan" in khan.words
    assert "These are still open. Closing ends them: say also why they are left." in khan.words
    await khan.says("She has seen the nurse already.")
    assert "The case is closed" in khan.words
    await khan.says("/action")
    assert "It is closed: nothing is planned in it." in khan.words


async def test_a_button_of_before_plans_nothing_with_words_that_are_gone(two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    await khan.says("/action")
    await khan.says(STEP)
    asked = khan.card
    await khan.taps("Back to the case")
    await khan.tab.tap("I do it", on=asked)
    await khan.tab.settled()
    assert "By when?" not in khan.words
    assert "What is to be done next?" in khan.words


async def test_what_two_leads_end_at_once_is_ended_once(two: tuple[Lead, Lead]) -> None:
    khan, bell = two
    await plans(khan, "Mr Bell", "Today")
    for lead in (khan, bell):
        await lead.says("/queue")
        await lead.taps_first()
        await lead.says("/action")
    await bell.taps("Done: 1")
    await khan.taps("Done: 1")
    assert "Noted as done." not in khan.words


async def test_nothing_of_it_is_in_the_files(house: House, two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    await plans(khan, "Mr Bell", "Tomorrow")
    await house.close()
    for path in house.where.rglob("*"):
        assert not path.is_file() or b"school nurse" not in path.read_bytes()
    await house.start()
