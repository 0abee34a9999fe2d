"""A child names the very lead who should know; an alternate reads, checks, and lets her in. Others stay out."""

from __future__ import annotations

from flows.values.deeds import Answered
from flows.values.draft import Wrote
from flows.values.text import Text
from tests.handlers.desk.house import House, Lead, chosen
from tests.handlers.desk.test_cases import opened
from tests.person import Person

WORDS = "I told Ms Khan about it, and it goes on."
REASON = "She is the one who was told."


async def sent_by_a_child(house: House, *, about_an_adult: str = "No") -> tuple[str, str]:
    """The child's own way, by first buttons but for one; gives what the readers screen said, and the receipt."""
    child = await house.tab()
    await child.type("/start")
    await house.dealt_with(child)
    readers = ""
    while not child.last.codes:
        readers = child.screen() if "until someone else has checked" in child.screen() else readers
        if "Tell us what is worrying you" in child.last.text and not any(WORDS in one.text for one in child.messages):
            await child.type(WORDS)
        elif "who works or helps at" in child.last.text:
            await child.tap(about_an_adult)
        else:
            await child.tap(0)
        await house.dealt_with(child)
    return readers, child.last.codes[0]


async def come_back(house: House, receipt: str) -> Person:
    """Somebody with the receipt, in a new tab."""
    child = await house.tab()
    for typed in ("/return", receipt):
        await child.type(typed)
        await house.dealt_with(child)
    return child


async def look_who(lead: Lead) -> None:
    """[More], then [Who may read]."""
    await lead.taps("More")
    await lead.taps("Who may read")


