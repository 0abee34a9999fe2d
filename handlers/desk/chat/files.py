"""Sends a file to a lead's chat, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile

from handlers.desk.chat.visit import Visit
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
    await visit.sender.admit(visit.address, urgent=True)
    try:
        sent = await visit.deps.bots[visit.address.door].send_document(
            visit.address.chat_id, BufferedInputFile(content, name), parse_mode=None, protect_content=False
        )
    except AiogramError as error:
        failures.log_error(error)
        return False
    await visit.remember((sent.message_id,), FILE_STAYS)
    return True
