"""A small real Bot API over HTTP: it keeps updates until they are confirmed, and can fail as Telegram does."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "42:SECRETSECRETSECRET"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Updates:
    """What waits, what was confirmed, every request, and answers to give first instead of the true one."""

    url: str = ""
    waiting: list[dict[str, Any]] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    instead: deque[Answer] = field(default_factory=deque)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def add(self, *updates: dict[str, Any]) -> None:
        async with self.changed:
            self.waiting.extend(updates)
            self.changed.notify_all()

    async def until(self, told: Callable[[], bool]) -> None:
        """Wait until `told` holds; it is looked at after every request."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(told)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert request.match_info["token"] == TOKEN
        method = request.match_info["method"]
        asked = await request.json()
        async with self.changed:
            self.called.append(method)
            if method == "getUpdates":
                self.asked.append(asked)
            self.changed.notify_all()
        if self.instead:
            return await self.instead.popleft()(request)
        if method != "getUpdates":
            return web.json_response({"ok": True, "result": True})
        return web.json_response({"ok": True, "result": await self._take(asked)})

    async def _take(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        async with self.changed:
            offset = asked.get("offset", 0)
            self.confirmed += [one["update_id"] for one in self.waiting if one.get("update_id", offset) < offset]
            self.waiting = [one for one in self.waiting if one.get("update_id", offset) >= offset]
            self.changed.notify_all()
            try:
                async with asyncio.timeout(asked["timeout"]):
                    await self.changed.wait_for(lambda: bool(self.waiting))
            except TimeoutError:
                return []
            return self.waiting[: asked["limit"]]


@asynccontextmanager
async def served() -> AsyncIterator[Updates]:
    updates = Updates()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", updates.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    updates.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield updates
    finally:
        await runner.cleanup()


def message(number: int, chat: int, text: str = "canary words") -> dict[str, Any]:
    """A text message as the Bot API gives it."""
    who = {"id": chat, "first_name": "Canary", "is_bot": False}
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "from": who,
            "text": text,
        },
    }


def refusing(status: int, body: object) -> Answer:
    """An answer that is no update: JSON, or a page of a proxy."""

    async def answer(_: web.Request) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html")
        return web.json_response(body, status=status)

    return answer


async def reset(request: web.Request) -> web.StreamResponse:
    """Cut the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
