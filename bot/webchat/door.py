"""Everything one running web chat holds, in one place; its two sides both work on this."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.webchat.callbacks import Callbacks
from bot.webchat.chat_book import ChatBook
from bot.webchat.commands import Commands
from bot.webchat.faults import Faults
from bot.webchat.files import FileShelf
from bot.webchat.left_chats import LeftChats
from bot.webchat.limits import Bounds
from bot.webchat.numbering import Numbering
from bot.webchat.pace import Pace
from bot.webchat.tokens import Signer
from bot.webchat.updates import UpdateQueue
from bot.webchat.webhook import Webhook
from bot.webchat.wire import JsonObject

BOT_ID = 7_000_000_001


@dataclass(frozen=True)
class Door:
    """The state behind the Bot API and the page; of it only ``left`` is ever written down."""

    bot: JsonObject
    clock: Callable[[], float]
    bounds: Bounds
    signer: Signer
    numbering: Numbering
    left: LeftChats
    chats: ChatBook
    updates: UpdateQueue
    webhook: Webhook
    callbacks: Callbacks
    commands: Commands
    files: FileShelf
    faults: Faults
    opening: Pace

    @property
    def now(self) -> int:
        """The clock in whole seconds, as ``date`` fields have it."""
        return int(self.clock())


def build_door(
    bot_name: str, clock: Callable[[], float], bounds: Bounds, secret: bytes, left_in: Path | None, *, awaits: bool
) -> Door:
    """Put an empty door together; ``left_in`` as in LeftChats, ``awaits`` as in ChatBook.

    Raises:
        OSError: what ``left_in`` holds cannot be read.
    """
    signer = Signer(secret, clock)
    left = LeftChats(left_in, clock, signer.mark)
    files = FileShelf(bounds.file_bytes)
    chats = ChatBook(bounds, clock, files.forget_chat, left, awaits=awaits)
    faults = Faults()
    updates = UpdateQueue(bounds.pending_updates, bounds.pending_letters, faults)
    return Door(
        bot=_bot(bot_name),
        clock=clock,
        bounds=bounds,
        signer=signer,
        numbering=Numbering(clock),
        left=left,
        chats=chats,
        updates=updates,
        webhook=Webhook(updates, clock, bounds.webhook_wait),
        callbacks=Callbacks(clock),
        commands=Commands(chats.wake),
        files=files,
        faults=faults,
        opening=Pace(bounds.opening_burst, bounds.opening_per_second, clock),
    )


def _bot(name: str) -> JsonObject:
    return {"id": BOT_ID, "is_bot": True, "first_name": name, "username": "web_chat_bot"}
