"""A crowd at the public port: so many connections, so much memory, and a kind word for whoever comes beyond that."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.webchat.base.ids import Spacing
from bot.webchat.base.protocol import (
    CHAT_BYTES,
    OF_ONE_CHAT,
    PRESSED,
    UNPROVED_AT_ONCE,
    UNPROVED_SLICE,
    WATCHERS,
    Bounds,
)
from bot.webchat.base.tokens import proves
from bot.webchat.chat.backlog import Backlog, DutyCycle, Rank, Waiting
from bot.webchat.http.refusals import descriptors
from tests.bot.webchat.bot_api import until
from tests.bot.webchat.kinds import Started
from tests.person import Person, proof_of


async def ask(url: str, path: str = "/") -> bytes:
    """Ask for a page over a connection of its own, and read all of the answer."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def test_beyond_the_bound_a_kind_answer_comes_at_once_and_room_that_is_made_is_used(started: Started) -> None:
    numbers = (("", "999"), ("A <line>", "0800 1111"), ("A text line", "SHOUT to 85258"))
    async with (
        started(bounds=Bounds(held_seconds=0, connections=8), numbers=numbers) as api,
        AsyncExitStack() as silent,
    ):
        where = urlsplit(api.chat.page_url)
        for _ in range(8):
            _, writer = await asyncio.open_connection(where.hostname, where.port)
            silent.callback(writer.close)
        server: Any = api.chat._page.server
        await until(lambda: len(server.connections) == 8)
        refused = await ask(api.chat.page_url)
        assert refused.startswith(b"HTTP/1.1 503 ")
        assert b"Please try again in a minute" in refused
        for shown in (b"999</bdi></a>", b'A &lt;line&gt;</span> <a href="tel:08001111">', b"SHOUT to 85258</bdi></li>"):
            assert shown in refused
        assert b"default-src 'none'" in refused
        async with api.http.get(f"{api.chat.api_url}/bot{api.chat.token}/getMe") as answer:
            assert answer.status == 200, "the bot's own way in is another"
        await silent.aclose()
        await until(lambda: not server.connections)
        assert (await ask(api.chat.page_url)).startswith(b"HTTP/1.1 200 ")


async def test_as_many_connections_are_let_in_as_the_system_has_descriptors_for(started: Started) -> None:
    assert descriptors(10) == 10
    assert 1 <= descriptors(10**9) < 10**9
    async with started() as api:
        assert (await ask(api.chat.page_url, "/healthz")).endswith(b"ok\n")


async def test_one_tab_cannot_wait_in_many_requests(started: Started) -> None:
    async with started() as api, await Person.arrive(api.chat.page_url, start=None) as person:
        await person.close()
        chat = next(iter(api.chat._door.chats._chats.values()))
        await until(lambda: not chat.watchers)
        said = {"token": person.token, "epoch": chat.epoch, "after": chat.version}
        waiting = [asyncio.create_task(post(api.http, api.chat.page_url, said)) for _ in range(WATCHERS)]
        await until(lambda: chat.watchers == WATCHERS)
        assert await post(api.http, api.chat.page_url, said) == 429
        chat.ring()
        assert await asyncio.gather(*waiting) == [200] * WATCHERS


async def test_however_many_chats_there_are_what_is_kept_of_all_of_them_is_bounded(started: Started) -> None:
    bounds = Bounds(held_seconds=0, all_chats_bytes=400_000, pace_burst=1000)
    async with started(bounds=bounds) as api, AsyncExitStack() as tabs:
        for _ in range(20):
            tab = await tabs.enter_async_context(await Person.arrive(api.chat.page_url, start=None))
            for number in range(6):
                await tab.post("/api/send", {"id": str(number), "text": "x" * 4096})
        kept = sum(chat._bytes for chat in api.chat._door.chats._chats.values())
        assert CHAT_BYTES < kept <= 1.2 * 400_000
        assert api.chat.pending == 120, "all of it waits for the bot"


async def test_what_waits_for_the_bot_is_bounded_in_letters_too(started: Started) -> None:
    async with (
        started(bounds=Bounds(held_seconds=0, pending_letters=10_000)) as api,
        await Person.arrive(api.chat.page_url, start=None) as person,
    ):
        sent = [(await person.post("/api/send", {"id": str(one), "text": "x" * 4096}))[0] for one in range(5)]
        assert sent == [200, 200, 200, 503, 503]
        for _ in range(3):
            await api.next_update()
        assert (await person.post("/api/send", {"id": "9", "text": "x"}))[0] == 200


async def test_one_chat_with_very_many_texts_keeps_nobody_else_waiting(started: Started) -> None:
    async with started() as api, AsyncExitStack() as tabs:
        many, one = [
            await tabs.enter_async_context(await Person.arrive(api.chat.page_url, start=None)) for _ in range(2)
        ]
        many.prove()
        one.prove()
        for number in range(40):
            await many.post("/api/send", {"id": str(number), "text": f"word {number}"})
        await one.post("/api/send", {"id": "0", "text": "somebody else"})
        came: list[str] = []
        offset, looks = 0, 0
        while updates := await api.ok("getUpdates", offset=offset, timeout=0):
            assert [update["update_id"] for update in updates] == sorted(update["update_id"] for update in updates)
            came += [update["message"]["text"] for update in updates]
            offset, looks = updates[-1]["update_id"] + 1, looks + 1
        assert "somebody else" in came[: OF_ONE_CHAT + 1]
        came.remove("somebody else")
        assert came == [f"word {number}" for number in range(40)], "once each, and in order"
        assert looks == 40 / OF_ONE_CHAT


