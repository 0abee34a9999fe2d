"""Sends a file or a picture to a lead's chat, for a while."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Final

from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, Message

from flows.values.text import Text
from handlers.desk.chat.chat_state import Shown
from handlers.desk.chat.visit import STAYS, DeskChat, Visit
from handlers.telegram import failures
from storage.values import CaseId

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


async def show_file(visit: Visit, shown: Shown, number: int, name: str, content: bytes) -> bool:
    """Show a file of a case that can be neither saved nor forwarded, where the messenger keeps to that, as `send_file`.

    It stays until the desk is left or curtained, or somebody says that it should not be there (`take_back`).

    Args:
        visit: The update at the desk.
        shown: The case.
        number: The entry that tells of it.
        name: A photo's ends in `.jpg`: it is shown as one.
        content: Its bytes.

    Raises:
        Tampered: As `send_file`.
        Unavailable: Likewise.
    """
    sending = _photo(visit, name, content) if name.endswith(".jpg") else _document(visit, name, content, protect=True)
    message = await _message(visit, sending, STAYS)
    if message is not None:
        visit.place.files[message] = (shown.case, number)
    return message is not None


async def take_back(visit: Visit, case: CaseId, number: int) -> None:
    """Delete a file of a case from every chat at a desk that shows it.

    Raises:
        Tampered: As `DeskChat.forget`.
        Unavailable: Likewise.
    """
    for address, place in list(visit.places.by_address.items()):
        gone = [message for message, of in place.files.items() if of == (case, number)]
        await DeskChat(address, visit.deps, visit.sender, visit.places, place, visit.translator).forget(gone)
        for message in gone:
            del place.files[message]


def _photo(visit: Visit, name: str, content: bytes) -> Awaitable[Message]:
    bot, photo = visit.deps.bots[visit.address.door], BufferedInputFile(content, name)
    return bot.send_photo(visit.address.chat_id, photo, parse_mode=None, protect_content=True)


def _document(visit: Visit, name: str, content: bytes, *, protect: bool) -> Awaitable[Message]:
    bot, file = visit.deps.bots[visit.address.door], BufferedInputFile(content, name)
    return bot.send_document(visit.address.chat_id, file, parse_mode=None, protect_content=protect)


async def _sent(visit: Visit, sending: Awaitable[Message], stays: timedelta) -> bool:
    return await _message(visit, sending, stays) is not None


async def _message(visit: Visit, sending: Awaitable[Message], stays: timedelta) -> int | None:
    """The id of what was sent, which is noted to be deleted; None where the Bot API did not take it."""
    await visit.sender.admit(visit.address, urgent=True)
    try:
        sent = await sending
    except AiogramError as error:
        failures.log_error(error)
        return None
    await visit.remember((sent.message_id,), stays)
    return sent.message_id
