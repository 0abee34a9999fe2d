"""`/decide` at the desk: part by part, shown whole, signed, corrected by another, and up again by its day."""

from __future__ import annotations

import re

import pytest

from tests.handlers.desk.house import House, Lead, takes_nothing

FACTS = "Her class teacher saw a bruise on Monday."
VOICE = "She says: I want it to stop."
CHOICE = "We speak with her mother on Tuesday."
WHY = "Not referred: the injury has an explanation that fits, and she is seen daily."


@pytest.fixture
async def khan(house: House) -> Lead:
    khan = await house.lead("Ms Khan")
    await house.lead("Mr Bell", "deputy")
    await house.concern("He hits me.", "Ms Khan", "Mr Bell", urgency="soon")
    await opened(khan)
    await khan.reads()
    return khan


async def opened(lead: Lead) -> None:
    await lead.says("/queue")
    await lead.taps_first()


async def writes(khan: Lead, day: str = "2027-01-15") -> None:
    """Write a decision up to its showing."""
    await khan.says("/decide")
    await khan.says(FACTS)
    await khan.says(VOICE)
    await khan.taps("Leave out")
    await khan.taps("Leave out")
    await khan.says(CHOICE)
    await khan.says(WHY)
    await khan.taps("Leave out")
    await khan.says(day)


async def test_a_decision_is_asked_part_by_part_shown_whole_and_signed_as_it_was_shown(khan: Lead) -> None:
    await khan.taps("More")
    await khan.taps("Decide")
    assert "decision, 1 of 8" in khan.words
    assert "Leave out" not in khan.tab.buttons  # what is known is needed
    await writes(khan)
    assert "Nothing is signed yet" in khan.words
    for part in (FACTS, VOICE, CHOICE, WHY, "What it means: Nothing recorded.", "Looked at again: 2027-01-15"):
        assert part in khan.words
    await khan.taps("Sign")
    assert "It is signed and stands in the history." in khan.words
    await khan.taps("History")
    said = khan.words
    assert re.search(r"Ms Khan decided:\n.*What is known", said, re.DOTALL)
    for part in (FACTS, VOICE, CHOICE, WHY, "Looked at again: 2027-01-15"):
        assert part in said


async def test_what_is_typed_is_deleted_at_once(khan: Lead) -> None:
    await writes(khan)
    assert [one.text for one in khan.tab.messages if one.text in {FACTS, VOICE, CHOICE, WHY}] == []
    await khan.says("/queue")
    assert FACTS not in khan.words


@pytest.mark.parametrize(
    ("day", "said"), [("soon", "That is no day"), ("2020-01-01", "is not ahead"), ("2060-01-01", "two years")]
)
async def test_a_wrong_date_is_asked_for_again_and_nothing_is_lost(khan: Lead, day: str, said: str) -> None:
    await writes(khan, day)
    assert said in khan.words
    assert "What you wrote before is still there." in khan.words or "two years" in khan.words
    await khan.taps("In two weeks")
    for part in (FACTS, VOICE, CHOICE, WHY, "Looked at again: 2026-12-08"):
        assert part in khan.words


async def test_a_part_is_changed_and_left_out_again_and_an_old_sign_button_signs_nothing(
    house: House, khan: Lead
) -> None:
    await writes(khan)
    sign = next(key for key in khan.card.buttons if key.text == "Sign")
    await khan.taps("Change a part")
    await khan.taps("The decision")
    assert CHOICE in khan.words
    await khan.says("We ring the social workers.")
    assert "Nothing is signed yet" in khan.words
    assert "We ring the social workers." in khan.words
    assert CHOICE not in khan.words
    await house.pressed(khan.tab, str(sign.data))
    assert "Nothing is signed yet" in khan.words
    await khan.taps("Change a part")
    await khan.taps("The child's voice")
    await khan.taps("Leave out")
    assert VOICE not in khan.words
    await khan.taps("Sign")
    await khan.taps("History")
    assert "We ring the social workers." in khan.words
    assert VOICE not in khan.words


