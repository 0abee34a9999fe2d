"""What is offered fits the case as it stands, and what is typed behind a command is not lost."""

from __future__ import annotations

from flows.values.deeds import AddAnswer
from tests.handlers.desk.house import HOME, House, Lead, chosen

WORDS = "They wait behind the bus stop."


async def opened(house: House) -> tuple[Lead, str, str]:
    """A lead with one case on the screen: the lead, the case's reference, its receipt."""
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    reference = lead.card.buttons[0].text.split()[-1]
    await lead.taps_first()
    return lead, reference, receipt


async def test_who_has_a_case_that_rose_since_can_acknowledge_it_with_one_tap(house: House) -> None:
    lead, reference, receipt = await opened(house)
    await lead.taps("I have this")
    assert "I have this" not in lead.tab.buttons
    await house.adds(receipt, AddAnswer(chosen("C13", "yes", "Yes"), "immediate", ("R8",)))
    await lead.says(f"/case_{reference}")
    assert "acknowledge NOW" in lead.words
    await lead.taps("I have this")
    assert "first action by" in lead.words
    assert "I have this" not in lead.tab.buttons


async def test_who_has_seen_the_card_alone_has_not_read_the_words(house: House) -> None:
    lead, reference, _ = await opened(house)
    await lead.taps("I have this")
    assert "unread words" in lead.words
    await lead.says("/close")
    assert "words of the reporter that you have not read" in lead.words
    await lead.taps_first()  # Read the words
    assert WORDS in lead.words
    while "Next page" in lead.tab.buttons:
        await lead.taps("Next page")
    await lead.says(f"/case_{reference}")
    assert "unread words" not in lead.words


async def test_a_case_ends_at_no_tap_while_a_page_is_unread_and_says_how_far_it_was_read(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(" ".join(f"word{number}" for number in range(700)), "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("I have this")
    await lead.taps("Read the words")
    for ending in ("/close", "/status"):
        await lead.says(ending)
        if ending == "/status":
            await lead.taps("merged")
        assert "Nothing was done" in lead.words
        assert "1 of 2 read" in lead.words
    await lead.taps("Back to the case")
    assert "1 of 2 read" in lead.words
    await lead.says("/close")
    await lead.taps_first()
    assert "page 2 of 2" in lead.words
    await lead.says("/close")
    assert "what came of it?" in lead.words
    await house.adds(receipt, AddAnswer(chosen("C13", "yes", "Yes"), "immediate", ("R8",)))
    await lead.says("/brief")
    await lead.taps("Start")
    assert "unread words from the reporter\n" in lead.words


async def test_what_was_merged_or_passed_on_can_be_opened_again(house: House) -> None:
    lead, _, _ = await opened(house)
    await lead.reads()
    await lead.says("/status")
    await lead.taps("merged")
    await lead.says("The same as another one.")
    assert "I have this" not in lead.tab.buttons
    await lead.says("/close")
    assert "It is closed already" in lead.words
    await lead.taps("Back to the case")
    assert "Close" not in lead.tab.buttons
    await lead.taps("Open again")
    await lead.says("It is not the same.")
    assert "opened again" in lead.words


async def test_words_typed_behind_a_command_are_offered_and_not_lost(house: House) -> None:
    lead, reference, receipt = await opened(house)
    await lead.says("/reply I am here.")
    assert "They read this as you wrote it" in lead.words
    await lead.taps("Send")
    assert await house.replies(receipt) == [("I am here.", None)]
    await lead.says("/note Rang her mother.")
    assert f"in {reference}?" in lead.words
    await lead.taps("Note, leads only")
    await lead.says("/label Bus stop, year 9")
    assert "Bus stop, year 9" in lead.words
    await lead.taps("History")
    assert "“Rang her mother.”" in lead.words


async def test_words_behind_a_reference_go_with_that_case_and_no_other(house: House) -> None:
    lead, first, _ = await opened(house)
    await house.concern("Another one.", "Ms Khan")
    await lead.says("/queue")
    second = next(label.split()[-1] for label in lead.tab.buttons if "🟠" in label and first not in label)
    await lead.says(f"/case_{first}")
    await lead.says(f"/note {second} Rang her mother.")
    assert f"in {second}?" in lead.words
    await lead.taps("Note, leads only")
    assert "The note is kept" in lead.words
    assert f"/case_{second}" in lead.words


async def test_notices_of_what_the_queue_shows_are_not_in_its_way_and_others_stay(house: House) -> None:
    lead, _, _ = await opened(house)
    await house.notices()
    await house.store.alerts.note("disk")
    await house.notices()
    await house.concern("Another one.", "Ms Khan")
    await house.notices()
    assert "Something new" in lead.words
    await lead.says("/queue")
    assert "Something new" not in lead.words
    assert "Hark itself needs a look" in lead.words


async def test_filters_can_be_typed_by_what_they_are_called(house: House) -> None:
    lead, _, _ = await opened(house)
    for typed, said in (("same day", "same day"), ("immediate", "immediate"), ("elmfield", "Elmfield School")):
        await lead.says(f"/queue {typed}")
        assert f"Queue: {said}" in lead.words, typed


async def test_a_reporters_button_begins_nothing_where_a_desk_is_open_and_help_stays_one_tap_away(house: House) -> None:
    await house.lead("Mr Bell", "deputy")
    tab = await house.tab()
    await tab.type("/start")
    await house.dealt_with(tab)
    greeting = tab.last
    lead = Lead("Ms Khan", tab, house)
    await lead.joins((await house.store.leads.invites.draw("Ms Khan", "lead", HOME)).code)
    await tab.tap("I am 12 to 17", on=greeting)
    await house.dealt_with(tab)
    assert "from an earlier screen" in lead.words
    assert "Could someone else see" not in lead.words
    await tab.tap("Help now", on=greeting)
    await tab.wait_to_see("You can carry on here too")
