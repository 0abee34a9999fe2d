"""From an invite to an answer that the reporter reads, as a lead lives it, over the real web chat."""

from __future__ import annotations

from tests.handlers.desk.house import House

WORDS = "They wait for me behind the bus stop and film me."


async def test_a_lead_joins_and_stands_at_an_open_desk(house: House) -> None:
    lead = await house.lead("Ms Khan")
    assert "Your desk is open" in lead.words
    assert "otpauth://" not in lead.words
    assert "kettles" not in lead.words


async def test_from_the_brief_to_an_answer_by_first_buttons_and_typed_words(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan")
    await lead.says("/brief")
    assert "New: 1" in lead.words
    await lead.taps_first()  # Start
    assert "same day" in lead.words
    assert WORDS not in lead.words
    await lead.taps_first()  # I have this
    assert "You have this case now" in lead.words
    await lead.taps_first()  # Read the words
    assert WORDS in lead.words
    await lead.says("Can we talk today at break?")
    assert "gone to nobody" in lead.words
    assert await house.replies(receipt) == []
    await lead.taps_first()  # Reply to reporter
    assert await house.replies(receipt) == []
    await lead.taps_first()  # Send
    assert await house.replies(receipt) == [("Can we talk today at break?", None)]


async def test_the_reporter_comes_back_and_reads_the_answer(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.says("Can we talk today at break?")
    await lead.taps("Reply to reporter")
    await lead.taps("Send")
    child = await house.tab()
    await child.type("/return")
    await house.dealt_with(child)
    await child.type(receipt)
    await house.dealt_with(child)
    assert any("Can we talk today at break?" in one.text for one in child.heard), child.screen()


async def test_from_a_childs_first_tap_to_the_answer_that_the_child_reads(house: House) -> None:
    """Nobody here knows a label: both sides press first buttons, and type where words are asked for."""
    leads = [await house.lead("Ms Khan"), await house.lead("Mr Stone", "head")]
    child = await house.tab()
    await child.type("/start")
    await house.dealt_with(child)
    for _ in range(12):
        if child.last.codes:
            break
        if "Tell us what is worrying you" in child.last.text and not any(WORDS in one.text for one in child.messages):
            await child.type(WORDS)
        else:
            await child.tap(0)
        await house.dealt_with(child)
    [receipt] = child.last.codes
    told = {notice.lead for notice in await house.notices() if "new" in notice.kinds}
    [lead] = [lead for lead in leads if await house.id_of(lead.name) in told]
    await lead.taps("Open the desk")
    for _ in range(3):
        await lead.taps_first()
    assert WORDS in lead.words
    await lead.says("You did right to tell. Come to room 12.")
    await lead.taps_first()
    await lead.taps_first()
    assert await house.replies(receipt) == [("You did right to tell. Come to room 12.", None)]


async def test_the_first_buttons_alone_lead_to_a_ready_reply(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan", language="pl")
    await lead.says("/brief")
    seen = ""
    for _ in range(12):
        seen += lead.words
        if await house.replies(receipt):
            break
        await lead.taps_first()
    assert WORDS in seen
    assert "They write in Polski" in seen
    [(text, ready)] = await house.replies(receipt)
    assert not text
    assert ready


async def test_every_command_is_there_by_typing_too(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    reference = lead.card.buttons[0].text.split()[-1]
    await lead.says(f"/case_{reference.lower()}")
    await lead.says("/claim")
    await lead.reads()
    await lead.says("/note")
    await lead.says("Spoke to the form tutor.")
    assert "The note is kept" in lead.words
    assert "form tutor" not in lead.words
    await lead.says("/label")
    await lead.says("bus stop")
    await lead.says("/urgency")
    await lead.taps("🔴")
    await lead.says("It happens again tomorrow.")
    assert "immediate · bus stop" in lead.words
    await lead.says("/status")
    await lead.taps("assessing")
    assert "assessing" in lead.words
    await lead.taps("History")
    for said in ("took the case", "form tutor", "bus stop", "again tomorrow", "assessing"):
        assert said in lead.words
    await lead.says(f"/close {reference}")
    await lead.taps_first()
    await lead.taps_first()
    await lead.says("Talked to everybody.")
    assert "The case is closed" in lead.words
    await lead.says("/queue")
    assert "Nothing here" in lead.words
    await lead.says("/queue closed")
    assert reference in lead.words
    await lead.says(f"/reopen {reference}")
    await lead.says("New words came.")
    assert "open again" in lead.words


async def test_a_command_without_a_case_asks_for_it_by_buttons(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await lead.says("/note")
    assert "Which case?" in lead.words
    await lead.taps_first()
    assert "Type the note" in lead.words
    await lead.says("Spoke to the form tutor.")
    assert "The note is kept" in lead.words


async def test_a_loose_text_becomes_a_note_or_nothing_at_all(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan")
    await lead.says("Nothing is open yet.")
    assert "went to nobody" in lead.words
    await lead.says("/queue")
    await lead.taps_first()
    await lead.says("Mother rang.")
    await lead.taps("Note, leads only")
    assert "The note is kept" in lead.words
    await lead.says("Never mind.")
    await lead.taps("Throw away")
    await lead.taps("History")
    assert "Mother rang." in lead.words
    assert "Never mind." not in lead.words
    assert await house.replies(receipt) == []


async def test_a_picture_is_never_fetched_and_is_gone(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.tab.upload("scan.pdf", b"%PDF-1.4 not one", mime="application/pdf")
    await lead.tab.wait_to_see("Only new messages in words")
    assert [one for one in lead.tab.messages if one.mine] == []


async def test_what_a_lead_types_is_gone_at_once(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    await lead.says("/unlock Ms Khan seven green kettles sing")
    await lead.says("something loose")
    assert [one.text for one in lead.tab.messages if one.mine] == []
