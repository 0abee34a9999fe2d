"""Canary words, names and chat ids go through whole conversations; then they are looked for wherever they must not be.

What a reporter wrote, what they are called and where they chat is in no file but sealed, and in no log at any level of
ours; an error of any kind that is written out in full holds none of it either.
"""

from __future__ import annotations

import logging
import traceback

import pytest

from tests.handlers.messenger import FORBIDDEN, NOT_FOUND, Person, wait
from tests.handlers.paths import to_the_readers, to_the_words
from tests.handlers.world import World
from tests.raw_database import all_bytes

CANARIES = ("zugvogelcanary", "Canary Nightingale", "canarynightingale", "7000001", "sunbirdanswer", "wrenmessage")


async def held(world: World) -> bytes:
    """The bytes of the whole deployment: database, write-ahead log, keys, checkpoint."""
    return await all_bytes(world.where, world.url)


async def found(world: World, *more: str) -> list[str]:
    """The canaries that stand in a file, in UTF-8 or UTF-16."""
    everything = (await held(world)).lower()
    words = (*CANARIES, *more)
    return [word for word in words for code in ("utf-8", "utf-16-le") if word.lower().encode(code) in everything]


async def the_whole_way(world: World, ann: Person) -> str:
    """Everything that a reporter can do, with canaries in it, and an answer; gives the words."""
    await ann.types("/start")
    await ann.types("zugvogelcanary before anything")
    await to_the_words(ann)
    words = ann.screen.code
    await ann.taps("Go on")
    wrote = await ann.types("zugvogelcanary behind the gym")
    await ann.edits(wrote, "zugvogelcanary behind the other gym")
    await ann.types("/return")
    await ann.types(words)
    await ann.types("wrenmessage in the talk")
    await ann.taps("Tell me when")
    await world.lead_replies(text="sunbirdanswer from a lead")
    await world.deliver_notices()
    await ann.types("/return")
    await ann.types(" ".join(reversed(words.split())))
    await ann.types(words)
    await ann.types("/privacy")
    await ann.types("/tidy")
    return words


async def test_no_canary_is_in_any_file_or_log(world: World, ann: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    words = await the_whole_way(world, ann)
    ben = world.person(chat=17_000_001)
    await to_the_readers(ben)
    await ben.types("zugvogelcanary in a draft that is not sent")
    assert await found(world, words, words.split()[0] + " " + words.split()[1]) == []
    logged = caplog.text.lower()
    assert [word for word in (*CANARIES, words) if word.lower() in logged] == []
    await world.store.close()
    assert await found(world, words) == []


async def test_no_canary_is_in_what_is_logged_of_failures(
    world: World, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await to_the_readers(ann)
    for method, refusal in (("editMessageText", NOT_FOUND), ("sendMessage", FORBIDDEN), ("sendMessage", wait(3600))):
        ann.messenger.refuse.setdefault((method, ann.chat), []).append(refusal)
        await ann.types("zugvogelcanary")
    await world.store.close()
    await ann.types("zugvogelcanary while the database is gone")
    assert caplog.records
    written = "\n".join(
        record.getMessage() + "".join(traceback.format_exception(*record.exc_info) if record.exc_info else ())
        for record in caplog.records
    )
    assert [word for word in CANARIES if word.lower() in written.lower()] == []


async def test_nothing_a_lead_sees_says_who_the_reporter_is(world: World, ann: Person) -> None:
    await the_whole_way(world, ann)
    seen = repr(await world.opened_by_lead()).lower()
    assert "zugvogelcanary" in seen
    assert "nightingale" not in seen
    assert "7000001" not in seen


async def test_no_message_that_was_not_asked_for_names_a_topic(world: World, ann: Person) -> None:
    await the_whole_way(world, ann)
    before = {shown.number for shown in ann.messages}
    await world.lead_replies(text="sunbirdanswer again")
    await world.deliver_notices()
    [shown] = [shown for shown in ann.messages if shown.number not in before]
    assert shown.text == "You have an update."
    assert [button["text"] for button in shown.buttons] == ["Open"]


async def test_after_tidying_up_the_messenger_holds_nothing_of_it(world: World, ann: Person) -> None:
    await the_whole_way(world, ann)
    await ann.taps("Yes, I have my words")
    [left] = ann.messages
    assert "canary" not in left.text
    assert "deleted" in left.text
