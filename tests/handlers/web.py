"""A Hark whose only door is the real web chat: its Bot API over HTTP, a page client on the other side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer

from bot.updates.bot_session import JsonSession
from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from tests.handlers.world import World
from tests.newest import Engine
from tests.person import Person

_HELD = 50  # seconds that a request for updates waits: longer than any test does nothing


@dataclass
class WebWorld:
    """One deployment behind the web chat; updates are taken when a test says so."""

    world: World
    chat: WebChat
    http: aiohttp.ClientSession
    offset: int = 0

    async def arrive(self, language: str = "en") -> Person:
        """Open a tab that says nothing yet."""
        return await Person.arrive(self.chat.page_url, language=language, start=None)

    async def take(self, seconds: int = 0) -> None:
        """Take everything that waits or comes within `seconds`, in order, and confirm it once it is answered."""
        while updates := await self._updates(seconds):
            await self._answer(updates)

    async def serve(self) -> None:
        """Take whatever comes as it comes, until this is cancelled."""
        while True:
            await self._answer(await self._updates(seconds=20))

    async def _answer(self, updates: list[dict[str, Any]]) -> None:
        for update in updates:
            await self.world.handlers.handle("web", update)
            self.offset = update["update_id"] + 1

    async def _updates(self, seconds: int) -> list[dict[str, Any]]:
        asked = {"offset": self.offset, "timeout": seconds}
        async with self.http.post(f"{self.chat.api_url}/bot{self.chat.token}/getUpdates", json=asked) as answer:
            return list((await answer.json())["result"])


@asynccontextmanager
async def answering(web: WebWorld) -> AsyncIterator[None]:
    """Take updates whenever they come, as Hark's own loop does; for whoever drives a browser."""
    taking = asyncio.create_task(web.take(_HELD))
    try:
        yield
        if taking.done():
            taking.result()
    finally:
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)


@asynccontextmanager
async def web_world(
    where: Path, engine: Engine = "sqlite", *, takes_files: bool = False, **bounds: int
) -> AsyncIterator[WebWorld]:
    """Start the web chat and a Hark on the files at `where`, and end both; files come in as the program has it."""
    world = World(where, engine=engine, takes_files=takes_files)
    # The clock stands between lines, so that the pace of a tab would never be let off.
    at_ease = Bounds(held_seconds=0, pace_burst=10_000, **bounds)
    chat = WebChat("Hark", "127.0.0.1", 0, clock=lambda: world.clock().timestamp(), bounds=at_ease, uploads=False)
    await chat.start()
    session = JsonSession(api=TelegramAPIServer.from_base(chat.api_url))
    world.bots = {"web": Bot(chat.token, session=session)}
    await world.start()
    try:
        async with aiohttp.ClientSession() as http:
            yield WebWorld(world, chat, http)
    finally:
        await world.handlers.finish()
        await world.store.close()
        await session.close()
        await chat.close()
