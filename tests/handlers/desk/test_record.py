"""`/record`: a lead takes down what a child says at her door; the child comes back, and says whether it is right."""

from __future__ import annotations

import re

import pytest

from storage.reporters.receipts import draw
from storage.reporters.session import TalkSession
from tests.handlers.desk.house import House, Lead, takes_nothing
from tests.person import Person

WORDS = "He waits for me at the gate and takes my lunch money."
ONE_S_OWN = "He takes my bag too. It is not only money."
TAKEN = "Taken down by Ms Khan"


async def opened(lead: Lead, filtered: str = "") -> None:
    await lead.says(f"/queue {filtered}")
    await lead.taps_first()


async def answers(khan: Lead) -> None:
    """Take down a child's words up to the readers screen."""
    await khan.says("/record")
    await khan.taps("a child of 12 to 17")
    await khan.taps("OK")
    await khan.taps("Yes")
    await khan.says(WORDS)
    await khan.taps("Done")
    await khan.taps("No")
    await khan.taps("Me")
    await khan.taps("That is enough")


async def hands_over(khan: Lead) -> str:
    """Hand the words over, and give them."""
    await khan.taps("Hand over the words")
    found = next(one.codes[0] for one in reversed(khan.tab.heard) if one.codes)
    await khan.taps("They have them")
    return found


@pytest.fixture
async def khan(house: House) -> Lead:
    khan = await house.lead("Ms Khan")
    await house.lead("Mr Bell", "deputy")
    return khan


async def says(tab: Person, house: House, text: str) -> None:
    await tab.type(text)
    await house.dealt_with(tab)


async def taps(tab: Person, house: House, label: str) -> None:
    await tab.tap(label)
    await house.dealt_with(tab)


async def child_returns(house: House, words: str) -> Person:
    tab = await house.tab()
    await says(tab, house, "/return")
    await says(tab, house, words)
    return tab


def on(tab: Person) -> str:
    return "\n".join(re.sub("[\u2066-\u2069]", "", one.text) for one in tab.messages)


async def test_the_same_questions_are_asked_but_for_the_device_and_the_same_people_are_shown(khan: Lead) -> None:
    await khan.says("/record")
    assert "Who sits in front of you" in khan.words
    await khan.taps("a child of 12 to 17")
    assert "We can't promise to keep it secret." in khan.words
    assert "Could someone else see this phone" not in khan.words
    await khan.taps("OK")
    assert "Are you safe right now?" in khan.words
    await khan.taps("Yes")
    assert "That is enough" not in khan.tab.buttons  # its narrative is needed
    await khan.says(WORDS)
    assert [one for one in khan.tab.messages if one.mine and WORDS in one.text] == []
    await khan.taps("Done")
    assert "Is it to do with an adult who works or helps at Elmfield School?" in khan.words
    await khan.taps("No")
    assert "Who are you worried about?" in khan.words
    await khan.taps("Me")
    await khan.taps("That is enough")
    assert "People with a tick will read it." in khan.words
    assert any("Ms Khan" in label for label in khan.tab.buttons)
    assert any("Mr Bell" in label for label in khan.tab.buttons)


async def test_it_is_marked_with_who_took_it_down_wherever_its_words_are_shown(khan: Lead) -> None:
    await answers(khan)
    await khan.taps("Send")
    assert "Your name stands on it: taken down by Ms Khan." in khan.words
    await hands_over(khan)
    await opened(khan)
    assert TAKEN in khan.words  # on the card
    await khan.reads()
    await khan.says("/claim")
    await khan.taps("Read the words")
    assert TAKEN in khan.words
    assert WORDS in khan.words
    await khan.says("/timeline")
    assert TAKEN in khan.words
    await khan.says("/copy")
    await khan.says("the police ask")
    assert TAKEN in khan.words


