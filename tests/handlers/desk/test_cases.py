"""Who sees which case, races between leads, and what may leave the desk."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from threading import Thread
from typing import Final

import pytest
from sqlalchemy import select

from bot.delivery.scheduler import Scheduler
from bot.webchat.base.faults import Delivery
from flows.values.deeds import AddAnswer, AddMessage, Answered
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from flows.values.text import Text
from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from handlers.desk.commands import BUTTONS, COMMANDS
from storage.database import instrumentation
from storage.database.instrumentation import Point
from storage.database.schema.notices import outbox
from tests.handlers.desk.house import House, Lead, chosen
from tests.raw_database import rename_tables
from tests.thoroughness import every

WORDS = "It is about Mr Bell, he was shouting."


async def opened(lead: Lead) -> str:
    """Open the first case of the queue and give its reference."""
    await lead.says("/queue")
    reference = lead.card.buttons[0].text.split()[-1]
    await lead.taps_first()
    return reference


async def test_two_leads_race_for_one_case_and_the_second_is_told(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await opened(khan)
    await opened(bell)
    assert "Ms Khan opened this" in bell.words
    await khan.taps("I have this")
    await bell.taps("I have this")
    assert "changed while you had it open" in bell.words
    assert "Ms Khan: took the case" in bell.words
    await bell.taps_first()  # Look again
    assert "Ms Khan has it" in bell.words


async def test_words_that_the_messenger_refused_to_show_stay_unread(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await opened(khan)
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
    house.chat.faults.next_answer("editMessageText", 400, refusal)
    house.chat.faults.next_answer("sendMessage", 400, refusal)
    await khan.taps("Read the words")
    assert WORDS not in khan.words
    await khan.says("/brief")
    assert "unread: 1" in khan.words
    await opened(khan)
    await khan.taps("Read the words")
    await khan.says("/brief")
    assert "unread: 0" in khan.words


async def test_a_copy_that_the_messenger_refused_to_show_leaves_the_words_unread(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await khan.says(f"/copy {await opened(khan)}")
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
    house.chat.faults.next_answer("editMessageText", 400, refusal, times=2)
    house.chat.faults.next_answer("sendMessage", 400, refusal, times=2)
    await khan.says("For the meeting.")
    assert WORDS not in khan.words
    await khan.says("/brief")
    assert "unread: 1" in khan.words


async def test_a_stale_reply_is_not_sent_and_not_lost(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    receipt = await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await opened(khan)
    await opened(bell)
    await bell.taps("Reply")
    await bell.says("I am here.")
    await khan.taps("I have this")
    await bell.taps("Send")
    assert await house.replies(receipt) == []
    await bell.taps("My words again")
    await bell.taps("Reply to reporter")
    await bell.taps("Send")
    assert await house.replies(receipt) == [("I am here.", None)]


async def test_a_reply_that_is_delivered_again_is_not_offered_again(house: House) -> None:
    khan = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan")
    await opened(khan)
    house.chat.faults.delivery = delivery = Delivery(again=0.1)
    await khan.says("I am here.")
    await khan.taps("Reply to reporter")
    await khan.taps("Send")
    shown = khan.words
    async with asyncio.timeout(5):
        while delivery.times["again"] < 3:  # noqa: ASYNC110 - what comes again tells nobody
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        while house.chat._door.updates:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert khan.words == shown
    assert await house.replies(receipt) == [("I am here.", None)]


async def test_of_what_was_kept_before_the_next_screen_failed_nobody_says_that_it_was_not_saved(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await opened(khan)

    def breaks(point: Point) -> None:
        if point == "deed.kept":  # in a loop of its own, since nothing waits here
            renaming = Thread(target=asyncio.run, args=(rename_tables(house.url, {"roster": "away"}),))
            renaming.start()
            renaming.join()

    instrumentation.arm(breaks)
    await khan.taps("I have this")
    instrumentation.arm(None)
    await rename_tables(house.url, {"away": "roster"})
    assert "We cannot tell if your last message was saved." in khan.tab.last.text
    await opened(khan)
    assert "Ms Khan has it" in khan.words


#: How it comes that somebody reads a case no more.
HOW: Final = ("left out", "kept out", "named afterwards")


@pytest.mark.slow
@pytest.mark.parametrize("how", HOW)
async def test_whom_it_is_about_sees_the_same_with_and_without_the_case(house: House, how: str) -> None:
    khan, head = await house.lead("Ms Khan"), await house.lead("Mr Stone", "head")
    await house.concern("Nothing about anybody here.", "Ms Khan", "Mr Stone")
    before = await everything(head)
    stone = await house.id_of("Mr Stone")
    notices = await waiting_for(house, stone)
    readers, out = (("Ms Khan",), (stone,)) if how == "left out" else (("Ms Khan", "Mr Stone"), ())
    receipt = await house.concern(WORDS, *readers, urgency="immediate", excluded=out)
    khan.tab = await house.tab()  # she was paged, and opens the desk in a new tab
    await khan.unlocks()
    if how == "kept out":
        await opened(khan)
        for step in ("More", "Who may read", "Keep somebody out", "Mr Stone"):
            await khan.taps(step)
        await khan.says("It is about him.")
        await khan.taps("Keep Mr Stone out")
    if how == "named afterwards":
        await house.adds(receipt, AddMessage("mr stone does it", None, ()))
    assert await waiting_for(house, stone) == notices
    theirs = await opened(khan)
    assert await everything(head) == before
    first = HOW.index(how)  # each way goes by other paths
    unknown = await answers_to(head, "ZZZZZZ", first)
    assert [line.replace(theirs, "ZZZZZZ") for line in await answers_to(head, theirs, first)] == unknown
    assert any("no such case" in one for one in unknown)
    assert await everything(head) == before


async def waiting_for(house: House, lead: LeadId) -> list[tuple[str, ...]]:
    """Every notice that a lead is going to get."""
    async with house.store._core.read() as connection:
        asked = select(outbox).where(outbox.c.lead_id == lead).order_by(outbox.c.id)
        return [tuple(row) for row in (await connection.execute(asked)).all()]


async def everything(lead: Lead) -> list[str]:
    """What every command and every filter says, in order, and what then stands beside it."""
    said: list[str] = []
    for name in COMMANDS:
        if name in {"lock", "unlock", "join"}:
            continue
        await lead.says(f"/{name}")
        said += [lead.words, *lead.listed]
    for name in ("new", "unread", "mine", "overdue", "closed", "u.immediate", "u.same_day", "s.0"):
        await lead.says(f"/queue {name}")
        said += [lead.words, *lead.listed]
    return said


async def answers_to(lead: Lead, reference: str, first: int) -> list[str]:
    """What commands and buttons say to a reference: each sixteenth, or all of them."""
    named = [name for name in COMMANDS if name not in {"lock", "unlock", "join"}]
    typed = [f"/{name} {reference}" for name in named if name != "queue"]
    typed += [f"/case_{reference}", f"/start case_{reference}", *(f"/{name} {reference} some words" for name in named)]
    said = []
    for text in typed[first :: every(16)]:
        await lead.says(text)
        said.append(lead.words)
    tag = lead.tag
    left_out = {"lock", "queue", "next", "pin", "left"}  # with the last one she says that she leaves
    for verb in [verb for verb in BUTTONS if verb not in left_out][first :: every(16)]:
        await lead.house.pressed(lead.tab, callback_data.data(tag, verb, Ask(reference, 1, "0")))
        said.append(lead.words)
    return said


async def test_a_glance_shows_what_must_not_be_missed(house: House) -> None:
    lead = await house.lead("Ms Khan")
    stone = await house.lead("Mr Stone", "head")
    warned = (
        chosen("C4", "no", "No"),
        chosen("C20", "no", "Please don't"),
        Answered("C19", Text("Anyone we should not tell?", "child"), Wrote(("my uncle Vik",))),
    )
    about = await house.id_of(stone.name)
    await house.concern(WORDS, "Ms Khan", answers=warned, excluded=(about,))
    await lead.says("/queue")
    assert "Safe now: NO" in lead.words
    assert "DO NOT CONTACT" in lead.words
    assert "a child of 12 to 17" in lead.words
    assert "nobody has it yet" in lead.words
    assert WORDS not in lead.words
    await lead.taps_first()
    assert "Elmfield School · desk of Ms Khan" in lead.words
    assert "Kept from, as the reporter asked: Mr Stone" in lead.words
    assert "acknowledge by" in lead.words
    await lead.taps("Reply")
    assert "They asked not to be contacted" in lead.words
    assert "my uncle Vik" in lead.words


async def test_a_long_warning_is_cut_behind_a_whole_letter_and_says_so(house: House) -> None:
    lead = await house.lead("Ms Khan")
    long = Answered("C19", Text("Anyone we should not tell?", "child"), Wrote(("x" + "🇬🇧" * 200,)))
    await house.concern(WORDS, "Ms Khan", answers=(long,))
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("Reply")
    assert f"“x{'🇬🇧' * 74}…”" in lead.words  # 300 units


async def test_a_card_shows_what_was_told_after_sending_and_where_it_contradicts(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern(WORDS, "Ms Khan", answers=(chosen("C4", "yes", "Yes"),))
    await house.adds(
        receipt,
        AddAnswer(chosen("C13", "yes", "Yes"), "immediate", ("R8",), ("abuse.physical",)),
        AddAnswer(chosen("C20", "no", "Please don't"), None, ()),
    )
    await lead.says("/queue")
    await lead.taps_first()
    for said in ("Safe now: yes", "An injury needs care", "says otherwise", "DO NOT CONTACT", "Physical abuse"):
        assert said in lead.words, said
    await lead.says("/queue")
    assert "DO NOT CONTACT" in lead.words


async def test_a_card_says_what_held_and_the_words_that_made_it_are_marked(house: House) -> None:
    lead = await house.lead("Ms Khan")
    receipt = await house.concern("My brother took pills. He sleeps.", "Ms Khan", rules=("R2", "R17"))
    await house.adds(receipt, AddMessage("He took more pills 🙂", "immediate", ("R17",)))
    await opened(lead)
    assert "Why: Words of pills or something else taken\n" in lead.words
    assert "took pills." not in lead.words
    await lead.taps("Read the words")
    assert lead.card.marked("bold") == ["took pills."]
    await lead.taps("Next page")
    assert lead.card.marked("bold") == ["took more pills"]
    await lead.taps("Next page")
    assert "This raised: Words of pills" in lead.words


async def test_the_words_are_shown_whole_in_pages(house: House) -> None:
    lead = await house.lead("Ms Khan")
    long = " ".join(f"word{number}" for number in range(1500))
    await house.concern(long, "Ms Khan", answers=(chosen("C4", "yes", "Yes"),))
    await opened(lead)
    await lead.taps("Read the words")
    read = [_own_words(lead)]
    while any(label == "Next page" for label in lead.tab.buttons):
        await lead.taps("Next page")
        read.append(_own_words(lead))
    assert "".join(read).split() == long.split()
    assert "Question C4? — Yes" in lead.words


def _own_words(lead: Lead) -> str:
    return " ".join(lead.card.marked("blockquote")) + " "


async def test_a_copy_needs_a_reason_is_logged_and_goes_after_five_minutes(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await opened(lead)
    await lead.says("/copy")
    assert WORDS not in lead.words
    await lead.says("For the police, as agreed.")
    free = [one for one in lead.tab.heard if not one.protect]
    assert [WORDS in one.text for one in free] == [True]
    await lead.taps("Back to the case")
    await lead.taps("History")
    assert "copied it out" in lead.words
    assert "For the police" in lead.words
    watch = Scheduler(house.handlers, house.clock)
    await watch.delete_due()
    assert free[0].id in {one.id for one in lead.tab.messages}
    house.clock.pass_(minutes=5, seconds=1)
    await watch.delete_due()
    await lead.tab.wait_for(lambda: free[0].id not in {one.id for one in lead.tab.messages})


async def test_everything_the_desk_says_is_protected_and_goes_after_some_minutes(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    await opened(lead)
    await lead.taps("Read the words")
    shown = {one.id for one in lead.tab.heard}
    assert shown
    assert all(one.protect for one in lead.tab.heard)
    house.clock.pass_(minutes=19)
    await Scheduler(house.handlers, house.clock).delete_due()
    assert shown <= {one.id for one in lead.tab.messages}
    house.clock.pass_(minutes=2)
    await Scheduler(house.handlers, house.clock).delete_due()
    await lead.tab.wait_for(lambda: not lead.tab.messages)


async def test_a_case_is_given_only_to_its_recipients(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    await house.lead("Mr Stone", "head")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    await opened(khan)
    await khan.says("/assign")
    assert "Mr Bell, deputy lead" in khan.tab.buttons
    assert not any("Stone" in label for label in khan.tab.buttons)
    await khan.taps("Mr Bell")
    assert "Mr Bell has it" in khan.words
    await bell.says("/queue mine")
    assert "Mr Bell has it" in bell.words


async def test_the_queue_turns_its_pages_and_goes_by_urgency(house: House) -> None:
    lead = await house.lead("Ms Khan")
    for number in range(11):
        await house.concern(f"words {number}", "Ms Khan", urgency="immediate" if number == 5 else "routine")
    await lead.says("/queue")
    assert lead.words.index("immediate") < lead.words.index("routine")
    first = set(lead.tab.buttons)
    await lead.taps("Next page")
    assert {label for label in lead.tab.buttons if "⚪" in label}.isdisjoint(first)
    await lead.taps("Filters")
    await lead.taps("immediate")
    assert lead.words.count("/case_") == 1


async def test_a_notice_says_no_more_than_that_something_is_new(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    notice = await house.store.outbox.next()
    while notice is not None and not notice.kinds & {"new"}:
        await house.store.outbox.done(notice)
        notice = await house.store.outbox.next()
    assert notice is not None
    assert await house.desk.notify(notice) == "delivered"
    said = await lead.tab.wait_to_see("Something new")
    assert said.text == "Something new: immediate"
    await lead.taps("Open the desk")
    assert "The desk is locked here" in lead.words


async def test_times_in_the_history_are_those_of_the_site(house: House) -> None:
    house.clock.at += timedelta(days=200)  # British summer time: an hour ahead of UTC
    lead = await house.lead("Ms Khan")
    await house.concern(WORDS, "Ms Khan")
    hour = house.clock.at.hour + 1
    await opened(lead)
    await lead.taps("History")
    assert f"{hour}:" in lead.words
