"""Notices on their way: several addressees at once, in order for each, and told on where they do not arrive.

A notice leaves the outbox once a messenger has taken it, so that it comes twice rather than never.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from handlers.dispatcher import Handlers
from handlers.telegram import failures
from handlers.telegram.sender import Wait
from storage.database import instrumentation
from storage.values import Notice

#: Reporters to whom something is being told at the same moment. Leads are few, and none waits for another.
AT_ONCE: Final = 16
#: Seconds that one look waits for what it began; what takes longer goes on behind it.
_LOOK: Final = 1.0
#: Seconds in which nobody is told again of whom it could not be kept that it was done: they may have heard it.
_REST: Final = 30.0


class OutboxRelay:
    """Takes what is due out of the outbox; one for the process. Cancel nothing of it but by `end`."""

    def __init__(self, handlers: Handlers, wait: Wait = asyncio.sleep) -> None:
        """Tell through `handlers`; `wait` takes seconds."""
        self._handlers = handlers
        self._store = handlers.deps.store
        self._wait = wait
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._reporters: set[str] = set()

    async def look(self) -> None:
        """Begin to send everything that is due, and wait a moment for it.

        Raises:
            Unavailable, Tampered: as the store does; what has begun goes on.
        """
        begun = []
        while notice := await self._store.outbox.next(self._under_way.keys(), leads_only=self._full()):
            begun.append(self._begin(notice))
        if begun:
            await asyncio.wait(begun, timeout=_LOOK)

    async def end(self) -> None:
        """Leave unfinished notices as they are; they are sent again at the next start."""
        for task in list(self._under_way.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _full(self) -> bool:
        return len(self._reporters) >= AT_ONCE

    def _begin(self, notice: Notice) -> asyncio.Task[None]:
        task = asyncio.create_task(self._tell(notice))
        self._under_way[notice.addressee] = task
        if notice.lead is None:
            self._reporters.add(notice.addressee)
        task.add_done_callback(lambda _: self._ended(notice.addressee))
        return task

    def _ended(self, addressee: str) -> None:
        self._under_way.pop(addressee, None)
        self._reporters.discard(addressee)

    async def _tell(self, notice: Notice) -> None:
        try:
            instrumentation.reach("notice.begun")
            delivery = await self._handlers.notify(notice)
            if delivery == "delivered":
                instrumentation.reach("notice.told")
                in_vain = await self._store.outbox.done(notice)
                if in_vain:
                    await self._store.alerts.note("ladder_end", only=in_vain)
                return
            for told in await self._store.outbox.mark_undelivered(notice, blocked=delivery == "blocked"):
                await self._store.alerts.note("undelivered", only=told)
        except Exception as error:  # noqa: BLE001 - one notice that fails must not keep the others from being told
            failures.log_error(error)
            await self._wait(_REST)
