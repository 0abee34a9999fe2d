"""Time's end at the desk: what a lead reads when she closes a case, another date, a hold, and destroying it by two."""

from __future__ import annotations

import pytest

from tests.handlers.desk.house import House, Lead, chosen

WORDS = "They took a picture of me and sent it round."


async def opened(lead: Lead, filtered: str = "") -> None:
    """Open the first case of the queue."""
    await lead.says(f"/queue {filtered}")
    await lead.taps_first()


async def closes(lead: Lead) -> None:
    """Read the first case, take it, and close it as helped here."""
    await opened(lead)
    await lead.reads()
    await lead.says("/claim")
    await lead.says("/close")
    await lead.taps("Helped here")
    await lead.taps("Early help")
    await lead.says("We spoke to everybody.")
    assert "The case is closed" in lead.words


@pytest.fixture
async def two(house: House) -> tuple[Lead, Lead]:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell", answers=(chosen("C6", "me", "Me"),))
    return khan, bell


async def waits_a_week(house: House, *leads: Lead) -> None:
    house.clock.pass_(days=7)
    for lead in leads:
        await lead.unlocks()
        await opened(lead, "closed")
        await lead.reads()


async def says(lead: Lead, command: str, reason: str) -> None:
    """Ask for a deed of two, with a reason, and type a code."""
    await lead.says(command)
    await lead.says(reason)
    await lead.says(lead.code(), secret=True)


async def test_whoever_closes_a_case_reads_until_when_it_is_kept_and_why(two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    await closes(khan)
    # She is 12 to 17 in 2026: 25 in 2039 at the latest.
    assert "Kept until 2040-01, because it is a child protection file" in khan.words
    await khan.says("/retention")
    assert "Kept until 2040-01" in khan.words
    await khan.taps("Another date")
    await khan.says("2060-01 her brother is at this school")
    assert "Kept until 2060-01, because “her brother is at this school”." in khan.words


async def test_an_earlier_date_takes_two_who_give_the_same_month(two: tuple[Lead, Lead]) -> None:
    khan, bell = two
    await closes(khan)
    await khan.says("/retention")
    await khan.taps("Another date")
    await khan.says("born 2010 by the register")
    assert "kept until 2036-01 only" in khan.words
    await khan.says(khan.code(), secret=True)
    assert "Yours is noted" in khan.words
    await opened(bell, "closed")
    await bell.reads()
    await bell.says("/retention")
    assert "Ms Khan has said that it is kept until 2036-01" in bell.words
    await bell.taps("Another date")
    await bell.says("2036-01 I know her")
    await bell.says(bell.code(), secret=True)
    assert "Kept until 2036-01, because “I know her”." in bell.words


@pytest.mark.parametrize("typed", ["soon", "2060-01", "2060-13 why", "born 1800 why", "born", "never"])
async def test_a_date_without_a_reason_or_that_is_none_is_asked_for_again(two: tuple[Lead, Lead], typed: str) -> None:
    khan, _ = two
    await closes(khan)
    await khan.says("/retention")
    await khan.taps("Another date")
    await khan.says(typed)
    assert "That could not be read" in khan.words
    await khan.says("never nobody knows his age")
    assert "Kept until somebody gives a date, because “nobody knows his age”." in khan.words


async def test_a_case_is_destroyed_after_a_week_by_two_and_the_law_is_told_first(
    house: House, two: tuple[Lead, Lead]
) -> None:
    khan, bell = two
    await closes(khan)
    await khan.says("/delete")
    assert "A child protection file is kept until the child is 25." in khan.words
    assert "Source: IRMS Toolkit for Schools" in khan.words
    await khan.says("The family asks; it was another child.")
    assert "The others are told." in khan.words
    told = [notice.lead for notice in await house.notices() if "retention" in notice.kinds]
    assert told == [await house.id_of("Mr Bell")]
    assert "The time of a case is over in a week" in bell.words
    await bell.says("/ending")
    await bell.taps_first()
    assert "It is to be destroyed." in bell.words
    await bell.says("/delete")
    assert "Type a code" not in bell.words
    await waits_a_week(house, khan, bell)
    await khan.says("/brief")
    assert "Time is over, or held: 1" in khan.tab.buttons
    for lead, said in ((khan, "Yours is noted"), (khan, "Yours is noted"), (bell, "It is destroyed.")):
        await opened(lead, "closed")
        await lead.says("/delete")
        assert "Nobody can bring it back" in lead.words
        await lead.says(lead.code(), secret=True)
        assert said in lead.words
    await khan.says("/queue closed")
    assert "Nothing here" in khan.words
    await khan.says("/ending")
    assert "The time of none of your cases is over" in khan.words
    assert (await house.store.watch.verify()).holds


async def test_a_hold_stops_it_and_two_lift_it(house: House, two: tuple[Lead, Lead]) -> None:
    khan, bell = two
    await closes(khan)
    await khan.says("/delete")
    await khan.says("The family asks.")
    await opened(bell, "closed")
    await bell.reads()
    await bell.says("/hold")
    await bell.says("The police asked for it.")
    assert "It is held." in bell.words
    await waits_a_week(house, khan, bell)
    await khan.says("/delete")
    assert "two of you have to lift that first" in khan.words
    await says(khan, "/hold", "They gave it back.")
    assert "Yours is noted" in khan.words
    await opened(bell, "closed")
    await says(bell, "/hold", "They gave it back.")
    assert "The hold is lifted." in bell.words


async def test_nothing_open_can_be_deleted(two: tuple[Lead, Lead]) -> None:
    khan, _ = two
    await opened(khan)
    await khan.says("/delete")
    assert "Nothing open is ever destroyed." in khan.words
    await khan.says("/retention")
    assert "Its time is fixed when it is closed." in khan.words
