"""The watch loop goes on looking while a messenger leaves a call without an answer, and puts back what was lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete

from bot.delivery.scheduler import Scheduler
from storage.database.schema.notices import outbox
from storage.values import Address
from tests.handlers.desk.house import House
from tests.raw_database import tamper

SOMEBODY_WHO_LEFT = Address("web", 4_000_000_001)


@pytest.fixture
async def watch(house: House) -> AsyncIterator[Scheduler]:
    watch = Scheduler(house.handlers, house.clock)
    yield watch
    await watch.end()


async def test_a_deletion_that_hangs_keeps_no_notice_waiting_and_is_not_begun_twice(
    house: House, watch: Scheduler
) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    await house.notices()
    await house.store.sent_messages.remember(SOMEBODY_WHO_LEFT, (1,), house.clock())
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


async def test_a_case_whose_rungs_were_taken_away_is_told_within_a_minute(house: House, watch: Scheduler) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    await house.notices()
    await watch.look()
    await house.concern("It is about somebody here.", "Ms Khan", urgency="immediate")
    await tamper(house.url, delete(outbox))
    await watch.look()
    assert "Something new: immediate" not in lead.words
    house.clock.pass_(seconds=61)
    for _ in range(2):  # it is put back behind the notices
        await watch.look()
    await lead.tab.wait_for(lambda: "Something new: immediate" in lead.words)
