"""The Bot API as any HTTP client calls it, for tests."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.webchat.server import WebChat


async def until(condition: Callable[[], object]) -> None:
    """Return when something that has no event of its own has come true; fail after ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


class Api:
    """Calls Bot API methods as any HTTP client would."""

    def __init__(self, http: aiohttp.ClientSession, chat: WebChat) -> None:
        self.http, self.chat = http, chat

    def url(self, method: str, token: str | None = None) -> str:
        return f"{self.chat.api_url}/bot{token or self.chat.token}/{method}"

    async def raw(self, method: str, **said: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(self.url(method), json=said) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, **said: Any) -> Any:
        status, answer = await self.raw(method, **said)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def refused(self, method: str, **said: Any) -> str:
        status, answer = await self.raw(method, **said)
        assert answer["ok"] is False
        assert answer["error_code"] == status
        return f"{status} {answer['description']}"

    async def updates(self, offset: int = 0) -> list[dict[str, Any]]:
        return list(await self.ok("getUpdates", offset=offset, timeout=5))

    async def next_update(self) -> dict[str, Any]:
        """Take the oldest update and confirm it."""
        first = (await self.updates())[0]
        await self.ok("getUpdates", offset=first["update_id"] + 1)
        return first