async def test_whom_the_person_leaves_out_reads_nothing_the_lead_who_writes_among_them(khan: Lead) -> None:
    await answers(khan)
    await khan.taps(khan.tab_label("ms khan"))
    await khan.taps("Send")
    assert "You read it only if you are one of them." in khan.words
    await hands_over(khan)
    await khan.says("/queue")
    assert "Nothing here." in khan.words


async def test_the_words_are_shown_once_and_the_old_ones_open_nothing_after_the_first_return(
    house: House, khan: Lead
) -> None:
    await answers(khan)
    await khan.taps("Send")
    words = await hands_over(khan)
    assert len(words.split()) == 8
    assert words not in khan.words
    await khan.says("/brief")
    assert not [label for label in khan.tab.buttons if "Words to hand over" in label]
    child = await child_returns(house, words)
    said = on(child)
    assert "Ms Khan wrote down what you said." in said
    assert WORDS in said
    assert "Is this what you said?" in said
    assert words not in said
    await taps(child, house, "Yes")
    new = next(one.codes[0] for one in reversed(child.heard) if one.codes)
    assert new != words
    assert "Your old words do not open it any more." in on(child)
    assert "You sent this" in on(child)
    again, unknown = await child_returns(house, words), await child_returns(house, draw("en").words)
    assert "Nothing opens with these words." in on(again)
    assert on(again) == on(unknown)
    back = await child_returns(house, new)
    assert "You sent this" in on(back)
    assert "Is this what you said?" not in on(back)
    await opened(khan)
    await khan.taps("Read the words")
    await khan.taps("Next page")
    assert "said: this is what I said." in khan.words


@pytest.mark.parametrize("at_once", [False, True], ids=["not quite, then words", "words instead of a tap"])
async def test_what_the_person_adds_is_an_entry_of_the_persons_own(house: House, khan: Lead, *, at_once: bool) -> None:
    await answers(khan)
    await khan.taps("Send")
    child = await child_returns(house, await hands_over(khan))
    if not at_once:
        await taps(child, house, "Not quite")
        assert "You can tell it in your own words. Write it here." in on(child)
    await says(child, house, ONE_S_OWN)
    assert [one.codes[0] for one in child.heard if one.codes]
    await opened(khan)
    await khan.taps("Read the words")
    said = khan.words
    while "Next page" in khan.tab.buttons:
        await khan.taps("Next page")
        said += khan.words
    assert said.count(TAKEN) == 1
    assert said.index(TAKEN) < said.index(WORDS) < said.index("this is not quite what I said") < said.index(ONE_S_OWN)


async def test_new_words_that_a_kill_kept_from_being_shown_are_shown_after_the_start(house: House, khan: Lead) -> None:
    await answers(khan)
    await khan.taps("Send")
    child = await child_returns(house, await hands_over(khan))
    talk = next(iter(house.store.talks._open.values()))
    renewed = await house.store.first_return.confirm(_arrival(house, 9), talk, "yes", "en")
    await house.restart()
    await house.handlers.send_pending_receipts()
    await child.wait_for(lambda: [one for one in child.heard if one.codes])
    assert next(one.codes[0] for one in reversed(child.heard) if one.codes) == renewed.words
    assert "Your old words do not open it any more." in on(child)
    assert await house.store.pending_answers.pending() == ()


async def test_help_is_one_tap_away_before_the_question_is_answered(house: House, khan: Lead) -> None:
    await answers(khan)
    await khan.taps("Send")
    child = await child_returns(house, await hands_over(khan))
    await taps(child, house, "Help")
    assert "999" in on(child)
    await taps(child, house, "Carry on")
    await taps(child, house, "Yes")
    assert [one.codes[0] for one in child.heard if one.codes]


