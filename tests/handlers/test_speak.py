"""Speaking through a messenger that refuses: nothing is lost, nobody else waits, and nothing of it is logged."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from flows.values.screen import Screen
from flows.values.text import Text
from handlers.telegram.rate_limits import Rates
from handlers.telegram.send_queue import SentMessage
from handlers.telegram.sender import MessageSender
from storage.database.concurrency import in_slot
from storage.values import Address
from storage.values.errors import Unavailable
from tests.handlers.messenger import (
    BAD_GATEWAY,
    FORBIDDEN,
    NOT_FOUND,
    NOT_MODIFIED,
    TOO_OLD,
    Messenger,
    wait,
)
from tests.handlers.world import translators

ANN = Address("telegram", 11)
BEN = Address("telegram", 12)
ENGLISH = translators()["en"]


class Waits:
    """A clock that lets a wait end when the test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self.over.wait()


def screen(text: str) -> Screen:
    return Screen((Text(text),))


def texts(messenger: Messenger, of: Address) -> list[str]:
    return [shown.text for shown in messenger.chats.get(of.chat_id, [])]


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


async def test_a_chat_that_is_told_to_wait_gets_everything_in_order_and_no_other_chat_waits(
    messenger: Messenger,
) -> None:
    waits, told = Waits(), []
    sender = MessageSender({"telegram": messenger.bot}, waits)
    messenger.refuse[("sendMessage", ANN.chat_id)] = [wait(7)]

    async def then(sent: SentMessage) -> None:
        told.append(sent)

    await sender.say(ANN, (screen("one"), screen("two")), ENGLISH, then=then)
    await sender.say(ANN, (screen("three"),), ENGLISH, then=then)
    await sender.say(BEN, (screen("hello"),), ENGLISH)
    assert (texts(messenger, ANN), texts(messenger, BEN), told) == ([], ["hello"], [])
    waits.over.set()
    await sender.finish()
    assert texts(messenger, ANN) == ["one", "two", "three"]
    assert [len(sent.messages) for sent in told] == [2, 1]
    assert waits.asked == [7]


async def test_what_cannot_be_kept_of_a_late_answer_keeps_no_later_one_from_being_said(messenger: Messenger) -> None:
    waits = Waits()
    waits.over.set()
    sender = MessageSender({"telegram": messenger.bot}, waits)
    messenger.refuse[("sendMessage", ANN.chat_id)] = [wait(7)]

    async def then(_: SentMessage) -> None:
        raise Unavailable

    await sender.say(ANN, (screen("one"),), ENGLISH, then=then)
    await sender.say(ANN, (screen("two"),), ENGLISH)
    await sender.finish()
    await sender.say(ANN, (screen("three"),), ENGLISH)
    assert texts(messenger, ANN) == ["one", "two", "three"]


async def test_a_chat_is_stilled_also_while_its_last_late_answer_is_being_kept(messenger: Messenger) -> None:
    waits = Waits()
    waits.over.set()
    sender = MessageSender({"telegram": messenger.bot}, waits)
    keeping, kept = asyncio.Event(), asyncio.Event()
    messenger.refuse[("sendMessage", ANN.chat_id)] = [wait(7)]

    async def then(_: SentMessage) -> None:
        keeping.set()
        await kept.wait()

    await sender.say(ANN, (screen("one"),), ENGLISH, then=then)
    await keeping.wait()
    stilled = asyncio.create_task(sender.cancel_pending(ANN))
    await asyncio.sleep(0)
    kept.set()
    await stilled
    await sender.finish()
    assert texts(messenger, ANN) == ["one"]


async def test_an_edit_that_changes_nothing_is_fine(messenger: Messenger) -> None:
    sender = MessageSender({"telegram": messenger.bot})
    await sender.say(ANN, (screen("same"),), ENGLISH)
    [shown] = messenger.chats[ANN.chat_id]
    messenger.refuse[("editMessageText", ANN.chat_id)] = [NOT_MODIFIED]
    await sender.say(ANN, (screen("same"),), ENGLISH, replace=shown.number)
    assert texts(messenger, ANN) == ["same"]


async def test_a_message_that_is_gone_is_sent_anew_instead_of_edited(messenger: Messenger) -> None:
    sender = MessageSender({"telegram": messenger.bot})
    messenger.refuse[("editMessageText", ANN.chat_id)] = [NOT_FOUND]
    await sender.say(ANN, (screen("again"),), ENGLISH, replace=99)
    assert texts(messenger, ANN) == ["again"]


async def test_whoever_blocked_the_bot_is_told_of_as_blocked(messenger: Messenger) -> None:
    sender, told = MessageSender({"telegram": messenger.bot}), []

    async def then(sent: SentMessage) -> None:
        told.append(sent)

    messenger.refuse[("sendMessage", ANN.chat_id)] = [FORBIDDEN]
    await sender.say(ANN, (screen("hello"),), ENGLISH, then=then)
    assert told == [SentMessage((), delivered=False, blocked=True)]


