"""Thanks at the desk: typed for somebody, read at her next unlock, and gone."""

from __future__ import annotations

from tests.handlers.desk.house import House

WORDS = "You rang back the same day. Thank you!"


async def test_thanks_wait_until_the_next_unlock_and_go_once_read(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    nurse = await house.lead("Nurse Okafor", "partner")
    await bell.says("/lock")
    await khan.says("/brief")
    await khan.taps("Together")
    await khan.taps("Thanks")
    await khan.taps("Mr Bell")
    await khan.says("x" * 301)
    assert "That is too long: at most 300 characters, please." in khan.words
    await khan.says(WORDS)
    assert "Kept. Mr Bell reads it at the next unlock." in khan.words
    assert WORDS not in bell.words
    assert not [one for one in await house.notices() if "thanks" in one.kinds]
    await bell.unlocks()
    assert f"Ms Khan thanks you: “{WORDS}”" in bell.words
    await bell.taps("I have read the thanks")
    assert "They are gone." in bell.words
    await bell.taps("Brief")
    assert WORDS not in bell.words
    await nurse.says("/thanks")
    assert [label for label in nurse.tab.buttons if "Okafor" in label] == []
    await nurse.taps("Ms Khan")
    await nurse.says(WORDS)
    await khan.says("/brief")
    assert "Nurse Okafor thanks you" in khan.words
