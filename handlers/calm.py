"""Answers that may wait: to a chat that hurries the newest one is said after a moment, instead of each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from handlers import oops
from storage.values import Address

#: Seconds that an answer waits for a newer one.
MOMENT: Final = 2.0
#: Chats whose answers wait at the same time; those of further ones are said at once.
MOST: Final = 1_000

Say = Callable[[], Awaitable[None]]


@dataclass
class _Held:
    """The newest answer of a chat, None while it is said; and the task that says it."""

    say: Say | None
    task: asyncio.Task[None] | None = None


class Calm:
    """What waits to be said, one answer a chat. What is said is committed long before."""

    def __init__(self, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """`wait` takes seconds."""
        self._wait = wait
        self._held: dict[Address, _Held] = {}

    async def later(self, address: Address, say: Say) -> None:
        """Say this after a moment, unless a newer answer comes: then only that one."""
        held = self._held.get(address)
        if held is not None and held.say is not None:
            held.say = say
        elif held is not None or len(self._held) >= MOST:
            await self.still(address)
            await say()
        else:
            held = self._held[address] = _Held(say)
            held.task = asyncio.create_task(self._say(address, held, MOMENT))

    async def still(self, address: Address) -> None:
        """Say nothing any more of what waits for the chat; what is just being said is waited for."""
        held = self._held.get(address)
        if held is None or held.task is None:
            return
        if held.say is not None:
            held.task.cancel()
            self._held.pop(address, None)
        else:
            await asyncio.wait([held.task])

    async def finish(self) -> None:
        """Say everything that waits now, for an orderly end."""
        waiting = [(address, held) for address, held in self._held.items() if held.say is not None]
        for address, held in waiting:
            await self.still(address)
            await self._say(address, held, 0)

    async def _say(self, address: Address, held: _Held, seconds: float) -> None:
        if seconds:
            await self._wait(seconds)
        say, held.say = held.say, None
        try:
            if say is not None:
                await say()
        except Exception as error:  # noqa: BLE001 - the turns are committed, and nobody waits for this
            oops.note(error)
        finally:
            if self._held.get(address) is held:
                del self._held[address]
