"""A deed of two at the desk: each types a fresh code, which is deleted, and what was prepared is then done or gone."""

from __future__ import annotations

from flows.values.deeds import AddAnswer
from handlers.desk.casework.actions.second_word import WAITS
from tests.handlers.desk.house import House, Lead, chosen, open_store

WORDS = "It is about Mr Bell, he was shouting."
ASKED = "Type a code from your authenticator"
REASON = "The class agreed on it."


async def opened(lead: Lead) -> None:
    """Open the first case of the queue."""
    await lead.says("/queue")
    await lead.taps_first()


async def prepares_malicious(lead: Lead) -> None:
    """Open the first case, read it, take it where that is asked for, and say so, up to the code."""
    await opened(lead)
    await lead.reads()
    await lead.says("/close")
    if "I have this" in lead.tab.buttons:
        await lead.taps("I have this")
        await lead.says("/close")
    await lead.taps("No action")
    await lead.taps(lead.tab_label("malicious"))
    await lead.says(REASON)
    assert ASKED in lead.words


async def ends_as_malicious(lead: Lead) -> None:
    """The same, with a code."""
    await prepares_malicious(lead)
    await lead.says(lead.code(), secret=True)


async def test_malicious_takes_two(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    for lead, said in ((khan, "needs a second person"), (khan, "needs a second person"), (bell, "The case is closed")):
        await ends_as_malicious(lead)
        assert said in lead.words


async def test_a_proposal_to_close_as_malicious_stands_on_the_card_and_lapses_with_a_message(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    receipt = await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await ends_as_malicious(khan)
    await house.notices()
    await opened(bell)
    assert "Ms Khan proposes to close it: Malicious" in bell.words
    await house.adds(receipt, AddAnswer(chosen("C20", "no", "Please don't"), None, ()))
    await ends_as_malicious(bell)
    assert "needs a second person" in bell.words
    assert "Ms Khan proposes" not in bell.words
    await ends_as_malicious(khan)
    assert "The case is closed" in khan.words


async def test_after_a_day_the_first_word_is_gone_from_the_card(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await ends_as_malicious(khan)
    house.clock.pass_(days=1)
    await bell.unlocks()
    await opened(bell)
    assert "proposes to close it" not in bell.words
    await ends_as_malicious(bell)
    assert "needs a second person" in bell.words


async def test_a_wrong_code_is_asked_for_again_and_nothing_is_done_until_one_serves(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await prepares_malicious(khan)
    used = khan.code()
    await khan.says("what was it again", secret=True)
    assert "That was no code, and it was not kept" in khan.words
    for wrong in ("000000", "00 00 00"):
        await khan.says(wrong, secret=True)
        assert "That code did not serve" in khan.words
    assert "proposes" not in khan.words
    await khan.says(used, secret=True)
    assert "needs a second person" in khan.words
    await prepares_malicious(khan)
    await khan.says(used, secret=True)
    assert "That code did not serve" in khan.words
    for typed in ("what was it again", "000000", used):
        assert typed not in khan.words


async def test_many_wrong_codes_have_to_wait_and_then_the_right_one_serves(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await prepares_malicious(khan)
    for _ in range(5):
        await khan.says("000000", secret=True)
    assert "Too many tries" in khan.words
    house.clock.pass_(seconds=5)
    await khan.says(khan.code(), secret=True)
    assert "needs a second person" in khan.words
    assert "wrong codes" not in khan.words, "whoever sits there is not who has to know"
    await khan.says("/lock")
    await khan.unlocks()
    assert "4 wrong codes were typed at your open desk since." in khan.card.text
    await khan.unlocks()
    assert "wrong codes" not in khan.words


async def test_what_was_prepared_is_gone_with_its_time_and_with_any_command_or_button(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    for ways in ("/help", "/brief", "Back to the case", "/nothing", "/lock"):
        await prepares_malicious(khan)
        if ways.startswith("/"):
            await khan.says(ways)
        else:
            await khan.taps(ways)
        await khan.says(khan.code())
        assert "needs a second person" not in khan.words, ways
    await khan.unlocks()
    await prepares_malicious(khan)
    house.clock.pass_(seconds=WAITS.total_seconds())
    await khan.says(khan.code(), secret=True)
    assert "The time for the code is over. Nothing was done." in khan.words
    await opened(khan)
    assert "proposes" not in khan.words


async def test_a_case_that_changed_while_the_code_was_typed_is_told_and_stays_as_it_was(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await prepares_malicious(khan)
    await opened(bell)
    await bell.says("/claim")
    await khan.says(khan.code(), secret=True)
    assert "This case changed while you had it open" in khan.words
    assert "proposes" not in khan.words


async def test_who_was_shut_out_by_another_process_types_a_code_for_nothing(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await prepares_malicious(khan)
    beside = await open_store(house.url, house.where, house.clock)
    await beside.leads.team.disable(await house.id_of("Ms Khan"))
    await khan.says(khan.code(), secret=True)
    assert "The desk is locked here" in khan.words
    assert REASON not in khan.words
    await beside.close()