async def test_what_was_given_and_is_not_confirmed_is_given_again_before_anything_new(started: Started) -> None:
    async with started() as api, await Person.arrive(api.chat.page_url, start=None) as person:
        for number in range(20):
            await person.post("/api/send", {"id": str(number), "text": f"word {number}"})
        first = await api.ok("getUpdates", timeout=0)
        assert await api.ok("getUpdates", timeout=0) == first
        half = await api.ok("getUpdates", offset=first[4]["update_id"], timeout=0)
        assert half[:4] == first[4:]
        assert len(half) == OF_ONE_CHAT


async def test_behind_thousands_of_texts_a_tab_with_a_proof_of_work_goes_first_and_the_flood_goes_on(
    started: Started,
) -> None:
    async with started() as api, AsyncExitStack() as tabs:
        people = [
            await tabs.enter_async_context(await Person.arrive(api.chat.page_url, start=None))
            for _ in range(PRESSED + 2)
        ]
        for number, one in enumerate(people[:-1]):
            await one.post("/api/send", {"id": "0", "text": f"word {number}"})
        people[-1].prove()
        await people[-1].post("/api/send", {"id": "0", "text": "proved"})
        first = await api.ok("getUpdates", timeout=0)
        assert len(first) == UNPROVED_SLICE + 1
        assert first[-1]["message"]["text"] == "proved", "in the order of their ids, as the Bot API has it"
        came, offset = 0, 0
        while updates := await api.ok("getUpdates", offset=offset, timeout=1):
            came, offset = came + len(updates), updates[-1]["update_id"] + 1
        assert came == len(people), "each once, and none is left behind"


async def test_in_a_flood_tabs_without_a_proof_take_all_the_time_until_somebody_with_one_is_there(
    started: Started,
) -> None:
    async with started() as api, AsyncExitStack() as tabs:
        flood = [
            await tabs.enter_async_context(await Person.arrive(api.chat.page_url, start=None))
            for _ in range(PRESSED + UNPROVED_AT_ONCE + 2)
        ]
        for one in flood[:-1]:
            await one.post("/api/send", {"id": "0", "text": "word"})
        assert len(await api.ok("getUpdates", timeout=0)) == UNPROVED_AT_ONCE
        flood[-1].prove()
        assert not api.chat.ahead.is_set()
        await flood[-1].post("/api/send", {"id": "0", "text": "proved"})
        assert api.chat.ahead.is_set(), "the bot is told not to wait for the others' turns"
        given = await api.ok("getUpdates", timeout=0)
        assert (len(given), given[-1]["message"]["text"]) == (UNPROVED_AT_ONCE + 1, "proved")
        assert not api.chat.ahead.is_set()


def test_a_duty_cycle_rests_in_proportion_to_its_slices_and_not_for_what_only_waits() -> None:
    now = [100.0]
    cycle = DutyCycle(4, lambda: now[0])
    assert cycle.rests_for <= 0
    cycle.begin()
    now[0] += 0.01
    assert cycle.rests_for > 0, "one slice at a time"
    cycle.end()
    assert cycle.rests_for == pytest.approx(0.03)
    cycle.end()  # nothing is under way: no change
    now[0] += 0.031
    assert cycle.rests_for <= 0
    cycle.begin()
    now[0] += 0.201
    assert cycle.rests_for <= 0, "a slice that never ends keeps nobody waiting"


def test_answers_that_are_held_are_spread_and_bounded() -> None:
    now = [0.0]
    spacing = Spacing(3.0, 100.0, 20.0, lambda: now[0])
    waits = [spacing.wait() for _ in range(5_000)]
    assert waits[:3] == [pytest.approx(3.0), pytest.approx(3.01), pytest.approx(3.02)]
    assert max(waits) == waits[-1] == 20.0
    now[0] = 30.0
    assert spacing.wait() == pytest.approx(3.0)


async def test_whoever_said_less_lately_goes_first_and_each_chat_keeps_its_order(started: Started) -> None:
    async with started() as api, AsyncExitStack() as tabs:
        many, one = [
            await tabs.enter_async_context(await Person.arrive(api.chat.page_url, start=None)) for _ in range(2)
        ]
        for number in range(6):
            await many.post("/api/send", {"id": str(number), "text": f"word {number}"})
        await one.post("/api/send", {"id": "0", "text": "somebody else"})
        came = [update["message"]["text"] for update in await api.ok("getUpdates", timeout=0, limit=2)]
        assert came == ["word 0", "somebody else"]


def test_a_proof_is_good_for_its_own_token_only() -> None:
    proof = proof_of("a token")
    assert proves("a token", proof)
    assert not proves("another token", proof)
    assert not proves("a token", proof + "0")


def test_adding_and_taking_cost_no_more_for_each_of_very_many() -> None:
    def seconds(count: int) -> float:
        backlog, began = Backlog(), time.process_time()
        for number in range(count):
            chat = {"message": {"chat": {"id": number % (count // 2)}}}
            backlog.add(Waiting({"update_id": number, **chat}, lambda: None, Rank(), revived=False))
        while backlog:
            backlog.take(8, lambda _: True, unproved=True)
        return time.process_time() - began

    assert min(seconds(8_000) for _ in range(3)) < 30 * min(seconds(800) for _ in range(3))


async def post(http: aiohttp.ClientSession, url: str, said: dict[str, Any]) -> int:
    async with http.post(f"{url}api/events", json=said) as answer:
        await answer.read()
        return answer.status
