"""Calls of the Bot API as JSON ("Making requests"), and what Hark tells messengers of itself when it starts."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import AiogramError, TelegramNetworkError
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientError, ClientTimeout

from bot.deployment.invite_links import note_name
from handlers.dispatcher import Handlers

log = logging.getLogger(__name__)

_JSON = {"Content-Type": "application/json"}
#: Arguments that hold neither a file nor a default of the bot's, and need no second look once they are dumped.
_PLAIN = frozenset({"text", "reply_markup", "entities", "message_ids"})


async def greet(handlers: Handlers, data_dir: Path) -> None:
    """Offer the commands at every door, and note the bot's Telegram name for the links of invites.

    It raises nothing: what a messenger refuses is in the log, and everything else works without it.
    """
    await handlers.set_commands()
    telegram = handlers.deps.bots.get("telegram")
    if telegram is None:
        return
    try:
        note_name(data_dir, (await telegram.get_me()).username or "")
    except (AiogramError, OSError):
        log.warning("telegram: our name there is not known, so invites carry no link to it")


class JsonSession(AiohttpSession):
    """aiogram's session, but for how arguments travel."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own signature
    ) -> TelegramType:
        """Make one call; see `AiohttpSession.make_request`.

        Raises:
            TelegramNetworkError: No answer came, or not within the timeout, in seconds; the call may have taken effect.
            AiogramError: The Bot API refused the call, as the base class reports it.
        """
        arguments, files = self._arguments(bot, method)
        session = await self.create_session()
        if files:
            return await super().make_request(bot, method, timeout)
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        limit = ClientTimeout(total=self.timeout if timeout is None else timeout)
        try:
            async with session.post(url, data=json.dumps(arguments), headers=_JSON, timeout=limit) as response:
                status, content = response.status, await response.text("utf-8")
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        answer = self.check_response(bot=bot, method=method, status_code=status, content=content)
        return cast("TelegramType", answer.result)

    def _arguments(self, bot: Bot, method: TelegramMethod[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a call's arguments without those that say nothing, and the files among them."""
        files: dict[str, Any] = {}
        given = {
            name: value if name in _PLAIN else self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            for name, value in method.model_dump(warnings=False, exclude_none=True).items()
        }
        return {name: value for name, value in given.items() if value is not None}, files
