"""All chats of the process: found, opened, left for good, and dropped when idle or when there are too many."""

from collections import OrderedDict
from collections.abc import Callable

from bot.webchat.base.protocol import CHAT_BYTES, Bounds, Refusal, bad_request
from bot.webchat.base.tokens import CHAT_ID_BITS
from bot.webchat.chat.chats import Chat
from bot.webchat.chat.left_chats import LeftChats


class ChatsFull(Exception):  # noqa: N818 - says what is, as the other errors here do
    """No chat can be opened now; nothing was changed."""


class ChatRegistry:
    """Chats by id, least recently used first.

    ``awaits``: a chat id that is not known is taken for a tab from before a restart, whose page will come back; the
    bot may write to it already. Without it such a chat is "not found". ``on_drop`` is told the id of a dropped chat.
    ``left`` knows which were left for good.
    """

    def __init__(
        self,
        bounds: Bounds,
        clock: Callable[[], float],
        on_drop: Callable[[int], None],
        left: LeftChats,
        *,
        awaits: bool,
    ) -> None:
        self._bounds, self._clock, self._on_drop, self._left, self._awaits = bounds, clock, on_drop, left, awaits
        self._chats: OrderedDict[int, Chat] = OrderedDict()
        self._trimmed_at = 0

    def __len__(self) -> int:
        return len(self._chats)

    def open(self, chat_id: int) -> Chat:
        """Return the chat, made empty when it is not known (a new tab, or one from before a restart).

        Raises:
            ChatsFull: there are as many chats as may be, and a page is watching each of them.
        """
        chat = self._chats.get(chat_id)
        if chat is None:
            self._make_room()
            self._trim()
            chat = self._chats[chat_id] = Chat(chat_id, self._bounds, self._clock, self._share)
        self._chats.move_to_end(chat_id)
        chat.seen = self._clock()
        return chat

    def known(self, chat_id: int) -> Chat | None:
        """Return the chat if it is there, without using it."""
        return self._chats.get(chat_id)

    def for_bot(self, chat_id: int) -> Chat:
        """Return the chat a bot wants to write to.

        Raises:
            Refusal: 403 when its person has left for good, 400 when there is no such chat.
        """
        if not 0 < chat_id < 1 << CHAT_ID_BITS:  # a group's, or a number that no chat has
            raise bad_request("chat not found")
        if self.has_left(chat_id):
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat_id not in self._chats and not self._awaits:
            raise bad_request("chat not found")
        try:
            return self.open(chat_id)
        except ChatsFull:
            raise Refusal(429, "Too Many Requests: retry after 5", 5) from None

    def has_left(self, chat_id: int) -> bool:
        """Tell whether this chat's person has left for good."""
        return chat_id not in self._chats and chat_id in self._left

    def leave(self, chat_id: int) -> None:
        """Forget a chat and everything in it, and refuse it from now on; `LeftChats.write` makes that last.

        Its files go too. Updates that wait for the bot stay, so that what was said arrives.
        """
        self._left.add(chat_id)
        self._drop(chat_id)

    def wake(self, chat_id: int | None) -> None:
        """Let the pages of one chat, or of all, look again at what is not a message (commands)."""
        for chat in [self._chats.get(chat_id)] if chat_id is not None else list(self._chats.values()):
            if chat is not None:
                chat.ring()

    def drop_idle(self) -> None:
        """Forget chats nobody touched for the idle time; their tabs may still come back to an empty one."""
        limit = self._clock() - self._bounds.idle_seconds
        for chat_id in [chat.id for chat in self._chats.values() if chat.seen < limit]:
            self._drop(chat_id)

    def _trim(self) -> None:
        """As their number grows by a tenth, let all chats keep less: seldom enough to cost next to nothing."""
        self._trimmed_at = min(self._trimmed_at, len(self._chats))
        if len(self._chats) > 1.1 * self._trimmed_at:
            self._trimmed_at = len(self._chats)
            for chat in self._chats.values():
                chat.trim()

    def _share(self) -> int:
        """Return the bytes that each chat may keep, now that there are so many."""
        each = self._bounds.all_chats_bytes // max(1, len(self._chats))
        return max(min(CHAT_BYTES, self._bounds.bytes_per_chat), min(self._bounds.bytes_per_chat, each))

    def _make_room(self) -> None:
        if len(self._chats) < self._bounds.chats:
            return
        # Were a watched chat dropped, its page would open it again at once and push out the next.
        unwatched = next((chat.id for chat in self._chats.values() if not chat.watchers), None)
        if unwatched is None:
            raise ChatsFull
        self._drop(unwatched)

    def _drop(self, chat_id: int) -> None:
        chat = self._chats.pop(chat_id, None)
        if chat is not None:
            chat.bump()
        self._on_drop(chat_id)
