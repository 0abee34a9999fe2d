"""A lead keeps another out of a case at the desk, sees before what that comes to, and two let her in again."""

from __future__ import annotations

from flows.values.deeds import AddMessage
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_cases import opened
from tests.handlers.desk.test_letting_in import look_who

WORDS = "It is about money, and it goes on."
REASON = "She is his sister."


async def three(house: House) -> tuple[Lead, Lead, Lead]:
    return await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy"), await house.lead("Mr Stone", "head")


async def preview(lead: Lead, name: str, reason: str = REASON) -> None:
    """From the card to the last screen before it is done."""
    await look_who(lead)
    await lead.taps("Keep somebody out")
    await lead.taps(name)
    await lead.says(reason)


async def test_somebody_is_kept_out_with_a_reason_and_the_others_see_by_whom_and_since_when(house: House) -> None:
    khan, bell, stone = await three(house)
    receipt = await house.concern(WORDS, "Ms Khan", "Mr Bell", "Mr Stone")
    reference = await opened(bell)
    await bell.reads()
    await bell.taps("I have this")
    await opened(khan)
    await look_who(khan)
    await khan.taps("Keep somebody out")
    assert {"Mr Bell", "Mr Stone"} <= set(khan.tab.buttons)
    assert "Ms Khan" not in khan.tab.buttons
    await khan.taps("Mr Bell")
    for said in (
        "Then Mr Stone and Ms Khan read it.",
        "Mr Bell has read it up to",
        "What was read stays read.",
        "Mr Bell has this case. Nobody has it then",
        "Mr Bell is told nothing. Letting Mr Bell in again takes two of you.",
        "Type the reason",
    ):
        assert said in khan.words, said
    await khan.says(REASON)
    assert REASON in khan.words
    assert "Then Mr Stone and Ms Khan read it." in khan.words
    await bell.says("/queue")
    assert reference in bell.words  # nothing was done yet
    await khan.taps("Keep Mr Bell out")
    assert "Mr Bell is kept out from now on." in khan.words
    await house.notices()
    await bell.says("/queue")
    assert "Nothing here" in bell.words
    assert "Something new" in stone.words

    await khan.taps("Open the case")
    assert "Kept out by Ms Khan since" in khan.words
    assert "nobody has it yet" in khan.words
    await khan.taps("History")
    assert f"Ms Khan: kept somebody out · Mr Bell · “{REASON}”" in khan.words
    await khan.taps("Back to the case")
    await look_who(khan)
    assert "Mr Bell" not in next(line for line in khan.words.splitlines() if line.startswith("Sealed for"))
    assert "Mr Bell has read it up to" in khan.words
    await house.adds(receipt, AddMessage("One thing more.", None, ()))
    await khan.says("/queue")
    await khan.taps_first()
    await khan.taps("Read the words")
    await khan.taps("Next page")
    assert "One thing more." in khan.words


async def test_who_had_it_on_the_screen_finds_no_such_case_in_the_middle_of_whatever_she_does(house: House) -> None:
    khan, bell, _ = await three(house)
    await house.concern(WORDS, "Ms Khan", "Mr Bell", "Mr Stone")
    await opened(khan)
    await preview(khan, "Mr Bell")
    reference = await opened(bell)
    card = [
        str(one.data)
        for one in bell.card.buttons
        if f":{reference}:" in str(one.data) and ":next:" not in str(one.data)
    ]
    await bell.taps("More")
    more = [
        str(one.data)
        for one in bell.card.buttons
        if f":{reference}:" in str(one.data) and ":next:" not in str(one.data)
    ]
    await khan.taps("Keep Mr Bell out")
    assert len({*card, *more}) > 8
    for data in (more[1], *card, *more):  # the first with the case on her screen still
        await house.pressed(bell.tab, data)
        assert bell.words.endswith("There is no such case at your desk."), data


async def test_a_reason_that_was_being_typed_goes_nowhere_once_she_was_kept_out(house: House) -> None:
    khan, bell, _ = await three(house)
    await house.concern(WORDS, "Ms Khan", "Mr Bell", "Mr Stone")
    await opened(bell)
    await bell.taps("Note, leads only")
    await opened(khan)
    await preview(khan, "Mr Bell")
    await khan.taps("Keep Mr Bell out")
    await bell.says("She must not know.")
    assert "There is no such case at your desk." in bell.words
    await khan.taps("Open the case")
    await khan.taps("History")
    assert "She must not know." not in khan.words


