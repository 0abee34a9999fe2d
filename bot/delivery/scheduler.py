"""The watch loop: what has to happen without anybody doing anything - deletions, curtains, notices, the broom.

Everything it does is safe to repeat; what fails is tried again at the next look, and never stops the others. What
speaks to a messenger goes on behind the loop if the messenger hangs, and is not begun again before it has ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from bot.delivery.checkpoint_relay import CheckpointRelay
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.outage_notice import OutageNotice
from bot.delivery.outbox_relay import OutboxRelay
from bot.monitoring.health import WATCH, Pulse
from flows.together.checkin import due_week
from handlers.dispatcher import Handlers
from handlers.telegram import failures
from storage.values import Address

log = logging.getLogger(__name__)

#: Seconds between two looks; a notice waits no longer than this for the loop.
EVERY: Final = 1.0
#: Seconds between two looks at who was suspended, by whichever process: every desk of theirs ends within one second.
_ENDS: Final = 0.25
#: Seconds that one look waits for a messenger; what takes longer goes on behind it.
_PATIENCE: Final = 1.0
#: Until a deletion that failed is tried again.
_AGAIN: Final = timedelta(minutes=1)
#: The broom needs no haste.
_BROOM_EVERY: Final = timedelta(minutes=1)


class Scheduler:
    """Looks at the clock for everybody; one for the process."""

    def __init__(
        self,
        handlers: Handlers,
        now: Callable[[], datetime],
        pulse: Pulse | None = None,
        checkpoints: CheckpointRelay | None = None,
    ) -> None:
        """Act through `handlers`; `now` gives aware UTC times; each look beats in `pulse`.

        `checkpoints` are handed out of the server, where somewhere is set for them.
        """
        self._checkpoints = checkpoints
        self._handlers = handlers
        self._store = handlers.deps.store
        self._now = now
        self._pulse = pulse or Pulse()
        self._outgoing = OutboxRelay(handlers)
        self._unkept = OutageNotice(handlers, now)
        self._heartbeat = Heartbeat(self._store, self._pulse, now)
        self._swept: datetime | None = None
        self._behind: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Look again and again, a second apart, until the task is cancelled.

        What is under way then is cancelled too, and is done again at the next start.
        """
        self._behind["suspended"] = asyncio.create_task(self._end_suspended())
        try:
            while True:
                await self.look()
                await asyncio.sleep(EVERY)
        finally:
            await self.end()

    async def end(self) -> None:
        """Leave unfinished work as it is; it is done again at the next start."""
        for task in list(self._behind.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._heartbeat.end()
        await self._outgoing.end()

    async def look(self) -> None:
        """Do everything that is due now.

        It raises nothing: what fails is in the log, and is tried again at the next look. What hangs at a messenger goes
        on behind, and is waited for a second only.
        """
        await self._patiently("curtains", self._handlers.desk.check_pin_locks)
        await self._patiently("deletions", self.delete_due)
        await self._patiently("troubles", self._unkept.look)
        await _spared(self._outgoing.look)
        self._begin("grants", self._handlers.desk.give_past_cases)
        self._begin("names", self._store.desk.names.index_opened)
        await _spared(self._sweep)
        self._pulse.beat(WATCH)

    async def _end_suspended(self) -> None:
        """End the desks of whoever was suspended, and empty their chats, whatever else hangs or is under way."""
        while True:
            await _spared(self._store.leads.end_shut_out)
            if self._handlers.desk.places.ended():
                self._begin("curtains", self._handlers.desk.check_pin_locks)
            await asyncio.sleep(_ENDS)

    async def delete_due(self) -> None:
        """Delete the messages whose time has come, also those of before a restart.

        What a messenger did not take is tried again until the day key of its row is destroyed; by then nothing can be
        deleted any more.

        Raises:
            Tampered: A row is not the one that was kept; none is deleted by this call.
            Unavailable: The database cannot be read or written; what was deleted already is tried again.
        """
        chats: defaultdict[Address, dict[int, int]] = defaultdict(dict)
        for due in await self._store.sent_messages.due():
            chats[due.address][due.id] = due.message_id
        for address, messages in chats.items():
            if await self._handlers.sender.forget(address, tuple(messages.values())):
                await self._store.sent_messages.deleted(tuple(messages))
            else:
                await self._store.sent_messages.postpone(tuple(messages), self._now() + _AGAIN)

    async def _sweep(self) -> None:
        now = self._now()
        if self._swept is None or not timedelta() <= now - self._swept < _BROOM_EVERY:
            await self._patiently("receipts", self._handlers.send_pending_receipts)
            await _spared(self._heartbeat.look)
            await self._store.notice_times.correct()
            await self._patiently("ladders", self._mend)
            await self._patiently("wraps", self._unseal)
            await self._store.alerts.clear_ladders()
            await self._patiently("reminders", self._remind)
            await self._patiently("letters", self._post)
            await self._patiently("check-ins", self._check_in)
            await self._store.watch.sweep()
            if self._checkpoints is not None:
                await self._patiently("checkpoints", self._checkpoints.look)
            self._swept = now

    async def _remind(self) -> None:
        await self._store.reminders.tell()
        await self._store.reminders.tell_unanswered()
        await self._store.reminders.tell_partners()

    async def _post(self) -> None:
        await self._store.postman.look()
        await self._store.postman.sweep()

    async def _check_in(self) -> None:
        """Tell the sites whose weekly check-in is due by their own clocks."""
        deps = self._handlers.deps
        for site in deps.sites.values():
            week = due_week(deps.hours_of(site.id), self._now())
            if week is not None:
                await self._store.together.checkins.tell(site.id, week)

    async def _unseal(self) -> None:
        if await self._store.wrap_removal.run():
            log.info("what was sealed for a lead who was suspended was taken away")

    async def _mend(self) -> None:
        if found := await self._store.recheck.look():
            log.warning("%d cases of which nobody was told are on the ladder again", found)
        if found := await self._store.kept_notices.look():
            log.warning("%d notices that were not in the outbox as they were written are there again", found)

    async def _patiently(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, and wait a moment for it; while it still goes on it is not begun again."""
        if (task := self._begin(name, work)) is not None:
            await asyncio.wait((task,), timeout=_PATIENCE)

    def _begin(self, name: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None] | None:
        """Begin `work` behind the loop; None while it still goes on."""
        if name in self._behind:
            return None
        task = self._behind[name] = asyncio.create_task(_spared(work))
        task.add_done_callback(lambda _: self._behind.pop(name, None))
        return task


async def _spared(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - one thing that fails must not keep the others from happening
        failures.log_error(error)
