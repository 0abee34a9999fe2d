"""One key of a desk screen is filled: the one that it leads to; where there is a choice, or something ends, none is."""

from __future__ import annotations

from tests.handlers.desk.house import House, Lead

WORDS = "They wait for me behind the bus stop and film me."


def filled(lead: Lead) -> list[str]:
    return [key.text for key in lead.card.buttons if key.style == "primary"]


async def test_each_screen_from_the_brief_to_the_answer_has_the_next_key_filled(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await lead.says("/brief")
    for key in ("Start", "I have this", "Read the words", "Reply"):
        assert filled(lead) == [key]
        await lead.taps(key)
    await lead.says("Can we talk today at break?")
    assert filled(lead) == ["Send"]
    await lead.taps("Send")
    assert filled(lead) == ["Next case"]


async def test_nothing_is_filled_where_a_lead_has_to_choose(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("I have this")
    await lead.says("Can we talk today at break?")
    assert filled(lead) == []  # a reply, a note, or neither
    await lead.taps("Reply to reporter")
    assert "unread words" in lead.words
    assert filled(lead) == []


async def test_nothing_that_ends_a_case_is_filled_and_unread_words_are(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.says("/close")
    assert filled(lead) == ["I have this"]
    await lead.taps("I have this")
    await lead.says("/close")
    assert filled(lead) == ["Read the words"]
    await lead.reads()
    assert filled(lead) == []
    await lead.says("/close")
    while lead.card.buttons[0].text != "Back to the case":
        assert filled(lead) == []
        await lead.taps_first()
    assert "Type the reason" in lead.words
    assert filled(lead) == []
