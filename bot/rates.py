"""How fast Telegram lets a bot speak: a message a second in a chat, thirty a second over all, with short bursts.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. What is refused all the same
says with `retry_after` how long to wait, and that holds for its chat alone (`handlers/speak.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

#: Calls that put a message into a chat, or change one.
MESSAGES: Final = frozenset({"sendMessage", "sendPhoto", "sendDocument", "editMessageText"})
_CHATS: Final = 5_000  # that are remembered; who was silent longest goes first


@dataclass(frozen=True)
class Rate:
    """So many a second, and so many at once."""

    per_second: float
    burst: int


_CHAT: Final = Rate(1.0, 5)  # a turn may say three things, and a person answers within a second or two
_ALL: Final = Rate(30.0, 30)


class Rates:
    """Says when the next message may go; each call takes its place, so nobody overtakes within a chat."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        chat: Rate = _CHAT,
        overall: Rate = _ALL,
    ) -> None:
        """`clock` gives seconds that never go back, `wait` takes seconds."""
        self._clock = clock
        self._wait = wait
        self._chat = chat
        self._overall = overall
        self._next = 0.0
        self._chats: OrderedDict[int, float] = OrderedDict()

    async def admit(self, chat: int) -> None:
        """Wait until a message may go to a chat."""
        now = self._clock()
        own, mine = _place(self._chats.get(chat, 0.0), now, self._chat)
        self._next, all_ = _place(self._next, now, self._overall)
        self._chats[chat] = own
        self._chats.move_to_end(chat)
        if len(self._chats) > _CHATS:
            self._chats.popitem(last=False)
        if (seconds := max(mine, all_)) > 0:
            await self._wait(seconds)


def _place(before: float, now: float, rate: Rate) -> tuple[float, float]:
    """Give when the place after this one is, and how long this one has to wait (the generic cell rate algorithm)."""
    after = max(before, now) + 1 / rate.per_second
    return after, after - now - rate.burst / rate.per_second
