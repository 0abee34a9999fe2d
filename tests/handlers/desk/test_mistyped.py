"""A command with a slip in it, or without its slash, is offered as it was meant, and not done before it is tapped."""

from __future__ import annotations

import pytest

from tests.handlers.desk.house import HOME, PASSPHRASE, House, Lead

WORDS = "They wait behind the bus stop."


async def opened(house: House) -> tuple[Lead, str, str]:
    """A lead with the only case on the screen, its reference and its receipt."""
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    reference = lead.card.buttons[0].text.split()[-1]
    await lead.taps_first()
    return lead, reference, receipt


@pytest.mark.parametrize("typed", ["/clsoe {}", "close {}", "Close {}", "/closed {}"])
async def test_a_command_with_a_slip_or_without_its_slash_is_offered_first(house: House, typed: str) -> None:
    lead, reference, receipt = await opened(house)
    await lead.taps("I have this")
    await lead.reads()
    await lead.says("/brief")
    await lead.says(typed.format(reference))
    assert f"Did you mean /close {reference}?" in lead.words
    assert lead.card.buttons[0].text == f"/close {reference}"
    await lead.taps_first()
    assert "what came of it?" in lead.words
    assert await house.replies(receipt) == []


async def test_what_reads_as_a_command_can_still_become_a_note(house: House) -> None:
    lead, _, _ = await opened(house)
    await lead.says("Note")
    assert "Did you mean /note?" in lead.words
    await lead.taps("Note, leads only")
    assert "The note is kept" in lead.words


@pytest.mark.parametrize("typed", ["close to the school", "Please call", "note that her mother rang", "x" * 3000])
async def test_words_that_only_begin_like_a_command_are_offered_as_words(house: House, typed: str) -> None:
    lead, _, _ = await opened(house)
    await lead.says(typed)
    assert "What should become of it" in lead.words
    assert "Did you mean" not in lead.words


async def test_a_reporters_command_and_one_of_another_role_are_offered_as_nothing(house: House) -> None:
    lead = await house.seated("Mr Audit", (await house.store.leads.invites.draw("Mr Audit", "auditor", HOME)).code)
    for typed in ("/privacy", "/quuee"):
        await lead.says(typed)
        assert "no such command" in lead.words
        assert "Did you mean" not in lead.words


@pytest.mark.parametrize("typed", ["/unlock", "/unlock Ms Khan", "/unlock ms khan seven green kettles sing"])
async def test_an_open_desk_says_that_it_is_open(house: House, typed: str) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says(typed)
    assert "Your desk is open here already, Ms Khan" in lead.words
    await lead.taps("Brief")
    assert "Nothing is waiting" in lead.words


async def test_factors_that_are_typed_at_an_open_desk_out_of_habit_are_offered_as_nothing(house: House) -> None:
    lead, _, _ = await opened(house)
    await lead.taps("Reply")
    for factors in (f"{PASSPHRASE}\n{lead.code()}", PASSPHRASE):
        await lead.says("/unlock")
        await lead.says(factors, secret=True)
        assert PASSPHRASE not in lead.words
        assert "went to nobody" not in lead.words
        assert "Reply to reporter" not in lead.tab.buttons
    await lead.says(lead.code(), secret=True)
    assert "Your desk is open." in lead.words


async def test_another_lead_can_still_open_theirs_where_a_desk_is_open(house: House) -> None:
    bell = await house.lead("Mr Bell", "deputy")
    khan = await house.lead("Ms Khan")
    await bell.says("/lock")
    there = Lead("Mr Bell", khan.tab, house, bell.secret, bell.used)
    await there.unlocks()
    await there.says("/unlock")
    assert "open here already, Mr Bell" in there.words
