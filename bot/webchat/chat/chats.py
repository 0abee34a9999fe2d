"""Conversations in memory, bounded: what a page shows and what it has not been told yet."""

import asyncio
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.webchat.base.ids import TokenBucket
from bot.webchat.base.protocol import INPUTS_KEPT, NOTICES_KEPT, TOMBSTONES_KEPT, Bounds, JsonObject
from bot.webchat.chat.backlog import Rank

_INPUT_BYTES = 1_000  # about twice what an input that is remembered takes
_INPUTS = 60  # are remembered whatever the share: more than a tab can send before the bot has them


@dataclass
class KeptMessage:
    """A message as the Bot API says it, and what only the page needs to know of it.

    ``mine``: the person wrote it. ``secret``: shown as dots, its text is not kept. ``changed``: the chat's version
    when it was last touched. ``client_id`` is the page's own id of the input it came from.
    ``chosen``: the data of the button that was tapped last, until the message changes.
    ``asks_for``: the page's field for the answer, as ``secret_field`` says it.
    """

    wire: JsonObject
    mine: bool
    secret: bool = False
    client_id: str | None = None
    asks_for: JsonObject | None = None
    chosen: str = ""
    changed: int = 0
    file_ids: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """A rough number of bytes, for the bound on a chat."""
        return 200 + 2 * len(self.wire.get("text") or self.wire.get("caption") or "") + 80 * len(self.file_ids)


@dataclass
class Input:
    """Something a person did, kept so that a repetition is known: its ids, and the version when the bot had it."""

    ids: list[int]
    open_updates: int
    settled: int | None = None


class Chat:
    """One tab's conversation. Every change raises ``version`` and wakes the pages that wait."""

    def __init__(
        self, chat_id: int, bounds: Bounds, clock: Callable[[], float], share: Callable[[], int] | None = None
    ) -> None:
        """``share`` gives the bytes that this chat may keep now."""
        self.id, self._bounds, self._clock = chat_id, bounds, clock
        self._share = share or (lambda: bounds.bytes_per_chat)
        self.epoch = secrets.token_urlsafe(9)
        self.version = 0
        self.language = "en"
        self.seen = clock()
        self.watchers = 0
        self.typing_until = 0.0
        self.messages: dict[int, KeptMessage] = {}
        self.inputs: OrderedDict[str, Input] = OrderedDict()
        self.deleted: deque[tuple[int, int, str]] = deque(maxlen=TOMBSTONES_KEPT)  # version, id, and the page's own id
        self.notices: deque[tuple[int, JsonObject]] = deque(maxlen=NOTICES_KEPT)
        self.device = ""  # the mark of its browser, once a secret came from it
        self.keeps_device = False  # whether the browser is to keep that mark
        self.proved = False  # whether its page has shown a proof of work
        self.pace = TokenBucket(bounds.pace_burst, bounds.pace_per_second, clock)
        self._bell = asyncio.Event()
        self._bytes = 0

    @property
    def rank(self) -> Rank:
        """What places what it does now among other chats'."""
        return Rank(unproved=not self.proved, spent=self.pace.spent)

    @property
    def was_heard_last(self) -> bool:
        """Whether the bot has said nothing since the person's last words, or nothing at all."""
        return not self.messages or next(reversed(self.messages.values())).mine

    @property
    def asks_for_file(self) -> bool:
        """Whether the newest message is one in which the bot asks for a file; a list beside the chat is passed over."""
        for message in reversed(self.messages.values()):
            markup = message.wire.get("reply_markup", {})
            if not markup.get("beside"):
                return not message.mine and bool(markup.get("file"))
        return False

    def bump(self) -> int:
        """Raise the version, wake the requests that wait, and return the new version."""
        self.seen = self._clock()
        self.ring()
        return self.version

    def ring(self) -> None:
        """Raise the version and wake the requests that wait, without counting as use of the chat."""
        self.version += 1
        self._bell.set()
        self._bell = asyncio.Event()

    async def wait_beyond(self, version: int, seconds: float) -> None:
        """Return as soon as the chat's version is above ``version``, or after ``seconds``.

        While it waits the chat has a watcher more; also a request that is cancelled is taken off again.
        """
        if self.version > version:
            return
        self.watchers += 1
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return
        finally:
            self.watchers -= 1

    def add(self, message: KeptMessage) -> None:
        """Show a message; the oldest ones leave memory, not the screen, when the bounds are reached.

        The newest one always stays, however long it is.
        """
        message.changed = self.bump()
        self.messages[message.wire["message_id"]] = message
        self._bytes += message.size
        self.trim()
        if not message.mine:
            self.typing_until = 0.0

    def trim(self) -> None:
        """Let the oldest messages go that are beyond what this chat may keep now."""
        while len(self.messages) > self._bounds.messages_per_chat or (
            self._bytes > self._share() and len(self.messages) > 1
        ):
            self._bytes -= self.messages.pop(next(iter(self.messages))).size

    def replace(self, message: KeptMessage, wire: JsonObject) -> None:
        """Change a message that is shown."""
        self._bytes -= message.size
        message.wire, message.chosen = wire, ""
        self._bytes += message.size
        message.changed = self.bump()

    def remove(self, message_id: int) -> KeptMessage | None:
        """Take a message off the screen, also one that only the page still remembers; return it if it was kept."""
        message = self.messages.pop(message_id, None)
        self.deleted.append((self.bump(), message_id, (message.client_id if message else None) or ""))
        self._bytes -= message.size if message else 0
        return message

    def notify(self, notice: JsonObject) -> None:
        """Tell the page something once, such as the answer to a tap."""
        self.notices.append((self.bump(), notice))

    def remember(self, client_id: str, made: Input) -> None:
        """Keep an input, so that its repetition does nothing.

        At most ``INPUTS_KEPT`` are kept, fewer while many chats are open, and 60 in any case; the oldest are forgotten
        first.
        """
        self.inputs[client_id] = made
        while len(self.inputs) > min(INPUTS_KEPT, max(_INPUTS, self._share() // _INPUT_BYTES)):
            self.inputs.popitem(last=False)

    def settle(self, client_id: str) -> None:
        """Note that the bot has taken one update of this input for good; the page is told when it has all of them."""
        made = self.inputs.get(client_id)
        if made is not None:
            made.open_updates -= 1
            if made.open_updates <= 0 and made.settled is None:
                made.settled = self.bump()
