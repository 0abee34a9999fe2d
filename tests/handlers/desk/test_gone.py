"""What a desk showed goes from the chat: at a restart too, and however often the messenger has to be asked."""

from __future__ import annotations

from bot.delivery.scheduler import Scheduler
from tests.handlers.desk.house import House, Lead

WORDS = "They wait behind the bus stop."


async def reading(house: House) -> Lead:
    """A lead who has a case's words on the screen."""
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("Read the words")
    return lead


async def test_a_restart_locks_the_desk_and_takes_what_it_showed_but_no_notice(house: House) -> None:
    lead, bell = await reading(house), await house.lead("Mr Bell", "deputy")
    await lead.says("/copy")
    await lead.says("For the police.")
    await bell.says("/lock")
    await house.concern("Another one.", "Mr Bell", urgency="immediate")
    await house.notices()
    await house.restart()
    await Scheduler(house.handlers, house.clock).delete_due()
    await lead.tab.wait_for(lambda: WORDS not in lead.words)
    assert "Something new: immediate" in bell.words
    await lead.says("/queue")
    assert "The desk is locked here" in lead.words


async def test_what_the_messenger_did_not_delete_is_tried_again(house: House) -> None:
    lead = await reading(house)
    house.clock.pass_(minutes=21)
    watch = Scheduler(house.handlers, house.clock)
    house.chat.faults.next_answer("deleteMessages", 502, "down")
    await watch.delete_due()
    assert WORDS in lead.words
    house.clock.pass_(minutes=1)
    await watch.delete_due()
    await lead.tab.wait_for(lambda: WORDS not in lead.words)
