"""A web chat that runs, its Bot API over plain HTTP, and people in front of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext

from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api
from tests.bot.webchat.scripted_bot import ScriptedBot, foreign
from tests.person import Person


@pytest.fixture
async def bot(api: Api) -> AsyncIterator[ScriptedBot]:
    scripted = ScriptedBot(api)
    await api.ok("setMyCommands", commands=[{"command": "help", "description": "Who can help now"}])
    running = asyncio.create_task(scripted.run())
    yield scripted
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest.fixture
async def context(browser: Browser, chat: WebChat) -> AsyncIterator[BrowserContext]:
    """A browser context that fails the test on any foreign request, CSP violation or script error."""
    complaints: list[str] = []
    context = await browser.new_context(
        viewport={"width": 390, "height": 740}, permissions=["clipboard-read", "clipboard-write"]
    )
    context.on("request", lambda request: foreign(request.url, chat) and complaints.append(request.url))
    context.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    await context.close()
    assert [one for one in complaints if "ERR_" not in one] == []


@pytest.fixture
async def chat() -> AsyncIterator[WebChat]:
    numbers = (("", "999"), ("Childline", "0800 1111"))
    web_chat = WebChat("Bot", "127.0.0.1", 0, bounds=Bounds(held_seconds=0, pace_burst=1000), numbers=numbers)
    await web_chat.start()
    yield web_chat
    await web_chat.close()


@pytest.fixture
async def api(chat: WebChat) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as http:
        yield Api(http, chat)


@pytest.fixture
async def arrive(chat: WebChat) -> AsyncIterator[Callable[..., Awaitable[Person]]]:
    async with AsyncExitStack() as tabs:

        async def arrive_here(**how: Any) -> Person:
            return await tabs.enter_async_context(await Person.arrive(chat.page_url, **how))

        yield arrive_here


@pytest.fixture
async def person(arrive: Callable[..., Awaitable[Person]]) -> Person:
    """A tab that has said nothing yet."""
    return await arrive(start=None)


@pytest.fixture
async def chat_id(person: Person, api: Api) -> int:
    """The chat of ``person``, after a first word that the bot has taken."""
    await person.type("hello")
    return int((await api.next_update())["message"]["chat"]["id"])


@pytest.fixture
def started() -> Callable[..., AbstractAsyncContextManager[Api]]:
    """Run further web chats in a test: ``async with started(secret=..., page_port=...) as api``."""

    @asynccontextmanager
    async def start(**how: Any) -> AsyncIterator[Api]:
        web_chat = WebChat(
            "Bot", "127.0.0.1", **{"page_port": 0, "bounds": Bounds(held_seconds=0, pace_burst=1000), **how}
        )
        await web_chat.start()
        try:
            async with aiohttp.ClientSession() as http:
                yield Api(http, web_chat)
        finally:
            await web_chat.close()

    return start
