"""`/timeline`: the front sheet first, then everything in order, when it happened beside when it was written."""

from __future__ import annotations

import re

from flows.values.deeds import AddAnswer, AddMessage, Answered
from flows.values.draft import Skipped, Wrote
from flows.values.text import Text
from tests.handlers.desk.house import House, Lead, chosen

WORDS = "They push me in the corridor."


async def opened(lead: Lead) -> None:
    await lead.says("/queue")
    await lead.taps_first()


def reference_of(lead: Lead) -> str:
    found = re.search(r"/case_([2-9A-Z]{6})", lead.words)
    assert found
    return found[1]


async def pages(lead: Lead) -> str:
    """All pages of what is on the screen, from here on."""
    said = [lead.words]
    while "Next page" in lead.tab.buttons:
        await lead.taps("Next page")
        said.append(lead.words)
    return "\n".join(said)


async def case(house: House) -> tuple[Lead, str]:
    khan = await house.lead("Ms Khan")
    await house.lead("Mr Bell", "deputy")
    receipt = await house.concern(
        WORDS,
        "Ms Khan",
        "Mr Bell",
        answers=(chosen("C4", "yes", "Yes"), Answered("C14", Text("An adult here?", "child"), Skipped())),
        excluded=(await house.id_of("Mr Bell"),),
    )
    return khan, receipt


async def test_the_front_sheet_says_what_somebody_has_to_know_who_takes_it_over(house: House) -> None:
    khan, receipt = await case(house)
    await house.adds(receipt, AddAnswer(chosen("C6", "me", "Me"), None, ()))
    await opened(khan)
    await khan.says("/claim")
    await khan.taps("More")
    await khan.taps("Timeline")
    front = khan.words
    reference = reference_of(khan)
    for said in (
        f"{reference} at Elmfield School",
        "Sent ",
        "same day",
        "Ms Khan has it",
        "It may be read by Ms Khan.",
        "Kept from, as the reporter asked: Mr Bell",
        "How long it is kept is fixed when it is closed.",
        "Open questions: To do with an adult here",
    ):
        assert said in front, said
    assert "Who you are worried about" not in front  # answered since
    assert "Talking to you safely" in front  # never asked yet


async def test_everything_stands_in_order_happened_beside_written(house: House) -> None:
    khan, receipt = await case(house)
    await opened(khan)
    await khan.reads()
    await khan.says("/note")
    await khan.says("I spoke with her teacher.")
    house.clock.pass_(minutes=3)
    await house.adds(receipt, AddAnswer(chosen("C11", "week", "This week"), None, ()))
    await house.adds(
        receipt, AddAnswer(Answered("S4", Text("When and where?", "staff"), Wrote(("Monday, the gym",))), None, ())
    )
    await house.adds(receipt, AddMessage("He did it again.", None, ()))
    await khan.says("/timeline")
    said = await pages(khan)
    order = [
        "when it happened is not said here",
        WORDS,
        "Ms Khan noted:",
        "I spoke with her teacher.",
        "happened: This week",
        "happened: Monday, the gym",
        "He did it again.",
    ]
    places = [said.index(one) for one in order]
    assert places == sorted(places)


async def test_a_closed_case_says_until_when_it_is_kept_and_a_decision_stands_whole(house: House) -> None:
    khan, _ = await case(house)
    await opened(khan)
    await khan.reads()
    await khan.says("/claim")
    await khan.says("/decide")
    await khan.says("Pushed twice.")
    for _ in range(3):
        await khan.taps("Leave out")
    await khan.says("An adult stands there.")
    await khan.says("Both were seen.")
    await khan.taps("Leave out")
    await khan.taps("Leave out")
    await khan.taps("Sign")
    await khan.says("/close")
    await khan.taps("Helped here")
    await khan.taps("Early help")
    await khan.says("Done.")
    await khan.says("/timeline")
    said = await pages(khan)
    assert "Kept until" in said
    assert "Ms Khan decided:" in said
    assert "An adult stands there." in said


async def test_its_words_count_as_read_no_more_than_before_and_it_is_logged(house: House) -> None:
    khan, _ = await case(house)
    await opened(khan)
    await khan.says("/timeline")
    assert WORDS in await pages(khan)
    await khan.taps("Back to the case")
    assert "unread words" in khan.words


async def test_somebody_elses_case_and_none_are_the_same(house: House) -> None:
    khan, _ = await case(house)
    ward = await house.lead("Ms Ward", "deputy")
    await opened(khan)
    reference = reference_of(khan)
    answers = []
    for typed in (reference, "ZZZZZZ"):
        await ward.says(f"/timeline {typed}")
        answers.append(ward.words)
    assert answers[0] == answers[1]
    assert "There is no such case at your desk." in answers[0]
