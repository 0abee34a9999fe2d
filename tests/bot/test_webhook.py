"""The webhook over HTTP: answered only once committed, and deaf to everybody without the secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web

from bot.lanes import Lanes, Raw
from bot.polling import Poll
from bot.settings import Webhook
from bot.webhook import Hook
from tests.bot.updates_server import TOKEN, message, refusing, served

SECRET = "sixteen_letters_or_more"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Port:
    """A public port with the hook, and what came through it."""

    hook: Hook
    url: str = ""
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
async def opened(*, closed: bool = False) -> AsyncIterator[Port]:
    port = Port(Hook(Webhook("https://hark.example/in/here", SECRET)))
    app = web.Application()
    app.router.add_routes([port.hook.route()])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in/here"
    if not closed:
        port.hook.open(Lanes(port.handle, port.handle))
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
            await server.changed.wait_for(lambda: server.called == ["setWebhook", "setWebhook"])
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
