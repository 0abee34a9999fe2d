"""The watch loop goes on looking while a messenger leaves one of its calls without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.watch import Watch
from storage.values import Address
from tests.handlers.desk.house import House

SOMEBODY_WHO_LEFT = Address("web", 4_000_000_001)


@pytest.fixture
async def watch(house: House) -> AsyncIterator[Watch]:
    watch = Watch(house.handlers, house.clock)
    yield watch
    await watch.end()


async def test_a_deletion_that_hangs_keeps_no_notice_waiting_and_is_not_begun_twice(house: House, watch: Watch) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    await house.notices()
    await house.store.spoken.remember(SOMEBODY_WHO_LEFT, (1,), house.clock())
    held = house.chat.faults.hang("deleteMessages")
    await house.concern("It is about somebody here.", "Ms Khan", urgency="immediate")
    await asyncio.wait_for(watch.look(), 20)
    assert held.reached.is_set(), "the deletion is under way"
    await lead.tab.wait_for(lambda: "Something new: immediate" in lead.words)
    again = house.chat.faults.hang("deleteMessages")
    await asyncio.wait_for(watch.look(), 20)
    assert not again.reached.is_set(), "what is under way is not begun a second time"
    house.chat.faults.clear()
    assert held.release is not None
    held.release.set()
