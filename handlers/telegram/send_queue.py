"""What is to be sent to a chat in one go, what may wait, and which of several answers is still worth sending."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from flows.cases.retries import Outcome
from flows.values.screen import Screen
from handlers.telegram import failures
from handlers.telegram.languages import Translator
from storage.values import Address

#: What became of a notice, in the words of its policy.
Delivery: TypeAlias = Outcome

#: Seconds that an answer waits for a newer one.
MOMENT: Final = 2.0
#: Chats whose answers wait at the same time; those of further ones are said at once.
MOST: Final = 1_000

Say = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class SentMessage:
    """What became of messages: their ids in order, whether all arrived, and whether the chat has blocked the bot."""

    messages: tuple[int, ...]
    delivered: bool
    blocked: bool = False

    @property
    def delivery(self) -> Delivery:
        """The same in a word."""
        if self.delivered:
            return "delivered"
        return "blocked" if self.blocked else "failed"


Then = Callable[[SentMessage], Awaitable[None]]


async def nothing(_: SentMessage) -> None:
    """Do nothing after a message was sent."""


@dataclass(frozen=True)
class OutgoingMessage:
    """Screens that are sent to one chat in one go."""

    chat: Address
    screens: tuple[Screen, ...]
    translator: Translator
    replace: int | None
    protect: bool
    urgent: bool
    then: Then


class Postponed(Exception):  # noqa: N818 - not an error: the rest of a line is to be said after a wait
    """The rest of `line` after the message ids `said` is sent after `seconds`; `tries` attempts have failed."""

    def __init__(self, line: OutgoingMessage, said: list[int], seconds: float, tries: int) -> None:
        super().__init__("later")
        self.line = line
        self.said = said
        self.seconds = seconds
        self.tries = tries


class Cancelled(Exception):  # noqa: N818 - not an error
    """The rest of a line is not sent any more."""


@dataclass
class ChatBacklog:
    """What still has to be sent to a chat, the first of it under way; all is urgent once one of it is `urgent`.

    The rest of the first one is not sent if it is `unsaid`.
    """

    lines: list[OutgoingMessage]
    urgent: bool = False
    unsaid: OutgoingMessage | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)


@dataclass
class _Held:
    """The newest answer of a chat, None while it is said; and the task that says it."""

    say: Say | None
    task: asyncio.Task[None] | None = None


class Debouncer:
    """Holds back one answer a chat, so that only the newest is sent. The turns of all are committed long before."""

    def __init__(self, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """`wait` takes seconds."""
        self._wait = wait
        self._held: dict[Address, _Held] = {}

    async def later(self, address: Address, say: Say) -> None:
        """Send this after `MOMENT` seconds, unless a newer answer comes: then only that one is sent."""
        held = self._held.get(address)
        if held is not None and held.say is not None:
            held.say = say
        elif held is not None or len(self._held) >= MOST:
            await self.cancel_pending(address)
            await say()
        else:
            held = self._held[address] = _Held(say)
            held.task = asyncio.create_task(self._say(address, held, MOMENT))

    async def cancel_pending(self, address: Address) -> None:
        """Drop the answer that waits for the chat; one that is being sent is waited for."""
        held = self._held.get(address)
        if held is None or held.task is None:
            return
        if held.say is not None:
            held.task.cancel()
            self._held.pop(address, None)
        else:
            await asyncio.wait([held.task])

    async def finish(self) -> None:
        """Send everything that waits now, for an orderly end."""
        waiting = [(address, held) for address, held in self._held.items() if held.say is not None]
        for address, held in waiting:
            await self.cancel_pending(address)
            await self._say(address, held, 0)

    async def _say(self, address: Address, held: _Held, seconds: float) -> None:
        if seconds:
            await self._wait(seconds)
        say, held.say = held.say, None
        try:
            if say is not None:
                await say()
        except Exception as error:  # noqa: BLE001 - the turns are committed, and nobody waits for this
            failures.log_error(error)
        finally:
            if self._held.get(address) is held:
                del self._held[address]
