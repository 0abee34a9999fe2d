"""Chats come and go: whatever is kept of them in memory has a bound, wherever in Hark it is kept."""

from __future__ import annotations

import asyncio
import gc
import types
from collections import deque
from typing import Final

import aiosqlite
import pytest
from sqlalchemy.engine.interfaces import AdaptedConnection

from bot.updates.chat_queues import ChatQueues, Raw
from flows.values.bounds import Bounded
from tests.handlers.messenger import Person
from tests.handlers.paths import to_the_story
from tests.handlers.world import World

_BOUND: Final = 10  # chats that are remembered, here
_CHATS: Final = 60
#: The bound of what is kept of chats and is no `Bounded`; with a new one, and none here, the test fails.
_OTHER: Final = "storage.reporters.drafts._MOST"
#: What no chat adds to; a connection keeps its last 200 cursors, however many chats there are.
_APART: Final = (types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, types.CodeType, types.FrameType)
_CURSORS: Final = (AdaptedConnection, aiosqlite.Connection)


async def test_nothing_in_memory_grows_with_the_number_of_chats(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_OTHER, _BOUND)
    for kept in [one for one in gc.get_objects() if isinstance(one, Bounded)]:
        monkeypatch.setattr(kept, "_most", _BOUND)

    async def handle(raw: Raw) -> None:
        await world.handlers.handle("telegram", raw)

    chat_queues = ChatQueues(handle, handle)

    async def come_and_go(first: int, after: int) -> None:
        people = [Person(world.messenger, chat_queues.put, 8_000_000 + number) for number in range(first, after)]
        await asyncio.gather(*(_begins_and_blocks(person) for person in people))
        assert await chat_queues.drain(5)  # what follows a commit goes on behind it
        world.messenger.chats.clear()  # the simulator's memory is not Hark's
        world.messenger.calls.clear()

    await come_and_go(0, _BOUND)
    before = _sizes(world, chat_queues)
    await come_and_go(_BOUND, _CHATS)
    after = _sizes(world, chat_queues)
    assert len(chat_queues) == 0
    grown = {key for key, size in before.items() if after.get(key, 0) - size > (_CHATS - _BOUND) / 2}
    assert not grown, [type(one) for one in gc.get_objects() if id(one) in grown]


async def _begins_and_blocks(person: Person) -> None:
    await to_the_story(person)
    await person.types("They took my bag.")
    await person.blocks()


def _sizes(*roots: object) -> dict[int, int]:
    """How much every collection holds that can be reached, by its identity."""
    seen, found, left = set[int](), dict[int, int](), list(roots)
    while left:
        one = left.pop()
        if id(one) in seen or isinstance(one, (*_APART, *_CURSORS)):
            continue
        seen.add(id(one))
        if isinstance(one, dict | list | set | deque):
            found[id(one)] = len(one)
        left += gc.get_referents(one)
    return found
