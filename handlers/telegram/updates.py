"""One private chat and what came from it, read out of a Bot API update; nothing here answers or decides."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from aiogram import Bot
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, Update

from flows.danger.files import MOST_BYTES
from flows.values.ids import Door
from flows.values.inputs import Sent
from storage.values import Address, Arrival

Kind: TypeAlias = Literal["sticker", "voice", "photo", "video", "document", "location", "contact", "other"]

#: What the Bot API calls a message's content, and what a conversation hears; all else is "other".
_KINDS: dict[str, Kind] = {
    "sticker": "sticker",
    "voice": "voice",
    "audio": "voice",
    "photo": "photo",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "document": "document",
    "location": "location",
    "venue": "location",
    "contact": "contact",
}


#: Signs that are not seen, which phones put around what is typed or pasted: of direction, of width zero, of byte order.
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff"
#: A slash, also a wide one, a name, and maybe the bot's; then what follows.
_COMMAND = re.compile(rf"[\s{_UNSEEN}]*[/\uff0f](?P<name>\w+)(?:@\w+)?(?P<rest>.*)", re.DOTALL)
#: What is no part of what follows a command, at either end of it.
_AFTER = re.compile(rf"^[\s{_UNSEEN}:,;]+|[\s{_UNSEEN}]+$")


@dataclass(frozen=True, repr=False)
class Wrote:
    """A text message; `edited` is true for a later version of one that was there before."""

    text: str
    edited: bool = False


@dataclass(frozen=True, repr=False)
class Command:
    """A text that starts with a command: its name without slash and bot name, lower case, and what follows it.

    `text` is the whole, for words that only look like a command.
    """

    name: str
    rest: str
    text: str


@dataclass(frozen=True, repr=False)
class Button:
    """A pressed button. `kept` is true where its message must stay as it is, since it shows words to keep."""

    query: str
    data: str
    kept: bool
    reachable: bool


@dataclass(frozen=True)
class Blocked:
    """The person blocked the bot (`is_blocked`), or unblocked it."""

    is_blocked: bool


@dataclass(frozen=True)
class OffChat:
    """What was done on the page beside the chat, for it: nothing stands in the chat of it."""


What: TypeAlias = Wrote | Command | Button | Sent | Blocked | OffChat


@dataclass(frozen=True, repr=False)
class IncomingFile:
    """A photo, document or voice message by which the Bot API gives its bytes; `size` is what it says, in bytes.

    Whatever else its sender's machine tells of it, a name before all, is not taken over.
    """

    id: str
    size: int


@dataclass(frozen=True, repr=False)
class IncomingUpdate:
    """One update of one private chat.

    `arrival` is what storage knows it by; its `message_id` is set for a message that the person wrote.
    `under` is the message that carried the button, if it was one. `language` is the messenger's IETF tag, if it
    told one. `caption` stands under a file, and is neither heard nor kept. `secret` is true for what was typed into a
    field for secrets, as the web chat marks it. `file` is what was sent, where that is a kind that can be fetched at
    all. No name of the person is ever taken over.
    """

    arrival: Arrival
    language: str | None
    what: What
    under: int | None = None
    caption: str = field(default="", repr=False)
    secret: bool = False
    file: IncomingFile | None = None

    @property
    def address(self) -> Address:
        """The chat it came from."""
        return self.arrival.address


class Unreadable(Exception):  # noqa: N818 - named for what happened, as the house style has it
    """An update that could not be parsed; nothing was done. Its text holds nothing of the update."""


def parse(raw: dict[str, object], bot: Bot) -> Update:
    """Return the typed update, mounted to `bot`.

    Raises:
        Unreadable: it cannot be decoded; the error quotes nothing of it.
    """
    update = None
    # Whatever a parser raises may quote the update; raised outside of it, ours carries nothing of that along.
    with contextlib.suppress(Exception):
        update = Update.model_validate(raw, context={"bot": bot})
    if update is None:
        raise Unreadable("an update could not be read")
    return update


def incoming_update(door: Door, update: Update) -> IncomingUpdate | None:
    """Return what came from a private chat.

    None for groups, channels and kinds of update that Hark does not use.
    """
    number = update.update_id
    if update.message is not None or update.edited_message is not None:
        message = update.message or update.edited_message
        assert message is not None  # noqa: S101 - tells the type checker what the line above says
        return _written(door, number, message, edited=update.message is None)
    if update.callback_query is not None:
        return _pressed(door, number, update.callback_query)
    member = update.my_chat_member
    if member is None or member.chat.type != "private":
        return None
    is_blocked = member.new_chat_member.status in {"kicked", "left"}
    return IncomingUpdate(_arrival(door, member.chat.id, number), member.from_user.language_code, Blocked(is_blocked))


def _written(door: Door, number: int, message: Message, *, edited: bool) -> IncomingUpdate | None:
    if message.chat.type != "private":
        return None
    language = message.from_user.language_code if message.from_user else None
    own = message.model_extra or {}
    device = str(own.get("from_device", "")) if door == "web" else ""
    arrival = replace(_arrival(door, message.chat.id, number, message.message_id), device=device)
    secret = own.get("from_secret_field") is True
    content = Wrote(message.text) if secret and message.text is not None else _content(message, edited=edited)
    return IncomingUpdate(arrival, language, content, caption=message.caption or "", secret=secret, file=_file(message))


def _file(message: Message) -> IncomingFile | None:
    if _KINDS.get(message.content_type) not in {"photo", "document", "voice"}:  # an animation is a document as well
        return None
    sizes = [one for one in message.photo or () if (one.file_size or 0) <= MOST_BYTES]
    largest = max(sizes, key=lambda one: one.width * one.height, default=None)
    found = largest or message.document or message.voice or message.audio
    return IncomingFile(found.file_id, found.file_size or 0) if found else None


def _content(message: Message, *, edited: bool) -> What:
    if message.text is None:
        return Sent(_KINDS.get(message.content_type, "other"))
    command = None if edited else command_in(message.text)
    return command or Wrote(message.text, edited)


def command_in(text: str) -> Command | None:
    """Return the command that a text begins with, or None.

    Anything but a letter, digit or underscore ends its name.
    """
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    name = unicodedata.normalize("NFKC", found["name"]).lower()
    return Command(name, _AFTER.sub("", found["rest"]), text)


def _pressed(door: Door, number: int, query: CallbackQuery) -> IncomingUpdate | None:
    message = query.message
    if message is None or message.chat.type != "private":
        return None
    reachable = not isinstance(message, InaccessibleMessage)
    entities = message.entities or [] if isinstance(message, Message) else []
    kept = any(entity.type == "code" for entity in entities)
    button = Button(query.id, query.data or "", kept, reachable)
    arrival = _arrival(door, message.chat.id, number)
    return IncomingUpdate(arrival, query.from_user.language_code, button, message.message_id)


def _arrival(door: Door, chat: int, update: int, message: int | None = None) -> Arrival:
    return Arrival(Address(door, chat), update, message)
