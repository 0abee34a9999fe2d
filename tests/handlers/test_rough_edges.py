"""What users of such bots meet: redelivery, double taps, crashes, old buttons, blocks, edits, albums, media, groups.

The numbers are those of the list that this was drawn up from.
"""

from __future__ import annotations

import asyncio
import logging

import pytest

from handlers.telegram.updates import Unreadable
from tests.handlers.messenger import FORBIDDEN, NOT_MODIFIED, TOO_OLD, Person, Update, wait
from tests.handlers.paths import STORY, to_the_readers, to_the_story, to_the_words, words_of
from tests.handlers.world import World


def recorded(person: Person) -> list[Update]:
    """Every update that the person causes from here on, as it was given."""
    updates: list[Update] = []
    take = person.take

    async def and_note(update: Update) -> None:
        updates.append(update)
        await take(update)

    person.take = and_note
    return updates


async def test_01_a_redelivered_update_does_nothing(world: World, ann: Person) -> None:
    await to_the_story(ann)
    updates = recorded(ann)
    await ann.types(STORY)
    said = len(ann.messages)
    await world.take(updates[-1])
    assert len(ann.messages) == said
    kept = await world.store.drafts.get(ann.address)
    assert kept is not None
    assert str(kept.draft.answers["C8"]).count(STORY) == 1


