"""The webhook: Telegram brings updates to our public port instead of being asked; answered once they are committed.

Source: https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from typing import Final, cast
from urllib.parse import urlsplit

from aiohttp import web

from bot.deployment.settings import Webhook
from bot.monitoring.health import Pulse, answered, contested
from bot.updates.chat_queues import ChatQueues, Raw
from bot.updates.fetch import Backoff, full_jitter
from bot.updates.polling import Poll, Refused, Trouble, WebhookInfo
from storage.database import instrumentation

log = logging.getLogger(__name__)

#: Where Telegram puts the secret that only it and we know.
_SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not the secret
#: How long what is under way may take at the end, in seconds.
_DRAIN: Final = 15.0
#: How often it is looked whether Telegram still comes, in seconds.
_EVERY: Final = 30.0
_DOOR: Final = "telegram"


class WebhookReceiver:
    """The way in for what Telegram brings; until it is open, and where something fails, Telegram is to come again."""

    def __init__(self, webhook: Webhook, pulse: Pulse | None = None) -> None:
        """Take the address and the secret; updates go nowhere before `open`. What comes through beats in `pulse`."""
        self._webhook = webhook
        self._pulse = pulse or Pulse()
        self._chat_queues: ChatQueues | None = None
        self._took = 0.0

    def route(self, under: str = "/") -> web.RouteDef:
        """Return the route of the public port, at the path of the webhook's address.

        Of a path below `under`, which ends with a slash, only the rest is the route's, since a proxy may strip `under`.
        """
        path = urlsplit(self._webhook.url).path
        return web.post(f"/{path.removeprefix(under).removeprefix('/')}", self.take)

    def open(self, chat_queues: ChatQueues) -> None:
        """Hand updates to `chat_queues` from now on; before this each is answered with 503."""
        self._chat_queues = chat_queues

    async def take(self, request: web.Request) -> web.Response:
        """Commit one update, then answer 200.

        503 asks Telegram to bring it again: before `open`, after `serve` has ended, and where committing failed.

        Raises:
            HTTPNotFound: the secret is missing or wrong; the same answer as for a page that does not exist.
        """
        given = request.headers.get(_SECRET, "").encode()
        if not hmac.compare_digest(given, self._webhook.secret.encode()):
            raise web.HTTPNotFound
        if self._chat_queues is None:
            return web.Response(status=503)
        raw = _update(await request.read())
        if raw is None:
            log.error("a webhook request without an update was passed over")
            return web.Response()
        try:
            # What has begun goes on, even if Telegram hangs up: it will bring the update again, and it will be known.
            await asyncio.shield(self._chat_queues.put(raw))
        except Exception:  # noqa: BLE001 - whatever it is, the update is not committed, so it must come again
            return web.Response(status=503)
        instrumentation.reach("brought.kept")
        self._took = time.time()
        return web.Response()

    async def serve(
        self, poll: Poll, stop: asyncio.Event, backoff: Backoff = full_jitter, every: float = _EVERY
    ) -> None:
        """Tell Telegram where to come, and check every `every` seconds until `stop`; then finish what is under way.

        A refused token ends the checks and is logged; the other doors go on. Finishing takes at most `_DRAIN` seconds.
        """
        self._pulse.beat(_DOOR)
        telling = asyncio.create_task(self._look_after(poll, backoff, every))
        try:
            await stop.wait()
        finally:
            telling.cancel()
            chat_queues, self._chat_queues = self._chat_queues, None  # what comes now is for the next start
            if chat_queues is not None and not await chat_queues.drain(_DRAIN):
                log.error("not everything was finished in time; it will be delivered again")

    async def _look_after(self, poll: Poll, backoff: Backoff, every: float) -> None:
        failures, address = 0, None
        while True:
            try:
                address = await self._looked(poll, address)
            except Refused as refused:
                log.critical("a token is refused: %s", refused)
                return
            except Trouble as trouble:
                failures += 1
                log.warning("the webhook could not be set, or looked at: %s", trouble.what)
                await asyncio.sleep(trouble.seconds if trouble.seconds is not None else backoff(failures))
            else:
                failures = 0
                await asyncio.sleep(every)

    async def _looked(self, poll: Poll, address: str | None) -> str:
        """Set the webhook, unless it is set; gives the address as Telegram has it, for the next look."""
        found = await poll.webhook() if address is not None else None
        if found is not None and found.url == address:
            self._judge(found)
            return found.url
        if found is not None:
            self._pulse.beat(contested(_DOOR))
            log.error("somebody else with this token took the webhook away; it is set again")
        await poll.with_webhook(self._webhook.url, self._webhook.secret)
        return (await poll.webhook()).url

    def _judge(self, found: WebhookInfo) -> None:
        """Updates that wait, and of which none was taken since one was not, do not come: that is silence."""
        if found.waiting and found.failed_at > self._took:
            log.error(
                "updates wait and cannot be brought: %d; look at HARK_WEBHOOK_URL and what is in front", found.waiting
            )
        else:
            self._pulse.beat(_DOOR)
            self._pulse.beat(answered(_DOOR))


def _update(body: bytes) -> Raw | None:
    try:
        raw = json.loads(body)
    except ValueError:
        return None
    return cast("Raw", raw) if isinstance(raw, dict) and isinstance(raw.get("update_id"), int) else None
