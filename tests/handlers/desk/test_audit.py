"""The record as leads see it: why a case of others is opened, who read what, the seal and what was done lately."""

from __future__ import annotations

import re

import pytest

from bot.delivery.scheduler import Scheduler
from tests.handlers.desk.house import House, Lead

WORDS = "It is about Mr Bell, he was shouting."
SEAL = re.compile(r"[A-Z2-7]{5}(?:-[A-Z2-7]{5}){3}")


@pytest.fixture
async def two(house: House) -> tuple[Lead, Lead]:
    """Ms Khan, who is told first of a concern, and Mr Bell, who is told if she does not answer."""
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", later=("Mr Bell",))
    return khan, bell


async def opens(lead: Lead) -> None:
    await lead.says("/queue")
    await lead.taps_first()


async def test_a_reason_is_asked_once_and_the_others_read_it_in_the_history(two: tuple[Lead, Lead]) -> None:
    khan, bell = two
    await opens(khan)
    assert "Why do you open it?" not in khan.words
    await opens(bell)
    assert "is for others first. Why do you open it?" in bell.words
    assert "Read the words" not in bell.tab.buttons
    await bell.taps("Nobody has answered yet")
    assert "Read the words" in bell.tab.buttons
    await bell.reads()
    await opens(bell)
    assert "Why do you open it?" not in bell.words
    await khan.says("/brief")
    await opens(khan)
    await khan.taps("History")
    assert "Mr Bell: opened it, since others are told of it first · “Nobody has answered yet”" in khan.words


async def test_own_words_serve_and_a_long_text_is_asked_for_again(two: tuple[Lead, Lead]) -> None:
    _, bell = two
    await opens(bell)
    await bell.says("why " * 100)
    assert "at most 300 characters" in bell.words
    await bell.says("Her class is mine")
    assert "Read the words" in bell.tab.buttons
    await bell.taps("History")
    assert "“Her class is mine”" in bell.words


async def test_who_gives_no_reason_goes_on_to_the_next_case(house: House, two: tuple[Lead, Lead]) -> None:
    _, bell = two
    await house.concern("Another one.", "Mr Bell")
    await bell.says("/brief")
    for label in ("Start", "Next case"):
        await bell.taps(label)
        if "Why do you open it?" not in bell.words:
            assert "Read the words" in bell.tab.buttons
    await bell.says("/brief")
    await bell.taps("Start")
    await bell.taps("Next case")
    await bell.taps("Next case")
    assert "That was the last one in the queue" in bell.words


async def test_a_receipt_is_no_reason(house: House, two: tuple[Lead, Lead]) -> None:
    _, bell = two
    receipt = await house.concern(WORDS, "Ms Khan")
    await opens(bell)
    await bell.says(receipt)
    assert "It was deleted, and kept nowhere" in bell.words
    assert "Read the words" not in bell.tab.buttons


async def test_on_monday_one_other_lead_is_asked_and_signs(house: House, two: tuple[Lead, Lead]) -> None:
    khan, bell = two
    await opens(bell)
    await bell.taps("A colleague asked me to look")
    watch = Scheduler(house.handlers, house.clock)
    await watch.look()  # the first week begins
    house.clock.pass_(days=7)
    for _ in range(3):
        await watch.look()
        house.clock.pass_(minutes=10)
    assert "Please look through who read what last week" in khan.words
    assert "Please look through" not in bell.words
    await khan.unlocks()
    await khan.says("/reads")
    assert re.search(r"Mr Bell · \w{6} · opened it, last .* · “A colleague asked me to look”", khan.words)
    await khan.taps("Seen")
    assert "That you have looked is noted" in khan.words
    await khan.says("/reads")
    assert "There is nothing that you are asked to look through" in khan.words
    await bell.unlocks()
    await bell.says("/reads")
    assert "There is nothing that you are asked to look through" in bell.words


async def test_the_seal_is_one_for_the_whole_session_and_another_one_for_the_next(
    house: House, two: tuple[Lead, Lead]
) -> None:
    khan, _ = two
    await khan.unlocks()
    seals = set(SEAL.findall(khan.words))
    assert len(seals) == 1
    await house.concern(WORDS, "Mr Bell")
    await khan.says("/team")
    await khan.taps("What was done lately")
    assert set(SEAL.findall(khan.words)) == seals
    await khan.taps("Copy the seal")
    assert "This can be copied for five minutes" in khan.words
    await khan.says("/lock")
    assert not SEAL.findall(khan.words)
    await khan.unlocks()
    later = set(SEAL.findall(khan.words))
    assert len(later) == 1
    assert later != seals


async def test_what_was_done_lately_is_told_of_own_cases_alone(house: House, two: tuple[Lead, Lead]) -> None:
    khan, bell = two
    await opens(khan)
    await khan.taps("I have this")
    head = await house.lead("Mr Stone", "head")
    for lead in (khan, bell):
        await lead.says("/audit")
        assert "Ms Khan: took the case" in lead.words
        assert "the reporter: sent it" in lead.words
    await head.says("/audit")
    assert "Nothing was done in the last seven days" in head.words
    assert "Ms Khan" not in head.words
