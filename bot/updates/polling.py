"""One `getUpdates` over HTTP, as raw JSON: a poisoned update must not stop the others, so nothing is decoded further.

Source: https://core.telegram.org/bots/api#getupdates
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.deployment.value_checks import SettingsError
from bot.updates.chat_queues import Raw

#: Updates that one answer holds at most (Bot API).
LIMIT: Final = 100
#: Kinds that somebody here listens to.
KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
#: How much longer than its long poll an answer may take, in seconds, before it counts as hanging.
_PATIENCE: Final = 15.0
#: The longest wait that a server is obeyed in, in seconds.
_LONGEST_WAIT: Final = 3600.0


class Refused(SettingsError):  # noqa: N818 - says what is
    """The token is not, or no longer, good: waiting does not help. Its text holds no token."""

    def __init__(self) -> None:
        super().__init__("HARK_TOKEN", "the Bot API refuses it; look also at HARK_API_URL, if it is set")


class Trouble(Exception):  # noqa: N818 - says what is there
    """Nothing came this time, and trying again helps. `seconds` is how long the server asked to wait, if it did."""

    def __init__(self, what: str, seconds: float | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.seconds = seconds


@dataclass(frozen=True)
class WebhookInfo:
    """Where updates are brought, how many wait, and when one last failed, in seconds since 1970, or 0 for never.

    Source: https://core.telegram.org/bots/api#webhookinfo
    """

    url: str
    waiting: int
    failed_at: int


class Poll:
    """Asks one Bot API for updates; `session` is the caller's to close."""

    def __init__(self, session: ClientSession, api_url: str, token: str) -> None:
        """`api_url` has no slash at its end, such as `https://api.telegram.org`."""
        self._session = session
        self._base = f"{api_url}/bot{token}"

    async def updates(self, offset: int | None, seconds: int) -> list[Raw]:
        """Confirm everything before `offset` and take up to 100 updates, waiting up to `seconds` for the first.

        Source: https://core.telegram.org/bots/api#getupdates

        Raises:
            Refused: the token is not good.
            Trouble: anything else; nothing was confirmed for certain.
        """
        asked: dict[str, object] = {"limit": LIMIT, "timeout": seconds, "allowed_updates": KINDS}
        if offset is not None:
            asked["offset"] = offset
        result = await self._call("getUpdates", asked, seconds + _PATIENCE)
        if not isinstance(result, list):
            raise Trouble("an answer without updates")
        return [cast("Raw", update) for update in result if isinstance(update, dict)]

    async def without_webhook(self) -> None:
        """Take a webhook away that stands in the way of polling; no update is dropped.

        Source: https://core.telegram.org/bots/api#deletewebhook

        Raises:
            Refused: the token is not good.
            Trouble: anything else; the webhook may still be set.
        """
        await self._call("deleteWebhook", {"drop_pending_updates": False}, _PATIENCE)

    async def with_webhook(self, url: str, secret: str) -> None:
        """Have updates brought to `url`, with `secret` in a header; none is dropped.

        Source: https://core.telegram.org/bots/api#setwebhook

        Raises:
            Refused: the token is not good.
            Trouble: anything else; the webhook may be set or not.
        """
        asked = {"url": url, "secret_token": secret, "allowed_updates": KINDS, "drop_pending_updates": False}
        await self._call("setWebhook", asked, _PATIENCE)

    async def webhook(self) -> WebhookInfo:
        """Return where updates are brought, how many wait, and when one last failed.

        Source: https://core.telegram.org/bots/api#getwebhookinfo

        Raises:
            Refused: the token is not good.
            Trouble: anything else, or an answer that is not a webhook's.
        """
        told = await self._call("getWebhookInfo", {}, _PATIENCE)
        if not isinstance(told, dict) or not isinstance(told.get("url"), str):
            raise Trouble("an answer without a webhook")
        waiting, failed_at = told.get("pending_update_count"), told.get("last_error_date")
        return WebhookInfo(
            told["url"], waiting if isinstance(waiting, int) else 0, failed_at if isinstance(failed_at, int) else 0
        )

    async def _call(self, method: str, body: Mapping[str, object], seconds: float) -> object:
        try:
            async with self._session.post(
                f"{self._base}/{method}", json=body, timeout=ClientTimeout(total=seconds), allow_redirects=False
            ) as response:
                status, text = response.status, await response.read()
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            # The error's own text has the address, and so the token.
            raise Trouble(f"no answer ({type(error).__name__})") from None
        return _result(status, text)


def _result(status: int, text: bytes) -> object:
    if status in {401, 404}:
        raise Refused
    try:
        answer = json.loads(text)
    except ValueError:
        raise Trouble(f"HTTP {status} without JSON") from None
    if isinstance(answer, dict) and answer.get("ok") is True and status == 200:
        return answer.get("result")
    if status == 409:
        raise Trouble("conflict")
    raise Trouble(f"HTTP {status}", _asked_to_wait(answer))


def _asked_to_wait(answer: object) -> float | None:
    parameters = answer.get("parameters") if isinstance(answer, dict) else None
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        return None
    return min(float(seconds), _LONGEST_WAIT)
