"""What is held on one person, handed out by two: what is blacked out is nowhere in the file."""

from __future__ import annotations

import re

import pytest

from bot.delivery.scheduler import Scheduler
from flows.values.deeds import AddMessage
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_retention import opened

WORDS = "Tom Canary-Bell hit me, and his sister saw it."
OTHER = "CANARY-SISTER is her name. She lives in Elm Road."
PURPOSE = "To Mia's mother, who asked what we hold on Mia"


@pytest.fixture
async def two(house: House) -> tuple[Lead, Lead]:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Hall")
    await opened(khan)
    await khan.reads()
    await khan.says("/note")
    await khan.says(OTHER)
    return khan, bell


async def blacks_out(lead: Lead, *typed: str) -> None:
    await lead.says("/export")
    for one in typed:
        await lead.says(one)


async def files_of(lead: Lead) -> list[tuple[str, str]]:
    """The names and the texts of the files in a lead's chat."""
    found = [one for one in lead.tab.messages if one.file is not None]
    return [(str(one.file["name"]), (await lead.tab.download(one)).decode()) for one in found if one.file]


async def test_two_hand_it_out_and_what_is_blacked_out_is_nowhere_in_it(house: House, two: tuple[Lead, Lead]) -> None:
    khan, hall = two
    await blacks_out(khan, "tom canary-bell")
    assert "█████ hit me" in khan.words
    number = next(line for line in khan.words.splitlines() if "Ms Khan noted" in line).split("]")[0].strip("[ ")
    await khan.says(number)
    assert "Elm Road" not in khan.words
    await khan.taps("That is all of it")
    await khan.says(PURPOSE)
    await khan.says(khan.code(), secret=True)
    assert "Yours is noted" in khan.words
    assert await files_of(khan) == []
    await opened(hall)
    await hall.reads()
    await hall.says("/export")
    assert "Ms Khan would hand this out" in hall.words
    assert PURPOSE in hall.words
    await hall.says(hall.code(), secret=True)
    assert "It is handed out below" in hall.words
    [(name, text)] = await files_of(hall)
    assert re.fullmatch("record-[2-9A-HJ-NP-Z]{6}.txt", name)
    assert "█████ hit me, and his sister saw it." in text
    assert PURPOSE in text
    for canary in ("Canary", "Bell", "Elm Road", "noted"):
        assert canary.lower() not in text.lower(), canary
    told = [notice.lead for notice in await house.notices() if "message" in notice.kinds]
    assert await house.id_of("Ms Khan") in told
    await opened(khan)
    await khan.taps("History")
    while "Next page" in khan.tab.buttons:
        await khan.taps("Next page")
    assert "handed it out" in khan.words
    house.clock.pass_(minutes=6)
    await Scheduler(house.handlers, house.clock).delete_due()
    await hall.tab.wait_for(lambda: all(one.file is None for one in hall.tab.messages))


async def test_one_person_is_not_two(two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    for _ in range(2):
        await blacks_out(khan, "1")
        await khan.taps("That is all of it")
        await khan.says(PURPOSE)
        await khan.says(khan.code(), secret=True)
        assert "Yours is noted" in khan.words
        await opened(khan)
    assert await files_of(khan) == []


async def test_a_further_word_of_the_reporter_ends_what_was_said(house: House) -> None:
    khan, hall = await house.lead("Ms Khan"), await house.lead("Mr Hall", "deputy")
    receipt = await house.concern(WORDS, "Ms Khan", "Mr Hall")
    await opened(khan)
    await khan.reads()
    await blacks_out(khan, "Tom")
    await khan.taps("That is all of it")
    await khan.says(PURPOSE)
    await khan.says(khan.code(), secret=True)
    await house.adds(receipt, AddMessage("And Tom's brother was there.", None, ()))
    await opened(hall)
    await hall.says("/export")
    assert "that you have not read" in hall.words
    await hall.reads()
    await hall.says("/export")
    assert "would hand this out" not in hall.words
    assert "Black out what is about others." in hall.words
