"""Updates that are brought to the bot instead of being fetched: in order for each chat, again and again until a 2xx.

Source: https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.webchat.base.protocol import JsonObject
from bot.webchat.chat.backlog import chat_of
from bot.webchat.chat.updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not the secret
_PATIENCE = ClientTimeout(total=60)
_LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Target:
    """Where updates are brought, what is sent along, and how many at once."""

    url: str
    secret: str = field(repr=False)
    connections: int


class Webhook:
    """At most one target; while there is one, nothing is fetched. What is not answered with a 2xx stays in the queue.

    ``wait`` is the pause before the first repetition, in seconds; it doubles with each.
    """

    def __init__(self, updates: UpdateQueue, clock: Callable[[], float], wait: float) -> None:
        self._updates, self._clock, self._wait = updates, clock, wait
        self._target: Target | None = None
        self._failed: tuple[int, str] | None = None
        self._bringing: asyncio.Task[None] | None = None

    @property
    def is_set(self) -> bool:
        """Whether updates are brought."""
        return self._target is not None

    async def point_at(self, target: Target | None) -> None:
        """Bring updates there from now on, or nowhere; what is on its way is broken off and comes again.

        When this returns nothing is being brought to the earlier place any more.
        """
        if self._bringing is not None:
            self._bringing.cancel()
            with suppress(asyncio.CancelledError):
                await self._bringing
        self._target, self._failed, self._bringing = target, None, None
        if target is not None:
            self._bringing = asyncio.create_task(self._bring_all(target))

    def info(self) -> JsonObject:
        """Say it as getWebhookInfo does."""
        told: JsonObject = {
            "url": self._target.url if self._target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self._target is not None:
            told["max_connections"] = self._target.connections
        if self._updates.allowed:
            told["allowed_updates"] = self._updates.allowed
        if self._failed is not None:
            told["last_error_date"], told["last_error_message"] = self._failed
        return told

    async def _bring_all(self, target: Target) -> None:
        under_way: dict[object, asyncio.Task[None]] = {}

        async def bring(http: ClientSession, update: JsonObject) -> None:
            try:
                await self._bring(http, target, update)
            finally:
                del under_way[chat_of(update)]
                self._updates.available.set()

        async with ClientSession(timeout=_PATIENCE) as http, asyncio.TaskGroup() as group:
            while True:
                self._updates.available.clear()
                while len(under_way) < target.connections:
                    update = self._updates.first(besides=under_way)
                    if update is None:
                        break
                    under_way[chat_of(update)] = group.create_task(bring(http, update))
                await self._updates.available.wait()

    async def _bring(self, http: ClientSession, target: Target, update: JsonObject) -> None:
        """Bring one update until it is taken. Its chat's next one waits for that."""
        headers, wait = {SECRET_HEADER: target.secret} if target.secret else {}, self._wait
        while (failed := await _post(http, target.url, headers, update)) is not None:
            self._failed = int(self._clock()), failed
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        self._updates.taken(update)


async def _post(http: ClientSession, url: str, headers: dict[str, str], update: JsonObject) -> str | None:
    """Give what went wrong in Telegram's words, or None."""
    try:
        async with http.post(url, json=update, headers=headers, allow_redirects=False) as response:
            if 200 <= response.status < 300:
                return None
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except (ClientError, TimeoutError, OSError) as error:
        return "Connection timed out" if isinstance(error, TimeoutError) else "Connection refused"
