"""Everything one running web chat holds, in one place, callback queries that wait among it."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.webchat.base.faults import Faults
from bot.webchat.base.ids import IdGenerator, TokenBucket
from bot.webchat.base.protocol import CALLBACK_ANSWER_SECONDS, Bounds, JsonObject, bad_request
from bot.webchat.base.tokens import Signer
from bot.webchat.chat.bot_commands import Commands
from bot.webchat.chat.files import FileShelf
from bot.webchat.chat.left_chats import LeftChats
from bot.webchat.chat.registry import ChatRegistry
from bot.webchat.chat.updates import UpdateQueue
from bot.webchat.chat.webhook import Webhook

_KEPT = 50_000

BOT_ID = 7_000_000_001


class Callbacks:
    """Open queries by id: which chat, which of the page's inputs, and since when."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: OrderedDict[str, tuple[int, str, float]] = OrderedDict()

    def ask(self, chat_id: int, client_id: str) -> str:
        """Open a query and return its id, a decimal number as Telegram's are."""
        query_id = str(secrets.randbits(62) | 1 << 62)
        self._open[query_id] = (chat_id, client_id, self._clock())
        while len(self._open) > _KEPT:
            self._open.popitem(last=False)
        return query_id

    def answer(self, query_id: str) -> tuple[int, str]:
        """Close a query; return its chat and the page's input id.

        Raises:
            Refusal: 400 when it is unknown, answered already or too old.
        """
        chat_id, client_id, asked = self._open.pop(query_id, (0, "", float("-inf")))
        if self._clock() - asked > CALLBACK_ANSWER_SECONDS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return chat_id, client_id


@dataclass(frozen=True)
class WebChatState:
    """The state behind the Bot API and the page; of it only ``left`` is ever written down."""

    bot: JsonObject
    clock: Callable[[], float]
    bounds: Bounds
    signer: Signer
    numbering: IdGenerator
    left: LeftChats
    chats: ChatRegistry
    updates: UpdateQueue
    webhook: Webhook
    callbacks: Callbacks
    commands: Commands
    files: FileShelf
    faults: Faults
    opening: TokenBucket

    @property
    def now(self) -> int:
        """The clock in whole seconds, as ``date`` fields have it."""
        return int(self.clock())


def build_state(
    bot_name: str, clock: Callable[[], float], bounds: Bounds, signer: Signer, left_in: Path | None, *, awaits: bool
) -> WebChatState:
    """Build the state of an empty web chat; ``left_in`` as in LeftChats, ``awaits`` as in ChatRegistry.

    Raises:
        OSError: what ``left_in`` holds cannot be read.
    """
    left = LeftChats(left_in, clock, signer.marks)
    files = FileShelf(bounds.file_bytes, clock)
    chats = ChatRegistry(bounds, clock, files.forget_chat, left, awaits=awaits)
    faults = Faults()
    updates = UpdateQueue(bounds.pending_updates, bounds.pending_letters, faults)
    return WebChatState(
        bot=_bot(bot_name),
        clock=clock,
        bounds=bounds,
        signer=signer,
        numbering=IdGenerator(clock),
        left=left,
        chats=chats,
        updates=updates,
        webhook=Webhook(updates, clock, bounds.webhook_wait),
        callbacks=Callbacks(clock),
        commands=Commands(chats.wake),
        files=files,
        faults=faults,
        opening=TokenBucket(bounds.opening_burst, bounds.opening_per_second, clock),
    )


def _bot(name: str) -> JsonObject:
    return {"id": BOT_ID, "is_bot": True, "first_name": name, "username": "web_chat_bot"}
