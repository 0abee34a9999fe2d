"""Updates that are brought: with the secret, in order for each chat, until taken; and nobody fetches meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.webchat.base.protocol import Bounds
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.kinds import Started
from tests.person import Person

SECRET = "sixteen-letters-or-more"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Target:
    """A bot's own address, and what was brought there."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    came: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    held: asyncio.Event | None = None

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get(HEADER, ""))
        self.came.append(await request.json())
        if self.held is not None:
            await self.held.wait()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def words(self) -> list[str]:
        return [one["message"]["text"] for one in self.came if one["message"]["text"] != "/start"]


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    target = Target()
    app = web.Application()
    app.router.add_post("/in", target.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    target.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
    yield target
    await runner.cleanup()


@pytest.fixture
async def api(started: Started) -> AsyncIterator[Api]:
    async with started(bounds=Bounds(held_seconds=0, pace_burst=1000, webhook_wait=0.01)) as api:
        yield api


async def test_updates_are_brought_with_the_secret_and_taken_with_a_2xx(api: Api, target: Target) -> None:
    assert await api.ok("setWebhook", url=target.url, secret_token=SECRET) is True
    async with await Person.arrive(api.chat.page_url) as person:
        await person.type("one")
        await person.settled()
    assert target.words() == ["one"]
    assert target.secrets == {SECRET}
    assert api.chat.pending == 0
    told = {"url": target.url, "has_custom_certificate": False, "pending_update_count": 0, "max_connections": 40}
    assert await api.ok("getWebhookInfo") == told
    await api.ok("setWebhook", url=target.url, allowed_updates=["message"], max_connections=3)
    assert await api.ok("getWebhookInfo") == told | {"max_connections": 3, "allowed_updates": ["message"]}


async def test_what_is_not_taken_comes_again_and_its_chat_keeps_its_order(api: Api, target: Target) -> None:
    async with await Person.arrive(api.chat.page_url) as person:
        await until(lambda: api.chat.pending)
        for word in ("one", "two", "three"):
            await person.type(word)
        target.answers = [503, 500, 404, 302]
        await api.ok("setWebhook", url=target.url)
        await person.settled()
    assert [one["message"]["text"] for one in target.came[:5]] == ["/start"] * 5
    assert target.words() == ["one", "two", "three"]
    told = await api.ok("getWebhookInfo")
    assert told["last_error_message"] == "Wrong response from the webhook: 302 Found"
    assert told["last_error_date"] > 1_700_000_000


async def test_a_chat_whose_update_is_not_answered_holds_up_no_other(api: Api, target: Target) -> None:
    await api.ok("setWebhook", url=target.url)
    target.held = asyncio.Event()
    async with await Person.arrive(api.chat.page_url) as ann:
        await until(lambda: len(target.came) == 1)
        held, target.held = target.held, None
        async with await Person.arrive(api.chat.page_url) as ben:
            await ben.type("hello")
            await ben.settled()
        assert ann.unsettled or target.words() == ["hello"]
        held.set()


async def test_an_address_where_nobody_is_yet_is_tried_until_somebody_is(api: Api, target: Target) -> None:
    await api.ok("setWebhook", url="http://127.0.0.1:9/in")
    async with await Person.arrive(api.chat.page_url) as person:
        await person.type("kept")
        await until(lambda: api.chat._door.webhook._failed)
        assert (await api.ok("getWebhookInfo"))["last_error_message"] == "Connection refused"
        assert api.chat.pending == 2
        await api.ok("setWebhook", url=target.url)
        await person.settled()
    assert target.words() == ["kept"]


async def test_nobody_fetches_while_updates_are_brought(api: Api, target: Target) -> None:
    polling = asyncio.create_task(api.raw("getUpdates", timeout=50))
    await until(lambda: api.chat._door.updates._poller)
    await api.ok("setWebhook", url=target.url)
    assert (await polling)[1]["description"] == "Conflict: terminated by setWebhook request"
    assert (await api.refused("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook is")
    await api.ok("deleteWebhook")
    assert await api.ok("getUpdates") == []
    assert (await api.ok("getWebhookInfo"))["url"] == ""


async def test_what_waits_can_be_dropped_when_a_webhook_is_set(api: Api, target: Target) -> None:
    async with await Person.arrive(api.chat.page_url) as person:
        await person.type("dropped")
        await api.ok("setWebhook", url=target.url, drop_pending_updates=True)
        await person.type("brought")
        await person.settled()
    assert target.words() == ["brought"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"url": "https://example.org/"}, "400 Bad Request: bad webhook: an address on this machine must be provided"),
        ({"url": "ftp://127.0.0.1/"}, "400 Bad Request: bad webhook: an address on this machine must be provided"),
        ({"url": "http://[::1/"}, "400 Bad Request: bad webhook: an address on this machine must be provided"),
        (
            {"url": "http://127.0.0.1:99999/"},
            "400 Bad Request: bad webhook: an address on this machine must be provided",
        ),
        ({"url": "http://127.0.0.1@10.0.0.1/"}, "400 Bad Request: bad webhook: an address on this machine must"),
        ({"url": "http://127.0.0.1/", "secret_token": "no spaces"}, "400 Bad Request: secret token contains unallowed"),
    ],
)
async def test_what_cannot_be_a_webhook_is_refused_and_changes_nothing(
    api: Api, asked: dict[str, str], told: str
) -> None:
    assert (await api.refused("setWebhook", **asked)).startswith(told)
    assert await api.ok("getUpdates") == []
