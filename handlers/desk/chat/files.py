"""Sends a file or a picture to a lead's chat, for a while."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Final

from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, Message

from flows.values.text import Text
from handlers.desk.chat.visit import STAYS, Visit
from handlers.telegram import failures

#: How long what is handed out or handed over stays in the chat, and the words that belong to it.
FILE_STAYS: Final = timedelta(minutes=5)


async def send_file(visit: Visit, name: str, content: bytes) -> bool:
    """Send a file that can be saved, for five minutes; false where the Bot API did not take it (`sendDocument`).

    Args:
        visit: The update at the desk.
        name: The file's: of nothing that anybody wrote.
        content: Its bytes.

    Raises:
        Tampered: A row of the tidy list is not the one that was kept.
        Unavailable: It cannot be noted that the file is to be deleted: after a restart nothing deletes it.
    """
    return await _sent(visit, _document(visit, name, content, protect=False), FILE_STAYS)


async def send_picture(visit: Visit, name: str, content: bytes, caption: Text) -> bool:
    """Send a picture that can be saved, for five minutes; false where the Bot API did not take it (`sendPhoto`).

    Args:
        visit: The update at the desk.
        name: The file's: of nothing that anybody wrote.
        content: A PNG.
        caption: What it says, also for whoever does not see it.

    Raises:
        Tampered: As `send_file`.
        Unavailable: Likewise.
    """
    bot = visit.deps.bots[visit.address.door]
    file, said = BufferedInputFile(content, name), visit.translator.say(caption)
    sending = bot.send_photo(visit.address.chat_id, file, caption=said, parse_mode=None, protect_content=False)
    return await _sent(visit, sending, FILE_STAYS)


async def show_photo(visit: Visit, content: bytes) -> bool:
    """Show a photo that can be neither saved nor forwarded, until the desk is left or curtained, as `send_file`.

    Args:
        visit: The update at the desk.
        content: A JPEG.

    Raises:
        Tampered: As `send_file`.
        Unavailable: Likewise.
    """
    bot, photo = visit.deps.bots[visit.address.door], BufferedInputFile(content, "photo.jpg")
    sending = bot.send_photo(visit.address.chat_id, photo, parse_mode=None, protect_content=True)
    return await _sent(visit, sending, STAYS)


async def show_document(visit: Visit, name: str, content: bytes) -> bool:
    """Show a file that can be neither saved nor forwarded, where the messenger keeps to that; as `show_photo`.

    Raises:
        Tampered: As `send_file`.
        Unavailable: Likewise.
    """
    return await _sent(visit, _document(visit, name, content, protect=True), STAYS)


def _document(visit: Visit, name: str, content: bytes, *, protect: bool) -> Awaitable[Message]:
    bot, file = visit.deps.bots[visit.address.door], BufferedInputFile(content, name)
    return bot.send_document(visit.address.chat_id, file, parse_mode=None, protect_content=protect)


async def _sent(visit: Visit, sending: Awaitable[Message], stays: timedelta) -> bool:
    await visit.sender.admit(visit.address, urgent=True)
    try:
        sent = await sending
    except AiogramError as error:
        failures.log_error(error)
        return False
    await visit.remember((sent.message_id,), stays)
    return True