async def test_a_gateway_that_stumbles_is_tried_again(messenger: Messenger) -> None:
    waits = Waits()
    sender = MessageSender({"telegram": messenger.bot}, waits)
    messenger.refuse[("sendMessage", ANN.chat_id)] = [BAD_GATEWAY, BAD_GATEWAY]
    await sender.say(ANN, (screen("hello"),), ENGLISH)
    waits.over.set()
    await sender.finish()
    assert texts(messenger, ANN) == ["hello"]


async def test_a_press_that_is_too_old_to_answer_is_no_harm(messenger: Messenger) -> None:
    messenger.refuse[("answerCallbackQuery", 0)] = [TOO_OLD]
    await MessageSender({"telegram": messenger.bot}).answer_callback("telegram", "5")
    assert len(messenger.named("answerCallbackQuery")) == 1


async def test_more_than_a_hundred_messages_are_deleted_a_hundred_at_a_time(messenger: Messenger) -> None:
    sender = MessageSender({"telegram": messenger.bot})
    assert await sender.forget(ANN, tuple(range(1, 251)))
    assert [len(call["message_ids"]) for call in messenger.named("deleteMessages")] == [100, 100, 50]


async def test_a_refusal_leaves_neither_text_nor_chat_in_the_log(
    messenger: Messenger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    messenger.refuse[("sendMessage", ANN.chat_id)] = [(400, "Bad Request: chat 11 canary", {})]
    await MessageSender({"telegram": messenger.bot}).say(ANN, (screen("canary words"),), ENGLISH)
    assert "canary" not in caplog.text
    assert [vars(record)["broke"] for record in caplog.records if record.name == "handlers.telegram.sender"] == [
        "TelegramBadRequest"
    ]


class Seconds:
    """A clock that waiting moves on, once the test lets it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.goes = asyncio.Event()

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        await self.goes.wait()
        self.now += seconds
        await asyncio.sleep(0)


@pytest.mark.slow
async def test_behind_the_answers_of_ten_thousand_chats_help_is_said_within_a_second_and_in_order(
    messenger: Messenger,
) -> None:
    seconds, told, all_told = Seconds(), [], asyncio.Event()
    sender = MessageSender({"telegram": messenger.bot}, rates={"telegram": Rates(seconds, seconds.wait)})

    async def then(_: SentMessage) -> None:
        told.append(seconds.now)
        if len(told) == 3:
            all_told.set()

    for chat in range(100, 10_000):  # nobody's update waits until it was answered
        await sender.say(Address("telegram", chat), (screen("an answer"),), ENGLISH)
    await sender.say(ANN, (screen("a question"),), ENGLISH, then=then)
    await sender.say(ANN, (replace(screen("help"), urgent=True),), ENGLISH, then=then)
    await sender.say(BEN, (replace(screen("the words to come back"), urgent=True),), ENGLISH, then=then)
    seconds.goes.set()
    await asyncio.wait_for(all_told.wait(), 20)
    assert texts(messenger, ANN) == ["a question", "help"]
    assert max(told) < 1
    await sender.finish(0)


async def test_what_is_put_off_for_a_chat_has_a_bound_and_whoever_waits_there_takes_nobodys_place(
    messenger: Messenger,
) -> None:
    seconds, room = Seconds(), asyncio.Semaphore(1)
    sender = MessageSender({"telegram": messenger.bot}, rates={"telegram": Rates(seconds, seconds.wait)})

    async def floods() -> None:
        async with in_slot(room):
            for number in range(100):
                await sender.say(ANN, (screen(f"{number}"),), ENGLISH)

    for chat in range(100, 140):
        await sender.say(Address("telegram", chat), (screen("an answer"),), ENGLISH)
    flood = asyncio.create_task(floods())
    async with asyncio.timeout(5):
        await asyncio.sleep(0)
        async with in_slot(room):
            assert not flood.done()
            assert len(sender._late[ANN].lines) == 20
    seconds.goes.set()
    await flood
    await sender.finish()
    assert texts(messenger, ANN) == [f"{number}" for number in range(100)]


async def test_beyond_the_chats_that_may_wait_behind_their_updates_others_wait_within_them(
    messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.telegram.sender._CHATS", 10)
    seconds = Seconds()
    sender = MessageSender({"telegram": messenger.bot}, rates={"telegram": Rates(seconds, seconds.wait)})
    for chat in range(100, 140):
        await sender.say(Address("telegram", chat), (screen("an answer"),), ENGLISH)
    one_more = asyncio.create_task(sender.say(ANN, (screen("one more"),), ENGLISH))
    await asyncio.sleep(0)
    assert (len(sender._late), one_more.done()) == (10, False)
    seconds.goes.set()
    await one_more
    assert texts(messenger, ANN) == ["one more"]
    await sender.finish()
