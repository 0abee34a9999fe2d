"""What is to be sent to a chat in one go, what may wait, and which of several answers is still worth sending."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from flows.duty.retries import Outcome
from flows.values.screen import Screen
from handlers.telegram.languages import Translator
from storage.values import Address

#: What became of a notice, in the words of its policy.
Delivery: TypeAlias = Outcome


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
