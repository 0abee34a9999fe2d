"""A flood: text is taken at any pace, answers are put together, and help and urgency pass every limit."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.updates.chat_queues import ChatQueues, Raw
from flows.duty.deadlines import cover
from flows.screens.help import help_screen
from flows.screens.receipt import receipt_screen
from flows.values.bounds import Rate
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from flows.values.situation import Situation
from handlers.telegram import failures, flood_detector
from handlers.telegram.flood_detector import FloodDetector
from handlers.telegram.rate_limits import Rates
from storage.sealing.receipts.receipt import new_receipt
from storage.values import Address, Notice
from tests.bot.webchat.bot_api import until
from tests.handlers.messenger import Person
from tests.handlers.paths import to_the_story, to_the_words
from tests.handlers.world import ELMFIELD, START, World

MANY = 60


@pytest.fixture
async def ann(world: World, ann: Person) -> AsyncIterator[Person]:
    """A reporter whose pace counts from here on."""
    world.rate = Rate(burst=25, per_second=1.0)
    await world.restart()
    return ann


def words(person: Person) -> list[str]:
    return [shown.text for shown in person.messages]


async def flood(person: Person, count: int = MANY) -> None:
    for number in range(count):
        await person.types(f"word {number}")


async def test_every_text_of_a_flood_is_kept_and_one_answer_stands_for_many(world: World, ann: Person) -> None:
    await to_the_story(ann)
    before = len(ann.messenger.named("sendMessage"))
    await flood(ann)
    kept = await world.store.drafts.get(ann.address)
    assert kept is not None
    assert kept.draft.answers["C8"] == Wrote(tuple(f"word {number}" for number in range(MANY)))
    await world.handlers.finish()
    assert len(ann.messenger.named("sendMessage")) - before <= 25
    assert ann.screen.text == ann.messages[-1].text, "the question stands after the last text"
    await ann.taps("Done")
    assert "Done" not in [button["text"] for button in ann.screen.buttons]


async def test_words_of_danger_are_answered_at_once_in_the_middle_of_a_flood(ann: Person) -> None:
    await to_the_story(ann)
    await flood(ann)
    await ann.types("I want to kill myself")
    assert "0800 1111" in ann.screen.text
    await flood(ann, 3)
    await ann.types("/help")
    assert "0800 1111" in ann.screen.text


async def test_not_safe_is_answered_at_once_in_the_middle_of_a_flood(ann: Person) -> None:
    await ann.types("/start")
    await flood(ann)
    await ann.taps("12 to 17")
    await ann.taps("No")
    await ann.taps("OK")
    await flood(ann, 3)
    await ann.taps("No")
    assert "0800 1111" in ann.screen.text


async def test_a_message_of_danger_after_sending_pages_a_lead_within_seconds_from_a_flooding_chat(
    world: World, ann: Person
) -> None:
    await to_the_words(ann)
    await world.deliver_notices()
    await flood(ann)
    await world.deliver_notices()
    world.clock.pass_(1 / 60)
    await ann.types("he is hurting me now")
    notice = await world.store.outbox.next()
    assert notice is not None
    assert notice.urgency == "immediate"
    assert "0800 1111" in ann.screen.text


async def test_the_receipt_never_waits_and_nothing_old_is_said_after_it(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await flood(ann)
    await ann.taps("Done")
    await ann.taps("No")
    await ann.taps("Send")
    last = ann.screen
    assert last.code
    await world.handlers.finish()
    assert ann.screen == last


async def test_leaving_quickly_lets_nothing_be_said_that_waited(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await flood(ann)
    await ann.taps("More")
    await ann.taps("Leave")
    left = words(ann)
    await world.handlers.finish()
    assert words(ann) == left
    assert not any("word" in text for text in left)


async def test_whoever_waits_a_moment_is_answered_each_time_again(world: World, ann: Person) -> None:
    await to_the_story(ann)
    await flood(ann)
    await world.handlers.finish()
    world.clock.at += timedelta(seconds=60)
    said = len(ann.messages)
    await ann.types("and this")
    assert len(ann.messages) == said + 2


async def test_ten_thousand_sources_and_more_are_remembered_in_bounded_memory() -> None:
    situation = FloodDetector(lambda address: address.chat_id.to_bytes(8), lambda: START, Rate())
    for chat in range(flood_detector.KEPT + 500):
        situation.note(Address("web", chat))
    assert len(situation) == flood_detector.KEPT


async def test_tries_with_words_that_open_nothing_are_slowed_by_chat_and_texts_are_not(
    world: World, ann: Person
) -> None:
    right = await to_the_words(ann)
    eve = world.person(chat=7_000_099)

    for _ in range(6):
        await eve.types("/return")
        await eve.types(new_receipt("en", os.urandom).words)
    assert "many tries" in eve.screen.text
    await eve.types("/return")
    await eve.types("I want to kill myself")
    assert any("0800 1111" in shown.text for shown in eve.messages[-2:])
    ben = world.person(chat=7_000_098)
    await ben.types("/return")
    await ben.types(right)
    assert "received" in ben.messages[-2].text
    world.clock.pass_(6)
    await eve.types("/return")
    await eve.types(right)
    assert "received" in eve.messages[-2].text


async def test_eight_words_of_danger_are_taken_for_danger_and_not_for_a_receipt(ann: Person) -> None:
    await ann.types("please I want to kill myself right now")
    assert any("0800 1111" in shown.text for shown in ann.messages)


async def test_while_many_wait_to_be_answered_the_turns_of_other_chats_are_committed_and_help_is_said_first(
    world: World,
) -> None:
    goes = asyncio.Event()

    async def wait(_: float) -> None:
        await goes.wait()

    world.rates = {"telegram": Rates(wait=wait, overall=Rate(1e-6, 1))}
    await world.restart()

    async def handle(raw: Raw) -> None:
        await world.handlers.handle("telegram", raw)

    chat_queues = ChatQueues(handle, handle)
    people = [Person(world.messenger, chat_queues.put, 8_000_000 + number) for number in range(MANY * 2)]
    async with asyncio.timeout(20):
        await asyncio.gather(*(person.types("/start") for person in people))
        await people[-1].types("/help")
    assert await chat_queues.drain(5), "no lane waits for what is put off"
    assert len(world.messenger.named("sendMessage")) == 1
    goes.set()
    await world.handlers.finish()
    said = [call["chat_id"] for call in world.messenger.named("sendMessage")]
    assert said.count(people[-1].chat) == 2
    assert people[-1].chat in said[:4]
    assert "0800 1111" in people[-1].screen.text
    assert len(said) == MANY * 2 + 1


def test_help_a_failure_and_the_receipt_are_urgent() -> None:
    situation = Situation(START, "en", "telegram", ELMFIELD, (), cover(None, START))
    assert help_screen(situation).urgent
    assert receipt_screen(situation, "teen", "a b c", None).urgent
    assert failures.failure_screen(ELMFIELD).urgent


async def test_what_a_lead_is_told_and_shown_goes_ahead_of_the_answers_of_a_flood(world: World) -> None:
    goes = asyncio.Event()

    async def wait(_: float) -> None:
        await goes.wait()

    world.rates = {"telegram": Rates(wait=wait, overall=Rate(1e-6, 1))}
    await world.restart()
    people = [world.person(8_000_000 + number) for number in range(MANY)]
    for person in people:
        await person.types("/start")
    lead = world.person(9_000_000)
    await lead.types("/unlock Grace Okafor")
    chat = Address("telegram", 9_000_001)
    heartbeat = Notice((1,), "lead", chat, LeadId("1"), frozenset({"heartbeat"}), None, 0, "en")
    telling = asyncio.create_task(world.handlers.notify(heartbeat))
    await until(lambda: chat in world.handlers.sender._late)
    goes.set()
    await world.handlers.finish()
    assert await telling == "delivered"
    said = [call["chat_id"] for call in world.messenger.named("sendMessage")]
    assert {9_000_000, 9_000_001} <= set(said[:5])


async def test_after_leaving_quickly_nothing_of_what_waited_to_be_said_is_shown(world: World, ann: Person) -> None:
    goes = asyncio.Event()

    async def wait(_: float) -> None:
        await goes.wait()

    await to_the_story(ann)
    await ann.types("/help")
    help_ = ann.screen
    world.rates = {"telegram": Rates(wait=wait, overall=Rate(1e-6, 1))}
    await world.restart()
    await world.person(8_000_001).types("/start")
    for word in ("They took my bag.", "Every day.", "It goes on."):
        await ann.types(word)
    leaving = asyncio.create_task(ann.taps("Leave quickly", help_))
    await asyncio.sleep(0)
    goes.set()
    await leaving
    await world.handlers.finish()
    assert words(ann) == ["Hello. Write here when you like."]


async def test_who_is_not_alone_keeps_no_answered_pair_though_the_answer_had_to_wait(world: World, ann: Person) -> None:
    goes = asyncio.Event()

    async def wait(_: float) -> None:
        await goes.wait()

    await to_the_story(ann, alone=False)
    world.rates = {"telegram": Rates(wait=wait, overall=Rate(1e-6, 1))}
    await world.restart()
    await world.person(8_000_001).types("/start")
    question = ann.screen
    written = await ann.types("They took my bag.")
    assert written not in ann.messages
    goes.set()
    await world.handlers.finish()
    assert question not in ann.messages


async def test_while_many_wait_to_be_answered_a_command_in_a_group_holds_nobody_up(world: World) -> None:
    goes = asyncio.Event()

    async def wait(_: float) -> None:
        await goes.wait()

    world.rates = {"telegram": Rates(wait=wait, overall=Rate(1e-6, 1))}
    await world.restart()
    await world.person(8_000_001).types("/start")
    group = {"id": -7, "type": "group", "title": "A class"}
    message = {"message_id": 1, "date": 1, "chat": group, "text": "/start"}
    async with asyncio.timeout(5):
        await world.take({"update_id": 1, "message": message})
    goes.set()
    await world.handlers.finish()
    assert "private chats" in world.messenger.chats[-7][-1].text
