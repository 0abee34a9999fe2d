"""What is to be said to a chat in one go, what of it has to wait, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from flows.screens import Screen
from handlers.languages import Tongue
from storage.values import Address


@dataclass(frozen=True)
class Spoken:
    """What became of messages: their ids in order, whether all arrived, and whether the chat has blocked the bot."""

    messages: tuple[int, ...]
    delivered: bool
    blocked: bool = False

    @property
    def delivery(self) -> Delivery:
        """The same in a word."""
        if self.delivered:
            return "told"
        return "blocked" if self.blocked else "failed"


Delivery = Literal["told", "blocked", "failed"]
Then = Callable[[Spoken], Awaitable[None]]


async def nothing(_: Spoken) -> None:
    """What follows where nobody wants to know."""


@dataclass(frozen=True)
class Line:
    """What is to be said in one go."""

    chat: Address
    screens: tuple[Screen, ...]
    tongue: Tongue
    replace: int | None
    protect: bool
    urgent: bool
    then: Then


class Later(Exception):  # noqa: N818 - not an error: the rest of a line is to be said after a wait
    """What was `said` of `line` is followed by the rest after `seconds`; `tries` were made of it in vain."""

    def __init__(self, line: Line, said: list[int], seconds: float, tries: int) -> None:
        super().__init__("later")
        self.line = line
        self.said = said
        self.seconds = seconds
        self.tries = tries


class Unsaid(Exception):  # noqa: N818 - not an error
    """The rest of a line is not to be said any more."""


@dataclass
class Late:
    """What a chat is to hear yet, the first of it being said; all of it is urgent once something `urgent` is there.

    Nothing more of the first is said once that is `unsaid`.
    """

    lines: list[Line]
    urgent: bool = False
    unsaid: Line | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)
