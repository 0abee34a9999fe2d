"""How fast Telegram lets a bot speak: a message a second in a chat, thirty a second over all, with short bursts.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. What is refused all the same
says with `retry_after` how long to wait, and that holds for its chat alone (`handlers/telegram/sender.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from flows.values.bounds import Rate, RateLimiter

_CHATS: Final = 5_000  # that are remembered; who was silent longest goes first
#: Urgent messages that go ahead before one goes that is not: nobody waits for ever.
_AHEAD: Final = 3


_CHAT: Final = Rate(1.0, 5)  # a turn may say three things, and a person answers within a second or two
_ALL: Final = Rate(30.0, 30)


class Rates:
    """Says when the next message may go: the urgent ones ahead of all that wait, each kind in the order it came.

    Whoever calls it bounds how many wait.
    """

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
        self._chats: RateLimiter[int] = RateLimiter(chat, _CHATS)
        self._overall: RateLimiter[None] = RateLimiter(overall, 1)
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._ahead = 0
        self._letting: asyncio.Task[None] | None = None

    @property
    def crowded(self) -> bool:
        """Whether a message would have to wait for those of other chats at this moment."""
        return self._letting is not None or self._overall.wait(None, self._clock()) > 0

    async def admit(self, chat: int, *, urgent: bool = False) -> None:
        """Wait until a message may go to a chat; an `urgent` one goes ahead of others' that are not.

        After three urgent ones one of the others goes, so that nobody waits for ever.
        """
        if (seconds := self._count(chat)) > 0:
            await self._wait(seconds)
        if not self.crowded:
            self._overall.take(None, self._clock())
            return
        await self._queue(chat, self._urgent if urgent else self._others)
        self._count(chat)  # it goes now, not when it came

    def hurry(self, chat: int) -> None:
        """Move what waits to go to a chat among the urgent messages: an urgent one is to follow it."""
        if (go := self._waiting.get(chat)) is not None:
            self._urgent.append(go)

    def _count(self, chat: int) -> float:
        """Count a message to a chat; gives how long the chat's own rate has it wait, in seconds."""
        now = self._clock()
        seconds = self._chats.wait(chat, now)
        self._chats.take(chat, now)
        return seconds

    async def _queue(self, chat: int, queue: deque[asyncio.Future[None]]) -> None:
        go = self._waiting[chat] = asyncio.get_running_loop().create_future()
        queue.append(go)
        if self._letting is None:
            self._letting = asyncio.create_task(self._let())
        try:
            await go
        finally:
            if self._waiting.get(chat) is go:
                del self._waiting[chat]

    async def _let(self) -> None:
        """Let go whoever waits, one after the other; one task for all, for as long as anybody waits."""
        try:
            while self._urgent or self._others:
                if (seconds := self._overall.wait(None, self._clock())) > 0:
                    await self._wait(seconds)
                if (go := self._first()) is not None:
                    self._overall.take(None, self._clock())
                    go.set_result(None)
        finally:
            self._letting = None

    def _first(self) -> asyncio.Future[None] | None:
        """Take whose turn it is out of those who wait; None if nobody does who has not gone, or given up."""
        while self._urgent or self._others:
            ahead = bool(self._urgent) and (self._ahead < _AHEAD or not self._others)
            go = (self._urgent if ahead else self._others).popleft()
            if not go.done():
                self._ahead = self._ahead + 1 if ahead else 0
                return go
        return None