async def test_a_lead_whom_the_words_only_mention_is_let_in_and_the_child_is_told(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    readers, receipt = await sent_by_a_child(house)
    assert "Ms Khan" in readers
    await house.notices()
    await khan.says("/queue")
    assert "Nothing here" in khan.words

    await opened(bell)
    assert "Kept from, since the words name them: Ms Khan" in bell.words
    await bell.taps("Read the words")
    assert WORDS in bell.words
    await bell.taps("Next page")
    await bell.taps("Back to the case")
    await look_who(bell)
    assert "Sealed for Mr Bell." in bell.words
    await bell.taps("Let Ms Khan read")
    assert "The reporter is told that Ms Khan can read it too." in bell.words
    await khan.says("/queue")
    assert "Nothing here" in khan.words
    await bell.says(REASON)
    assert "Ms Khan can read this case now" in bell.words
    assert "Kept from" not in bell.words

    [hers] = [notice for notice in await house.notices() if notice.lead == await house.id_of("Ms Khan")]
    assert hers.count == 1
    assert "Something new" in khan.words
    assert REASON not in khan.words
    await opened(khan)
    await khan.taps("Read the words")
    assert WORDS in khan.words
    await khan.taps("Back to the case")
    await khan.taps("History")
    assert f"Mr Bell: let somebody read · Ms Khan · “{REASON}”" in khan.words
    assert "Mr Bell: told the reporter who can read it too · Ms Khan" in khan.words

    child = await come_back(house, receipt)
    said = "\n".join(one.text for one in child.heard)
    assert "A person has read what you sent." in said
    assert "Someone else has checked this." in said
    assert "Khan" in said
    assert REASON not in said
    assert "told the reporter" not in said


async def test_who_was_let_in_can_be_given_the_case_at_once(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Mr Bell", withheld=(await house.id_of("Ms Khan"),))
    await opened(bell)
    await bell.reads()
    await look_who(bell)
    await bell.taps("Let Ms Khan read")
    await bell.says(REASON)
    await bell.taps("Give to")
    await bell.taps("Ms Khan")
    assert "Ms Khan has it" in bell.words
    await khan.says("/queue mine")
    assert "Ms Khan has it" in khan.words


async def test_whom_the_reporter_left_out_is_named_and_never_offered(house: House) -> None:
    bell = await house.lead("Mr Bell", "deputy")
    await house.lead("Mr Stone", "head")
    stone = await house.id_of("Mr Stone")
    await house.concern(WORDS, "Mr Bell", excluded=(stone,), withheld=(stone,))
    await opened(bell)
    await bell.reads()
    await look_who(bell)
    assert "Kept from, as the reporter asked: Mr Stone" in bell.words
    assert "Nobody can let in whom the reporter left out." in bell.words
    assert not [label for label in bell.tab.buttons if label.startswith("Let ")]


async def test_about_an_adult_here_it_takes_two_who_say_so(house: House) -> None:
    stone, bell = await house.lead("Mr Stone", "head"), await house.lead("Mr Bell", "chair")
    khan, dunn = await house.lead("Ms Khan"), await house.lead("Ms Dunn", "deputy")
    hers = await house.id_of("Ms Khan")
    answers = (chosen("C14", "not_sure", "Not sure"),)
    await house.concern(WORDS, "Mr Stone", "Mr Bell", withheld=(hers,), answers=answers)
    await house.notices()
    for _ in range(2):
        await opened(bell)
        await bell.reads()
        await look_who(bell)
        if "Let Ms Khan read" in bell.tab.buttons:
            await bell.taps("Let Ms Khan read")
            assert "a second lead has to say so too" in bell.words
            await bell.says(REASON)
            assert "That is noted, and the others are told" in bell.words
    assert "Mr Bell says that it is not about Ms Khan" in bell.words
    assert "Let Ms Khan read" not in bell.tab.buttons
    assert [notice.lead for notice in await house.notices()] == [await house.id_of("Mr Stone")]
    await khan.says("/queue")
    assert "Nothing here" in khan.words

    await opened(stone)
    assert "Mr Bell says that it is not about Ms Khan" in stone.words
    await stone.reads()
    await look_who(stone)
    await stone.taps("Let Ms Khan read")
    assert "Ms Khan will read everything" in stone.words
    await stone.says("I know that she was told.")
    assert "Ms Khan can read this case now" in stone.words
    await stone.taps("History")
    assert f"Mr Bell: said that it is not about somebody, which takes two · Ms Khan · “{REASON}”" in stone.words
    await opened(khan)
    await dunn.says("/queue")
    assert "Nothing here" in dunn.words


async def test_where_it_takes_two_and_there_is_one_nobody_is_offered(house: House) -> None:
    await house.lead("Ms Khan")
    bell = await house.lead("Mr Bell", "deputy")
    await sent_by_a_child(house, about_an_adult="Yes")
    await opened(bell)
    await bell.reads()
    await look_who(bell)
    assert "it takes two leads who can read it" in bell.words
    assert not [label for label in bell.tab.buttons if label.startswith("Let ")]


async def test_whom_they_asked_not_to_tell_stands_before_the_reason_is_asked_for(house: House) -> None:
    await house.lead("Ms Khan")
    bell = await house.lead("Mr Bell", "deputy")
    hers = await house.id_of("Ms Khan")
    asked = Answered("C19", Text("Anyone we should not tell?", "child"), Wrote(("my aunt, who knows her",)))
    await house.concern(WORDS, "Mr Bell", withheld=(hers,), answers=(asked,))
    await opened(bell)
    await bell.reads()
    await look_who(bell)
    await bell.taps("Let Ms Khan read")
    assert "my aunt, who knows her" in bell.words
    await bell.taps("Back to the case")
    await bell.says("Nothing was asked for any more.")
    assert "gone to nobody" in bell.words


async def test_a_case_that_changed_meanwhile_lets_nobody_in(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    dunn = await house.lead("Ms Dunn", "deputy")
    await house.concern(WORDS, "Mr Bell", "Ms Dunn", withheld=(await house.id_of("Ms Khan"),))
    await opened(bell)
    await bell.reads()
    await look_who(bell)
    await bell.taps("Let Ms Khan read")
    await opened(dunn)
    await dunn.taps("I have this")
    await bell.says(REASON)
    assert "changed while you had it open" in bell.words
    await khan.says("/queue")
    assert "Nothing here" in khan.words
