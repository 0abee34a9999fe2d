"""The webhook over HTTP: answered only once committed, and deaf to everybody without the secret."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web

from bot.deployment.settings import Webhook
from bot.monitoring.health import Pulse, answered, contested
from bot.updates.chat_queues import ChatQueues, Raw
from bot.updates.polling import Poll
from bot.updates.webhook import WebhookReceiver
from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from tests.bot.updates_server import TOKEN, message, refusing, served
from tests.bot.webchat.bot_api import Api, until
from tests.person import Person

SECRET = "sixteen_letters_or_more"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Port:
    """A public port with the hook, and what came through it."""

    hook: WebhookReceiver
    url: str
    done: list[object] = field(default_factory=list)
    held: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False

    async def handle(self, raw: Raw) -> None:
        self.begun.set()
        if self.held is not None:
            await self.held.wait()
        if self.fails:
            raise OSError
        self.done.append(raw["update_id"])

    async def bring(self, body: object, secret: str = SECRET) -> int:
        async with (
            ClientSession() as session,
            session.post(self.url, json=body, headers={HEADER: secret}) as response,
        ):
            return response.status


@asynccontextmanager
async def opened(*, closed: bool = False, pulse: Pulse | None = None) -> AsyncIterator[Port]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    url = f"http://127.0.0.1:{number}/in/here"
    port = Port(WebhookReceiver(Webhook(url, SECRET), pulse), url)
    app = web.Application()
    app.router.add_routes([port.hook.route()])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", number).start()
    if not closed:
        port.hook.open(ChatQueues(port.handle, port.handle))
    try:
        yield port
    finally:
        await runner.cleanup()


async def test_an_update_is_answered_once_it_is_committed() -> None:
    async with opened() as port:
        port.held = asyncio.Event()
        bringing = asyncio.create_task(port.bring(message(10, chat=1)))
        await port.begun.wait()
        assert not bringing.done()
        port.held.set()
        assert await bringing == 200
        assert port.done == [10]


@pytest.mark.parametrize("secret", ["", "wrong", f"{SECRET}x", "ключ"])
async def test_without_the_secret_there_is_nothing(secret: str) -> None:
    async with opened() as port:
        assert await port.bring(message(10, chat=1), secret) in {400, 404}
        assert port.done == []


async def test_what_could_not_be_committed_comes_again() -> None:
    async with opened() as port:
        port.fails = True
        assert await port.bring(message(10, chat=1)) == 503
        port.fails = False
        assert await port.bring(message(10, chat=1)) == 200


async def test_what_was_too_slow_for_telegram_goes_on_and_comes_again_behind_it() -> None:
    async with opened() as port:
        port.held = asyncio.Event()
        hangs_up = asyncio.create_task(port.bring(message(10, chat=1)))
        await port.begun.wait()
        hangs_up.cancel()
        await asyncio.gather(hangs_up, return_exceptions=True)
        again = asyncio.create_task(port.bring(message(10, chat=1)))
        port.held.set()
        assert await again == 200
        assert port.done == [10, 10], "what had begun was not cut off; that it came twice is for storage to know"


async def test_before_hark_is_ready_it_is_to_come_again() -> None:
    async with opened(closed=True) as port:
        assert await port.bring(message(10, chat=1)) == 503


@pytest.mark.parametrize("body", [[], "canary", {"message": {}}, {"update_id": "1"}])
async def test_what_is_no_update_is_passed_over(body: object, caplog: pytest.LogCaptureFixture) -> None:
    async with opened() as port:
        assert await port.bring(body) == 200
        assert port.done == []
    assert "canary" not in caplog.text


async def test_telegram_is_told_where_to_come_until_it_has_heard() -> None:
    async with served() as server, ClientSession() as session, opened() as port:
        server.instead.append(refusing(502, "<html>Bad Gateway</html>"))
        stop = asyncio.Event()
        serving = asyncio.create_task(port.hook.serve(Poll(session, server.url, TOKEN), stop, lambda _: 0.01))
        async with asyncio.timeout(20), server.changed:
            await server.changed.wait_for(lambda: server.called[:2] == ["setWebhook", "setWebhook"])
        stop.set()
        await serving


async def test_at_the_end_what_is_under_way_is_answered_and_what_comes_then_is_to_come_again() -> None:
    async with served() as server, ClientSession() as session, opened() as port:
        port.held, stop = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(port.hook.serve(Poll(session, server.url, TOKEN), stop))
        bringing = asyncio.create_task(port.bring(message(10, chat=1)))
        await port.begun.wait()
        stop.set()
        assert await port.bring(message(11, chat=2)) == 503
        assert not serving.done()
        port.held.set()
        assert await bringing == 200
        await serving
        assert port.done == [10]


async def test_a_refused_token_is_told_and_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    async with served() as server, ClientSession() as session, opened() as port:
        server.instead.append(refusing(401, {"ok": False}))
        stop, told = asyncio.Event(), asyncio.Event()
        caplog.handler.addFilter(lambda record: told.set() is None and bool(record))
        serving = asyncio.create_task(port.hook.serve(Poll(session, server.url, TOKEN), stop))
        async with asyncio.timeout(20):
            await told.wait()
        assert not serving.done()
        stop.set()
        await serving
    assert "HARK_TOKEN" in caplog.text
    assert "SECRET" not in caplog.text


@dataclass
class Watched:
    """A hook that looks after its webhook at a real Bot API; `seconds` are those that its pulse goes by."""

    chat: WebChat
    pulse: Pulse = field(init=False)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.pulse = Pulse(lambda: self.seconds)

    async def heard_anew(self) -> None:
        """Wait until Telegram is heard after this moment."""
        self.seconds += 100
        await until(lambda: self.pulse.quiet(answered("telegram")) == 0)


@asynccontextmanager
async def watched() -> AsyncIterator[tuple[Watched, Port, Api]]:
    here, stop = (
        Watched(WebChat("Bot", "127.0.0.1", 0, bounds=Bounds(held_seconds=0, webhook_wait=0.01))),
        asyncio.Event(),
    )
    await here.chat.start()
    async with ClientSession() as session, opened(pulse=here.pulse) as port:
        poll = Poll(session, here.chat.api_url, here.chat.token)
        serving = asyncio.create_task(port.hook.serve(poll, stop, every=0.01))
        await here.heard_anew()
        yield here, port, Api(session, here.chat)
        stop.set()
        await serving
    await here.chat.close()


async def test_whoever_takes_the_webhook_away_is_told_of_and_it_is_set_again(caplog: pytest.LogCaptureFixture) -> None:
    async with watched() as (here, port, api):
        assert here.pulse.quiet(contested("telegram")) is None
        await api.ok("deleteWebhook")
        await until(lambda: here.pulse.quiet(contested("telegram")) is not None)
        await here.heard_anew()
        assert (await api.ok("getWebhookInfo"))["url"] == port.url
    assert "somebody else with this token" in caplog.text


async def test_updates_that_cannot_be_brought_count_as_silence_until_one_is_taken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with watched() as (here, port, _):
        port.fails = True
        async with await Person.arrive(here.chat.page_url) as person:
            await until(lambda: "cannot be brought" in caplog.text)
            here.seconds += 100
            looks = caplog.text.count("cannot be brought")
            await until(lambda: caplog.text.count("cannot be brought") > looks + 1)
            assert (here.pulse.quiet(answered("telegram")) or 0) >= 100
            port.fails = False
            await person.settled()
            await here.heard_anew()