async def test_01_a_redelivered_update_does_nothing_after_a_restart_either(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    updates = recorded(ann)
    await ann.taps("Send")
    await world.restart()
    said = len(ann.messages)
    await world.take(updates[-1])
    assert len(ann.messages) == said
    await world.opened_by_lead()


async def test_01_a_redelivered_press_does_not_forget_that_the_words_are_asked_for(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    updates = recorded(ann)
    await ann.taps("Send")
    await ann.types("/return")
    await world.take(updates[0])
    await ann.types(words_of(ann))
    assert "Hello again." in [shown.text.splitlines()[0] for shown in ann.messages]
    assert [entry.kind for entry in (await world.opened_by_lead()).entries] == ["concern"]


async def test_01_a_redelivered_wish_to_tidy_up_takes_nothing_that_was_said_since(world: World, ann: Person) -> None:
    await ann.types("/start")
    await ann.types("/tidy")
    updates = recorded(ann)
    await ann.taps("Delete now")
    words = await to_the_words(ann)
    await world.take(updates[0])
    assert words_of(ann) == words


async def test_02_two_taps_at_once_send_one_concern(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    shown = ann.screen
    await asyncio.gather(ann.presses(shown, "k:CR:send"), ann.presses(shown, "k:CR:send"))
    await world.opened_by_lead()
    assert len(words_of(ann).split()) == 8
    assert not any("went wrong" in one.text for one in ann.messages)


async def test_04_a_crash_between_commit_and_answer_shows_the_words_at_the_next_start(
    world: World, ann: Person
) -> None:
    await to_the_readers(ann)
    readers = ann.screen.number
    for method in ("sendMessage", "editMessageText"):
        ann.messenger.refuse[(method, ann.chat)] = [wait(3600)]
    await ann.taps("Send")
    assert ann.screen.number == readers
    await world.crash()
    ann.messenger.refuse.clear()
    await world.handlers.send_pending_receipts()
    words = words_of(ann)
    assert await world.store.pending_answers.pending() == ()
    await ann.types("/return")
    await ann.types(words)
    assert "received" in ann.messages[-2].text


async def test_04_words_that_did_not_arrive_are_shown_again_while_hark_runs_ever_more_seldom(
    world: World, ann: Person
) -> None:
    await to_the_readers(ann)
    for method in ("sendMessage", "editMessageText"):
        ann.messenger.refuse[(method, ann.chat)] = [FORBIDDEN] * 3
    await ann.taps("Send")
    asked = len(ann.messenger.refuse[("sendMessage", ann.chat)])
    await world.handlers.send_pending_receipts()
    assert len(ann.messenger.refuse[("sendMessage", ann.chat)]) == asked, "too soon"
    world.clock.pass_(1)
    await world.handlers.send_pending_receipts()
    world.clock.pass_(1)
    ann.messenger.refuse.clear()
    await world.handlers.send_pending_receipts()
    assert await world.store.pending_answers.pending() != (), "twice as long after the second time"
    world.clock.pass_(1)
    await world.handlers.send_pending_receipts()
    assert len(words_of(ann).split()) == 8
    assert await world.store.pending_answers.pending() == ()


async def test_06_a_button_of_an_old_screen_gets_a_kind_sentence_and_the_current_screen(ann: Person) -> None:
    await to_the_story(ann)
    await ann.presses(ann.screen, "q:C5:yes")
    assert "earlier" in ann.screen.text
    assert "Tell us what is worrying you" in ann.screen.text


async def test_06_a_button_that_nobody_knows_gets_a_kind_sentence(ann: Person) -> None:
    await to_the_story(ann)
    for data in ("z:nonsense", "q:::", "x:w:", "r:ffffffff:99", ""):
        await ann.presses(ann.screen, data)
        assert "Tell us what is worrying you" in ann.screen.text


async def test_06_a_button_whose_message_cannot_be_reached_any_more_is_answered_anew(ann: Person) -> None:
    await to_the_story(ann)
    shown = ann.screen
    ann.messages.remove(shown)
    await ann.presses(shown, "q:C5:yes", gone=True)
    assert "Tell us what is worrying you" in ann.screen.text


async def test_07_a_press_that_was_answered_too_late_still_counts(ann: Person) -> None:
    await ann.types("/start")
    ann.messenger.refuse[("answerCallbackQuery", 0)] = [TOO_OLD]
    await ann.taps("12 to 17")
    assert "Could someone else" in ann.screen.text


async def test_07_a_messenger_that_hangs_over_a_press_keeps_no_answer_waiting(ann: Person) -> None:
    await ann.types("/start")
    ann.messenger.hears.clear()
    press = asyncio.create_task(ann.taps("12 to 17"))
    async with asyncio.timeout(10):
        while "Could someone else" not in ann.screen.text:  # noqa: ASYNC110 - a screen tells nobody
            await asyncio.sleep(0)
    assert not press.done()
    ann.messenger.hears.set()
    await press


async def test_08_a_screen_that_did_not_change_is_fine(ann: Person) -> None:
    await ann.types("/start")
    ann.messenger.refuse[("editMessageText", ann.chat)] = [NOT_MODIFIED]
    await ann.taps("12 to 17")
    assert len(ann.messages) == 2
    await ann.presses(ann.screen, "q:C5:no")
    assert "999" in ann.screen.text


async def test_09_whoever_blocked_the_bot_loses_nothing_that_was_sent(world: World, ann: Person) -> None:
    await to_the_readers(ann)
    for method in ("sendMessage", "editMessageText"):
        ann.messenger.refuse[(method, ann.chat)] = [FORBIDDEN]
    await ann.taps("Send")
    await ann.blocks()
    await world.opened_by_lead()
    assert len(await world.store.pending_answers.pending()) == 1


async def test_09_a_lead_who_blocks_the_bot_counts_as_reachable_no_more(world: World) -> None:
    grace = await world.lead()
    await world.store.channels.tried(grace.lead.id, "telegram", taken=True)
    assert await world.store.channels.reachable() == {grace.lead.id}
    world.clock.pass_(1)
    await world.person(chat=grace.address.chat_id).blocks()
    assert await world.store.channels.reachable() == frozenset()
    world.clock.pass_(1)
    await world.person(chat=grace.address.chat_id).blocks(gone=False)
    assert await world.store.channels.reachable() == frozenset(), "until a notice has arrived there again"


async def test_10_blocking_and_letting_back_in_bring_no_greeting(ann: Person) -> None:
    await ann.blocks()
    await ann.blocks(gone=False)
    assert ann.messages == []


async def test_17_a_chat_that_is_told_to_wait_holds_up_nobody_else(world: World, ann: Person) -> None:
    ben = world.person(chat=7_000_002)
    ann.messenger.refuse[("sendMessage", ann.chat)] = [wait(3600)]
    await ann.types("/start")
    await ben.types("/start")
    assert "Who is writing?" in ben.screen.text


async def test_20_commands_in_groups_are_refused_kindly_and_nothing_else_is_heard(world: World, ann: Person) -> None:
    group = {"id": -100, "type": "group", "title": "Class 7"}
    sender = {"id": 5, "is_bot": False, "first_name": "X"}
    body = {"message_id": 1, "date": 1, "chat": group, "from": sender}
    await world.take({"update_id": 1, "message": {**body, "text": "/start"}})
    await world.take({"update_id": 2, "message": {**body, "text": STORY}})
    await world.take({"update_id": 3, "message": {**body, "text": "/queue", "sender_chat": group}})
    said = [shown.text for shown in ann.messenger.chats[-100]]
    assert said == ["I only talk in private chats. Please write to me there."] * 2


async def test_18_a_group_that_becomes_a_supergroup_is_no_harm(world: World) -> None:
    chat = {"id": -100, "type": "group", "title": "Class 7"}
    await world.take(
        {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat, "migrate_to_chat_id": -100200}}
    )


async def test_23_every_button_fits_in_64_bytes_in_every_language(ann: Person) -> None:
    for language in ("es", "ar", "en"):
        await ann.types("/new")
        await ann.presses(ann.screen, f"l:{language}")
        await ann.presses(ann.screen, "g:12_17")
        await ann.presses(ann.screen, "q:C5:no")
        await ann.types("/stop")
        await ann.presses(ann.screen, "y:stop")
    sent = [*ann.messenger.named("sendMessage"), *ann.messenger.named("editMessageText")]
    data = [
        button["callback_data"]
        for call in sent
        for row in call.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if "callback_data" in button
    ]
    assert data
    assert all(0 < len(one.encode()) <= 64 for one in data)


async def test_25_the_limit_of_48_hours_is_said_plainly(ann: Person) -> None:
    await ann.types("/start")
    await ann.types("/tidy")
    await ann.taps("Delete now")
    assert "last 48 hours" in ann.screen.text


async def test_28_somebody_without_a_language_or_a_username_is_greeted_in_english(world: World) -> None:
    person = world.person(language=None)
    await person.types("/start")
    assert "Who is writing?" in person.screen.text
    other = world.person(chat=7_000_009, language="tlh")
    await other.types("/start")
    assert "Who is writing?" in other.screen.text


async def test_29_a_poison_update_is_named_and_holds_up_nothing(world: World, ann: Person) -> None:
    with pytest.raises(Unreadable):
        await world.take({"update_id": 1, "message": {"chat": "poison"}})
    await ann.types("/start")
    assert "Who is writing?" in ann.screen.text


async def test_an_update_of_a_kind_that_nobody_listens_to_is_passed_over_in_silence(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await world.take({"update_id": 1, "some_new_kind": {"text": "canary"}})
    await world.take({"update_id": 2, "inline_query": _inline()})
    assert "canary" not in caplog.text


def _inline() -> Update:
    sender = {"id": 5, "is_bot": False, "first_name": "canary"}
    return {"id": "1", "from": sender, "query": "canary", "offset": ""}