async def test_it_is_kept_while_the_lead_looks_elsewhere_and_can_be_thrown_away(khan: Lead) -> None:
    await khan.says("/decide")
    await khan.says(FACTS)
    await khan.says("/queue")
    await opened(khan)
    await khan.says("/decide")
    assert "Your decision is here as you left it." in khan.words
    assert "decision, 2 of 8" in khan.words
    await khan.taps("Part before")
    assert FACTS in khan.words
    await khan.taps("Keep it as it is")
    for _ in range(3):
        await khan.taps("Leave out")
    await khan.says(CHOICE)
    await khan.says(WHY)
    await khan.taps("Leave out")
    await khan.taps("Leave out")
    await khan.taps("Change a part")
    await khan.taps("Throw it away")
    assert "nothing was signed" in khan.words
    await khan.taps("History")
    assert "decided" not in khan.words


async def test_a_correction_is_a_new_entry_that_stands_beside_the_one_it_corrects(khan: Lead) -> None:
    await writes(khan)
    await khan.taps("Sign")
    await khan.says("/decide")
    await khan.taps(khan.tab_label("correct that of"))
    assert "It begins as that decision reads." in khan.words
    await khan.taps("In a week")
    await khan.taps("Change a part")
    await khan.taps("Why")
    await khan.says("Referred after all: she told us more.")
    assert "It corrects that of" in khan.words
    await khan.taps("Sign")
    await khan.taps("History")
    assert "⚠ It was corrected by Ms Khan" in khan.words
    assert "It corrects the decision of Ms Khan" in khan.words
    assert WHY in khan.words
    assert "Referred after all" in khan.words
    await khan.says("/decide")
    assert len([label for label in khan.card.buttons if "Correct that of" in label.text]) == 1


async def test_the_case_comes_up_in_the_queue_by_the_day_of_its_review(house: House, khan: Lead) -> None:
    await khan.says("/claim")
    await khan.says("/reply")
    await khan.says("I have read this.")
    await khan.taps("Send")
    await opened(khan)
    await writes(khan, "2026-11-26")
    assert "The case comes up again" in khan.words
    await khan.taps("Sign")
    assert "look again by" in khan.words
    # What is done meanwhile puts it off no further: "soon" alone would be a week.
    await khan.says("/reply")
    await khan.says("See you tomorrow.")
    await khan.taps("Send")
    house.clock.pass_(days=2)
    await khan.unlocks()
    await khan.says("/queue overdue")
    assert "OVERDUE since" in khan.words


async def test_while_words_are_unread_nothing_is_decided(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.concern("He hits me.", "Ms Khan")
    await opened(khan)
    await khan.says("/decide")
    assert "There are words of the reporter that you have not read." in khan.words


async def test_two_leads_at_once_sign_one_and_the_other_keeps_what_she_wrote(house: House, khan: Lead) -> None:
    bell = await house.lead("Mr Dee", "deputy")
    await house.concern("He hits me again.", "Ms Khan", "Mr Dee", urgency="immediate")
    for lead in (khan, bell):
        await opened(lead)
        await lead.reads()
    await writes(khan)
    await bell.says("/label blue")
    await khan.taps("Sign")
    assert "This case changed while you had it open" in khan.words
    await khan.taps("Look again")
    await khan.says("/decide")
    assert FACTS in khan.words
    await khan.taps("Sign")
    assert "It is signed" in khan.words


async def test_where_nothing_can_be_written_nothing_is_signed_and_nothing_is_lost(house: House, khan: Lead) -> None:
    await writes(khan)
    async with takes_nothing(house):
        await khan.taps("Sign")
    await khan.says("/decide")
    assert WHY in khan.words
    await khan.taps("Sign")
    assert "It is signed" in khan.words
