"""What Hark tells messengers of itself when it starts, and what it learns of its own name; nobody waits for it."""

from __future__ import annotations

import logging
from pathlib import Path

from aiogram.exceptions import AiogramError

from bot.telegram_file import note_name
from handlers.dispatcher import Handlers

log = logging.getLogger(__name__)


async def greet(handlers: Handlers, data_dir: Path) -> None:
    """Offer the commands at every door, and note what Telegram calls us, for the links of invites."""
    await handlers.set_commands()
    telegram = handlers.deps.bots.get("telegram")
    if telegram is None:
        return
    try:
        note_name(data_dir, (await telegram.get_me()).username or "")
    except (AiogramError, OSError):
        log.warning("telegram: our name there is not known, so invites carry no link to it")
