"""Places for updates that are served at once, given to somebody else meanwhile: none waits for what another waits for.

That is while a key is derived (`derivations.py`), and while a chat has to hear what is put off for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class _Place:
    room: asyncio.Semaphore
    task: asyncio.Task[object] | None
    ends: list[Callable[[], None]] = field(default_factory=list)


@dataclass
class Back:
    """The way back to a place; one that is `behind` a semaphore holds a slot of it until the place is left."""

    behind: asyncio.Semaphore | None = None


_place: ContextVar[_Place | None] = ContextVar("place", default=None)


@asynccontextmanager
async def placed(room: asyncio.Semaphore) -> AsyncIterator[None]:
    """Take a place in `room` for this block and this task; who is `aside` within it gives the place away meanwhile."""
    async with room:
        place = _Place(room, asyncio.current_task())
        token = _place.set(place)
        try:
            yield
        finally:
            _place.reset(token)
            for end in place.ends:
                end()


@asynccontextmanager
async def aside() -> AsyncIterator[Back]:
    """Go through this block without holding a place that another update could have. The caller bounds how many do."""
    back = Back()
    place = _place.get()
    if place is None or place.task is not asyncio.current_task():  # tasks that it began have none of their own
        yield back
        return
    place.room.release()
    token = _place.set(None)  # given away once, also where a block within this one would give it away
    try:
        yield back
    finally:
        _place.reset(token)
        if back.behind is not None:
            await back.behind.acquire()
            place.ends.append(back.behind.release)
        await place.room.acquire()
