"""Notices leave the outbox once they are taken; one addressee who hangs or refuses holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.delivery.outbox_relay import AT_ONCE, OutboxRelay
from bot.deployment.mail import MailServer
from storage.database.schema.leads import leads
from storage.database.schema.notices import pagers
from tests.handlers.desk.house import House, takes_nothing
from tests.raw_database import fetch, tamper

WORDS = "It is about somebody here."


@pytest.fixture
async def outgoing(house: House) -> AsyncIterator[OutboxRelay]:
    outgoing = OutboxRelay(house.handlers)
    yield outgoing
    await outgoing.end()


async def locked(house: House, *names: str) -> list[Any]:
    found = [await house.lead(name) for name in names]
    for lead in found:
        await lead.says("/lock")
    await house.notices()
    return found


async def heard(lead: Any, words: str) -> None:
    await lead.tab.wait_for(lambda: words in lead.words)


async def test_one_chat_that_hangs_holds_up_no_other(house: House, outgoing: OutboxRelay) -> None:
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


async def test_a_lead_who_has_blocked_is_passed_over_and_the_refusal_is_noted(
    house: House, outgoing: OutboxRelay
) -> None:
    await locked(house, "Ms Khan")
    refusal = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    house.chat.faults.next_answer("sendMessage", 403, refusal)
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await outgoing.look()
    assert await house.store.outbox.next() is None
    house.clock.pass_(seconds=timedelta(minutes=15).total_seconds())
    assert await house.store.outbox.next() is not None, "it is tried again while nobody acknowledges"


async def test_a_weekly_word_that_could_not_be_told_for_a_day_is_an_alert_to_those_who_answer_for_hark(
    house: House, outgoing: OutboxRelay
) -> None:
    await locked(house, "Ms Khan", "Mr Bell")
    await house.store._core.commit(*(await house.store.alerts.well())[:1])
    refusal = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    for hours in (24, 0):
        house.chat.faults.next_answer("sendMessage", 403, refusal)
        await outgoing.look()
        assert bool(await house.store.alerts.standing()) is not bool(hours)
        house.clock.pass_(hours=hours)
    (alert,) = await house.store.alerts.standing()
    assert alert.kind == "undelivered"


async def test_a_notice_that_was_taken_is_not_told_twice_in_a_round(house: House, outgoing: OutboxRelay) -> None:
    (khan,) = await locked(house, "Ms Khan")
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await outgoing.look()
    await heard(khan, "Something new: immediate")
    await outgoing.look()
    assert khan.words.count("Something new") == 1


async def test_however_many_leads_are_told_to_wait_the_next_one_is_not(house: House, outgoing: OutboxRelay) -> None:
    names = [f"Lead {number}" for number in range(AT_ONCE + 1)]
    leads = await locked(house, *names)
    house.clock.pass_(hours=1)
    house.chat.faults.flood("sendMessage", 3600, times=AT_ONCE)
    await house.concern(WORDS, *names, urgency="immediate")
    await outgoing.look()
    await leads[0].tab.wait_for(lambda: any("Something new: immediate" in lead.words for lead in leads))
    await house.handlers.finish(0)  # nobody here waits an hour for the others


async def test_where_it_cannot_be_kept_that_a_lead_was_told_she_is_not_told_again_every_second(house: House) -> None:
    (khan,) = await locked(house, "Ms Khan")
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    rested = asyncio.Event()

    async def rest(_: float) -> None:
        await rested.wait()

    outgoing = OutboxRelay(house.handlers, rest)
    async with takes_nothing(house):
        for _ in range(5):
            await outgoing.look()
            house.clock.pass_(seconds=1)
        await heard(khan, "Something new: immediate")
        assert khan.words.count("Something new") == 1
    rested.set()
    while await house.store.outbox.next() is not None:
        await outgoing.look()
    await khan.tab.wait_for(lambda: khan.words.count("Something new") == 2)
    await outgoing.end()


async def test_a_chat_or_a_pager_that_is_not_the_one_that_was_kept_silences_nobody_else(
    house: House, outgoing: OutboxRelay
) -> None:
    _, bell = await locked(house, "Ms Khan", "Mr Bell")
    khan, theirs = await house.id_of("Ms Khan"), await house.id_of("Mr Bell")
    [(chat,)] = await fetch(house.url, select(leads.c.chat).where(leads.c.id == khan))
    await tamper(
        house.url,
        update(leads).where(leads.c.id == khan).values(chat=bytes(len(chat))),
        insert(pagers).values(lead_id=theirs, sealed=bytes(99), asked_at=1, tries=1, confirmed_at=1),
    )
    nobody = MailServer("127.0.0.1", 1, tls=False, user="", password="", sender="hark@school.example")
    object.__setattr__(house.handlers.deps, "post", nobody.post)
    await house.concern(WORDS, "Ms Khan", urgency="immediate")
    await house.concern(WORDS, "Mr Bell")
    await outgoing.look()
    await heard(bell, "Something new: same day")
    assert await house.store.outbox.next() is None, "who cannot be told is tried again later, who was told is not"
    assert set(await house.store.leads.last_chats.all()) == {theirs}


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
    await house.store.leads.team.disable(lead)
    assert await channels.reachable() == frozenset()