async def test_where_one_would_be_left_somebody_is_added_and_that_is_said_first(house: House) -> None:
    khan, _, stone = await three(house)
    receipt = await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await opened(khan)
    await preview(khan, "Mr Bell")
    assert "Then Ms Khan read it, and Mr Stone too, who is added now and told." in khan.words
    await khan.taps("Keep Mr Bell out")
    await house.notices()
    assert "Something new" in stone.words
    await opened(stone)
    await stone.taps("Read the words")
    assert WORDS in stone.words
    assert receipt


async def test_where_nobody_can_be_added_it_is_said_and_one_alone_reads_only_where_there_is_nobody(
    house: House,
) -> None:
    khan = await house.lead("Ms Khan")
    await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await opened(khan)
    await preview(khan, "Mr Bell")
    assert "Then you alone read it: nobody else here could be added." in khan.words
    await khan.taps("Keep Mr Bell out")
    await house.lead("Mr Stone", "head")
    await khan.taps("Open the case")
    assert "⚠ You alone can read it. Add somebody" in khan.words
    await look_who(khan)
    assert "Fewer than two can read it. Mr Stone would be added next, and told." in khan.words
    await khan.taps("Add Mr Stone")
    assert "Mr Stone can read this case now." in khan.words
    await khan.taps("Open the case")
    await look_who(khan)
    await khan.taps("Keep somebody out")
    await khan.taps("Mr Stone")
    assert "Without Mr Stone you alone would read it, and at least two have to." in khan.words
    assert "Nobody else here can be added." in khan.words
    await khan.taps("Back to the case")
    await khan.taps("History")
    assert "Ms Khan: added somebody, since fewer than two could read it · Mr Stone" in khan.words


async def test_two_let_her_read_again_each_with_a_code_and_one_alone_does_not(house: House) -> None:
    khan, bell, stone = await three(house)
    await house.concern(WORDS, "Ms Khan", "Mr Bell", "Mr Stone")
    await opened(khan)
    await preview(khan, "Mr Bell")
    await khan.taps("Keep Mr Bell out")
    for lead, others_word in ((khan, False), (stone, True)):
        await opened(lead)
        await lead.reads()
        await look_who(lead)
        assert ("Ms Khan wants to let Mr Bell read it again" in lead.words) is others_word
        await lead.taps("Let Mr Bell read again")
        assert "Mr Bell will read everything" in lead.words
        await lead.says("It is another Bell.")
        assert "It takes two of you within a day" in lead.words
        await bell.says("/queue")
        assert "Nothing here" in bell.words
        await lead.says(lead.code(), secret=True)
        if not others_word:
            assert "A second lead has to say so too, within a day." in lead.words
            await lead.taps("Open the case")
            await look_who(lead)
            assert not [label for label in lead.tab.buttons if label.startswith("Let ")]
    assert "Mr Bell can read this case now." in stone.words
    await opened(bell)
    await bell.taps("Read the words")
    assert WORDS in bell.words


async def test_words_that_name_a_lead_keep_her_out_and_the_card_says_why(house: House) -> None:
    khan, bell, stone = await three(house)
    receipt = await house.concern(WORDS, "Ms Khan", "Mr Bell", "Mr Stone")
    await house.notices()
    await house.adds(receipt, AddMessage("Mr Bell shouts at us", None, ()))
    await house.notices()
    await bell.says("/queue")
    assert "Nothing here" in bell.words
    assert "Something new" not in bell.words.split("Nothing here")[-1]
    await opened(stone)
    assert "Kept from, since the words name them: Mr Bell" in stone.words
    await stone.taps("History")
    assert "by itself: kept out whom the words name, until one of you has checked · Mr Bell" in stone.words
    await stone.taps("Back to the case")
    await stone.reads()
    await look_who(stone)
    await stone.taps("Let Mr Bell read")
    await stone.says("He is the one who was told.")
    assert "Mr Bell can read this case now" in stone.words
    assert khan


async def test_a_preview_that_is_not_the_last_one_keeps_nobody_out(house: House) -> None:
    khan, bell, _ = await three(house)
    reference = await house.concern(WORDS, "Ms Khan", "Mr Bell", "Mr Stone")
    await opened(khan)
    await preview(khan, "Mr Bell", "first reason")
    first = next(one for one in khan.card.buttons if one.text == "Keep Mr Bell out")
    await khan.taps("Write it anew")
    await khan.says("second reason")
    await house.pressed(khan.tab, str(first.data))
    await bell.says("/queue")
    assert "Nothing here" not in bell.words
    assert reference
