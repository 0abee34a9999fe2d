"""Notices leave the outbox once they are taken; one addressee who hangs or refuses holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.outgoing import Outgoing
from tests.handlers.desk.house import House

WORDS = "It is about somebody here."


@pytest.fixture
async def outgoing(house: House) -> AsyncIterator[Outgoing]:
    outgoing = Outgoing(house.handlers)
    yield outgoing
    await outgoing.end()


async def locked(house: House, *names: str) -> list[Any]:
    leads = [await house.lead(name) for name in names]
    for lead in leads:
        await lead.says("/lock")
    await house.notices()
    return leads


async def heard(lead: Any, words: str) -> None:
    await lead.tab.wait_for(lambda: words in lead.words)


async def test_one_chat_that_hangs_holds_up_no_other(house: House, outgoing: Outgoing) -> None:
    await locked(house, "Ms Khan", "Mr Bell")
    held = house.chat.faults.hang("sendMessage")
    await house.concern(WORDS, "Ms Khan", "Mr Bell", urgency="immediate")
    began = asyncio.get_running_loop().time()
    await outgoing.look()
    assert asyncio.get_running_loop().time() - began < 5
    waiting = await house.store.outbox.next()
    assert waiting is not None, "what nobody has taken is still in the outbox"
    assert await house.store.outbox.next({waiting.addressee}) is None, "the other one was told"
    assert held.release is not None
    held.release.set()


async def test_a_lead_who_has_blocked_is_passed_over_and_the_refusal_is_noted(house: House, outgoing: Outgoing) -> None:
    await locked(house, "Ms Khan")
    refusal = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    house.chat.faults.next_answer("sendMessage", 403, refusal)
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await outgoing.look()
    assert await house.store.outbox.next() is None
    house.clock.pass_(seconds=timedelta(minutes=15).total_seconds())
    assert await house.store.outbox.next() is not None, "it is tried again while nobody acknowledges"


async def test_a_notice_that_was_taken_is_not_told_twice_in_a_round(house: House, outgoing: Outgoing) -> None:
    (khan,) = await locked(house, "Ms Khan")
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await outgoing.look()
    await heard(khan, "Something new: immediate")
    await outgoing.look()
    assert khan.words.count("Something new") == 1


async def test_only_telegram_makes_somebody_reachable_and_a_refusal_ends_it(house: House) -> None:
    khan = await house.lead("Ms Khan")
    lead = await house.id_of("Ms Khan")
    assert khan.words
    channels = house.store.channels
    await channels.tried(lead, "web", taken=True)
    assert await channels.reachable() == frozenset()
    await channels.tried(lead, "telegram", taken=True)
    assert await channels.reachable() == {lead}
    house.clock.pass_(seconds=1)
    await channels.tried(lead, "telegram", taken=False)
    assert await channels.reachable() == frozenset()
    house.clock.pass_(seconds=1)
    await channels.tried(lead, "telegram", taken=True)
    assert await channels.reachable() == {lead}
    await house.store.leads.disable(lead)
    assert await channels.reachable() == frozenset()
