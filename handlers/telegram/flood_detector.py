"""What a flood may not do: who goes faster than a person writes gets one answer for many; bounded, in memory.

Also which updates this process has dealt with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flows.values.bounds import Bounded, Rate, RateLimiter
from flows.values.ids import Door
from handlers.telegram import failures
from storage.values import Address

#: Sources that are remembered; the one that was silent longest is forgotten first, and begins anew.
KEPT: Final = 10_000
#: Seconds that an answer waits for a newer one.
MOMENT: Final = 2.0
#: Chats whose answers wait at the same time; those of further ones are said at once.
MOST: Final = 1_000

Say = Callable[[], Awaitable[None]]


class FloodDetector:
    """Counts updates. It refuses nothing: it only tells where answers may be put together."""

    def __init__(self, source: Callable[[Address], bytes], now: Callable[[], datetime], rate: Rate) -> None:
        """`source` gives an address's mark of the day; `now` gives aware times."""
        self._source = source
        self._now = now
        # However long a flood was, it is over soon: what is beyond twice the burst is let off.
        self._limiter: RateLimiter[bytes] = RateLimiter(rate, KEPT, most=2 * rate.burst)

    def __len__(self) -> int:
        """How many sources are remembered."""
        return len(self._limiter)

    def note(self, address: Address) -> None:
        """Count one update.

        Raises:
            Unavailable: there is no day key; the update's own turn raises it too.
        """
        self._limiter.take(self._source(address), self._now().timestamp())

    def hurries(self, address: Address) -> bool:
        """Return whether the chat goes faster than its rate at this moment; a chat that is not remembered does not.

        Raises:
            Unavailable: There is no day key, and none can be written.
        """
        return self._limiter.exceeds(self._source(address))


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
        """Send this after two seconds, unless a newer answer comes: then only that one is sent.

        Where 1,000 chats wait already, or an answer of this chat is being sent, it is sent at once, after that one.

        Args:
            address: The chat.
            say: Sends; what it raises is in the log if it was put off, since nobody waits for it then.
        """
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
        """Send everything that waits now, for an orderly end.

        What cannot be sent is in the log, and nothing is raised.
        """
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


#: Updates that are remembered. The Bot API repeats the newest few hundred; marks on disk tell of all.


class RecentUpdates:
    """The newest updates, by door and number. A restart forgets them: then the marks of committed turns tell."""

    def __init__(self) -> None:
        self._taken: Bounded[tuple[Door, int], None] = Bounded(KEPT)

    def __contains__(self, update: tuple[Door, int]) -> bool:
        return update in self._taken

    def add(self, update: tuple[Door, int]) -> None:
        """Note that an update was dealt with."""
        self._taken.put(update, None)