async def test_what_is_begun_is_there_after_a_lock_and_another_lead_in_the_same_chat_sees_nothing(
    house: House, khan: Lead
) -> None:
    await khan.says("/record")
    await khan.taps("a child under 12")
    await khan.taps("OK")
    await khan.says("/lock")
    assert WORDS not in khan.words
    bell = await house.lead("Ms Ward", "deputy")
    await bell.says("/record")
    assert "You have begun" not in bell.words
    await khan.unlocks()
    assert "Begun to take down, not sent" in khan.tab.buttons
    await khan.taps("Begun to take down")
    assert "It was not sent." in khan.words
    await khan.taps("Carry on")
    assert "Are you safe right now?" in khan.words
    await khan.taps("Throw it away")
    await khan.says("/brief")
    assert "Begun to take down, not sent" not in khan.tab.buttons


async def test_a_draft_that_lapses_is_told(house: House, khan: Lead) -> None:
    await khan.says("/record")
    await khan.taps("a child under 12")
    await khan.taps("OK")
    house.clock.pass_(hours=26)
    await house.store.watch.sweep()
    told = [notice for notice in await house.notices() if "lapsed" in notice.kinds]
    assert [notice.lead for notice in told] == [await house.id_of("Ms Khan")]
    assert "was not sent within a day, and is gone" in khan.words


async def test_words_that_were_not_handed_over_wait_after_a_restart_and_go_into_no_other_chat(
    house: House, khan: Lead
) -> None:
    await answers(khan)
    await khan.taps("Send")
    await house.restart()
    await house.handlers.send_pending_receipts()
    assert not [one for one in khan.tab.heard if one.codes]
    await khan.unlocks()
    assert "Words to hand over: 1" in khan.tab.buttons
    await khan.taps("Words to hand over")
    assert len((await hands_over(khan)).split()) == 8
    assert "Words to hand over: 1" not in khan.tab.buttons


async def test_where_nothing_can_be_written_nothing_is_sent_and_the_draft_stays(house: House, khan: Lead) -> None:
    await answers(khan)
    async with takes_nothing(house):
        await khan.taps("Send")
    await khan.says("/record")
    await khan.taps("Carry on")
    await khan.taps("Send")
    assert "It is kept, and sent" in khan.words
    assert len((await house.store.desk.queues.page(_session(house, khan))).rows) == 1


def _session(house: House, lead: Lead) -> object:
    return next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == lead.name)


async def test_danger_that_is_said_shows_the_help_and_makes_it_urgent(house: House, khan: Lead) -> None:
    await khan.says("/record")
    await khan.taps("a child of 12 to 17")
    await khan.taps("OK")
    await khan.taps("No")
    assert "999" in khan.words
    await khan.taps("Carry on")
    await khan.says(WORDS)
    await khan.taps("Done")
    await khan.taps("No")
    await khan.taps("That is enough")
    await khan.taps("Send")
    [row] = (await house.store.desk.queues.page(_session(house, khan))).rows
    assert row.urgency == "immediate"
    assert row.glance.taken_down == "Ms Khan"


async def test_a_parent_is_asked_what_parents_are_asked(house: House, khan: Lead) -> None:
    await khan.says("/record")
    await khan.taps("a parent or carer")
    await khan.taps("OK")
    await khan.taps("No")
    assert "Describe what you saw or heard" in khan.words
    await khan.says("She came home with a bruise.")
    await khan.taps("Done")
    await khan.taps("No")
    await khan.taps("That is enough")
    await khan.taps("Send")
    child = await child_returns(house, await hands_over(khan))
    await taps(child, house, "Yes")
    assert "You sent this" in on(child)


async def test_a_receipt_that_is_typed_at_a_desk_opens_nothing_there(house: House, khan: Lead) -> None:
    await answers(khan)
    await khan.taps("Send")
    words = await hands_over(khan)
    await khan.says(words)
    assert "That reads as the words with which a reporter comes back." in khan.words
    number = 77
    talk = await house.store.talks.open(_arrival(house, number), words)
    assert isinstance(talk, TalkSession)
    assert talk.taken_down is not None


def _arrival(house: House, number: int) -> object:
    from storage.values import Arrival

    return Arrival(house.address_of(90_000 + number), number)
