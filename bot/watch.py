"""The watch loop: what has to happen without anybody doing anything - deletions, curtains, notices, the broom.

Everything it does is safe to repeat; what fails is tried again at the next look, and never stops the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from bot.operations.pulse import WATCH, Pulse
from bot.outgoing import Outgoing
from handlers import oops
from handlers.dispatcher import Handlers
from storage.values import Address

log = logging.getLogger(__name__)

#: Seconds between two looks; a notice waits no longer than this for the loop.
EVERY: Final = 1.0
#: The broom needs no haste.
_BROOM_EVERY: Final = timedelta(minutes=1)


class Watch:
    """Looks at the clock for everybody; one for the process."""

    def __init__(self, handlers: Handlers, now: Callable[[], datetime], pulse: Pulse | None = None) -> None:
        """Act through `handlers`; `now` gives aware UTC times; each look beats in `pulse`."""
        self._handlers = handlers
        self._store = handlers.deps.store
        self._now = now
        self._pulse = pulse or Pulse()
        self._outgoing = Outgoing(handlers)
        self._swept: datetime | None = None

    async def run(self) -> None:
        """Look for ever; ended by cancelling."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(EVERY)
        finally:
            await self._outgoing.end()

    async def look(self) -> None:
        """Do everything that is due now."""
        for work in (
            self._handlers.desk.look_round,
            self.delete_due,
            self._store.troubles.tell,
            self._outgoing.look,
            self._sweep,
        ):
            await _spared(work)
        self._pulse.beat(WATCH)

    async def delete_due(self) -> None:
        """Delete the messages whose time has come, also those of before a restart."""
        chats: defaultdict[Address, dict[int, int]] = defaultdict(dict)
        for due in await self._store.spoken.due():
            chats[due.address][due.id] = due.message_id
        for address, messages in chats.items():
            await self._handlers.mouth.forget(address, tuple(messages.values()))
            await self._store.spoken.deleted(tuple(messages))

    async def _sweep(self) -> None:
        now = self._now()
        if self._swept is None or not timedelta() <= now - self._swept < _BROOM_EVERY:
            await _spared(self._handlers.speak_unspoken)
            await self._store.outbox.set_right()
            await self._store.alerts.clear_ladders()
            await self._store.watch.sweep()
            self._swept = now


async def _spared(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - one thing that fails must not keep the others from happening
        oops.note(error)
