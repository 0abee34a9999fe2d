"""Notices on their way: several addressees at once, in order for each, and told on where they do not arrive.

A notice leaves the outbox once a messenger has taken it, so that it comes twice rather than never.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from handlers import oops
from handlers.dispatcher import Handlers
from storage import failpoints
from storage.values import Notice

#: Addressees to whom something is being told at the same moment.
AT_ONCE: Final = 16
#: Seconds that one look waits for what it began; what takes longer goes on behind it.
_LOOK: Final = 1.0


class Outgoing:
    """Takes what is due out of the outbox; one for the process. Cancel nothing of it but by `end`."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._store = handlers.deps.store
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def look(self) -> None:
        """Begin to tell everything that is due, and wait a moment for it.

        Raises:
            Unavailable, Tampered: as the store does; what has begun goes on.
        """
        begun = []
        while len(self._under_way) < AT_ONCE:
            notice = await self._store.outbox.next(self._under_way.keys())
            if notice is None:
                break
            begun.append(self._begin(notice))
        if begun:
            await asyncio.wait(begun, timeout=_LOOK)

    async def end(self) -> None:
        """Leave what is under way where it is; it is told again at the next start."""
        for task in list(self._under_way.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _begin(self, notice: Notice) -> asyncio.Task[None]:
        task = asyncio.create_task(self._tell(notice))
        self._under_way[notice.addressee] = task
        task.add_done_callback(lambda _: self._under_way.pop(notice.addressee, None))
        return task

    async def _tell(self, notice: Notice) -> None:
        try:
            failpoints.reach("notice.begun")
            delivery = await self._handlers.notify(notice)
            if delivery == "told":
                failpoints.reach("notice.told")
                in_vain = await self._store.outbox.done(notice)
                if in_vain:
                    await self._store.alerts.note("ladder_end", only=in_vain)
                return
            given_up = await self._store.outbox.passed_over(notice, blocked=delivery == "blocked")
            if given_up:
                await self._store.alerts.note("undelivered", only=given_up)
        except Exception as error:  # noqa: BLE001 - one notice that fails must not keep the others from being told
            oops.note(error)
