"""The fetch loop: takes raw updates from each door, hands them to the chat queues, confirms what is committed.

An update is confirmed only once its queue is done with it, so after a crash it comes again. Slow updates delay no
others: while they run, newer ones are fetched, up to the hundred that one answer holds.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from bot.monitoring.health import Pulse, answered, contested
from bot.updates.chat_queues import ChatQueues, Raw
from bot.updates.polling import LIMIT, Poll, Refused, Trouble
from flows.values.bounds import backoff
from handlers.telegram.failures import place_of
from storage.database import instrumentation

log = logging.getLogger(__name__)
_T = TypeVar("_T")
#: How long Telegram keeps updates that nobody fetches, in seconds.
KEPT: Final = 24 * 3600
#: Given the number of failures in a row (from 1), how many seconds to wait.
Backoff: TypeAlias = Callable[[int], float]


def full_jitter(failures: int) -> float:
    """Return a random wait of 0.1 s up to 1 s after the first failure, doubled with each, at most 30 s.

    Random waits keep many clients from coming back together. Source: "Exponential Backoff And Jitter", AWS, 2015.
    """
    return random.uniform(0.1, backoff(failures, 1.0, 30.0))  # noqa: S311 - spreads load, guards nothing


@dataclass(frozen=True)
class Pace:
    """How long things take, in seconds: the long poll, finishing and confirming at the end, a slow turn, a conflict."""

    poll: int = 50
    drain: float = 15.0
    confirm: float = 5.0
    slow: float = 0.1
    conflict: float = 5.0
    backoff: Backoff = full_jitter


class Fetcher:
    """Fetches for one door until told to stop; `door` is its name in logs. Each answer beats in `pulse`.

    While `ahead` is set, something waits at the door that is fetched before what is under way is done.
    """

    def __init__(
        self,
        door: str,
        poll: Poll,
        chat_queues: ChatQueues,
        pace: Pace | None = None,
        pulse: Pulse | None = None,
        ahead: asyncio.Event | None = None,
    ) -> None:
        self._door = door
        self._poll = poll
        self._chat_queues = chat_queues
        self._pace = pace or Pace()
        self._pulse = pulse or Pulse()
        self._ahead = ahead or asyncio.Event()
        self._running: dict[int, asyncio.Future[None]] = {}
        self._handed_out: list[int] = []
        self._failures = 0
        self._freed = False
        self._answered = time.monotonic()

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch until `stop` is set; then finish what is under way, within bounds, and confirm it.

        Raises:
            Refused: the token is not good. What was under way is finished first.
        """
        self._pulse.beat(self._door)
        try:
            while not stop.is_set():
                await self._once(stop)
        finally:
            await self._end()

    async def _once(self, stop: asyncio.Event) -> None:
        seconds = 0 if self._open() else self._pace.poll
        try:
            updates = await _unless(stop, self._updates(seconds))
            if updates is None:
                return
            self._recovered()
            self._begin(updates)
            await self._settle(stop)
        except Trouble as trouble:
            await self._wait_out(trouble, stop)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end fetching: nobody would be heard any more
            await self._wait_out(Trouble(place_of(error)), stop)

    async def _updates(self, seconds: int) -> list[Raw]:
        offset = self._offset()
        if offset is not None:
            instrumentation.reach("fetch.confirming")
        updates = await self._poll.updates(offset, seconds)
        if offset is not None:
            instrumentation.reach("fetch.confirmed")
        if updates:
            instrumentation.reach("fetch.given")
        return updates

    def _begin(self, updates: list[Raw]) -> None:
        # By their numbers, in whatever order they came: the offset confirms everything below it.
        given = {number: raw for raw in updates if (number := _number(raw)) is not None}
        numbered = {number: given[number] for number in sorted(given)}
        if lacking := sum(_number(raw) is None for raw in updates):
            log.error("%s: updates without a number cannot be taken: %d", self._door, lacking)
            if not numbered:
                raise Trouble("updates without numbers")
        self._handed_out = list(numbered)
        self._running = {number: task for number, task in self._running.items() if number in numbered}
        for number, raw in numbered.items():
            if number not in self._running:
                self._running[number] = self._chat_queues.put(raw)

    async def _settle(self, stop: asyncio.Event) -> None:
        """Wait until all of the last answer is committed; not for long, so that newer updates are not held up."""
        tasks = self._open()
        if tasks:
            full = len(tasks) >= LIMIT
            enough = asyncio.FIRST_COMPLETED if full else asyncio.ALL_COMPLETED
            done = asyncio.wait(tasks, timeout=None if full else self._pace.slow, return_when=enough)
            await _unless(stop, done if full else _unless(self._ahead, done))
        failed = [number for number, task in self._running.items() if task.done() and not _went_well(task)]
        for number in failed:
            del self._running[number]
        if failed:
            raise Trouble("updates could be neither stored nor set aside")

    def _open(self) -> list[asyncio.Future[None]]:
        return [task for task in self._running.values() if not task.done()]

    def _offset(self) -> int | None:
        """The first number that is not committed; None if there is nothing to confirm.

        Without need none is sent, since after a quiet week Telegram's numbers may go on below the last one.
        """
        for number in self._handed_out:
            task = self._running.get(number)
            if task is None or not task.done() or not _went_well(task):
                return number
        return self._handed_out[-1] + 1 if self._handed_out else None

    def _recovered(self) -> None:
        if self._failures:
            log.warning("%s: the Bot API answers again after %d failures", self._door, self._failures)
        away = time.monotonic() - self._answered
        if away > KEPT:
            log.critical("%s: nothing was heard for %d hours: what is older than 24 is lost", self._door, away // 3600)
        self._failures = 0
        self._answered = time.monotonic()
        self._pulse.beat(self._door)
        self._pulse.beat(answered(self._door))

    async def _wait_out(self, trouble: Trouble, stop: asyncio.Event) -> None:
        self._failures += 1
        seconds = trouble.seconds if trouble.seconds is not None else self._pace.backoff(self._failures)
        if trouble.what == "conflict":
            seconds = max(seconds, self._pace.conflict)
            await self._contested()
        else:
            log.warning("%s: %s; trying again in %.1f s", self._door, trouble.what, seconds)
        await _unless(stop, asyncio.sleep(seconds))

    async def _contested(self) -> None:
        """Take away the webhook that may be the reason. Where that was done before, somebody else has the token."""
        if self._freed:
            self._pulse.beat(contested(self._door))
            log.error("%s: somebody else fetches with this token; going on trying", self._door)
        else:
            log.warning("%s: a webhook is set, or somebody else fetches: the webhook is taken away", self._door)
        try:
            await self._poll.without_webhook()
            self._freed = True
        except Trouble as trouble:
            log.warning("%s: a webhook could not be taken away: %s", self._door, trouble.what)

    async def _end(self) -> None:
        if not await self._chat_queues.drain(self._pace.drain):
            log.error("%s: not everything was finished in time; it will be delivered again", self._door)
        if self._offset() is None:
            return
        try:
            async with asyncio.timeout(self._pace.confirm):
                await self._updates(0)
        except (Trouble, Refused, TimeoutError):
            log.warning("%s: the last updates could not be confirmed; they will come again and be known", self._door)


async def drive(fetchers: Sequence[Fetcher], stop: asyncio.Event) -> None:
    """Run every fetcher until `stop`. A door whose token is refused is left, and the others go on.

    Raises:
        Refused: every door's token is refused; the first door's error.
    """
    ended = await asyncio.gather(*(_kept_apart(fetcher, stop) for fetcher in fetchers))
    refused = [error for error in ended if error is not None]
    if refused and len(refused) == len(fetchers):
        raise refused[0]


async def _kept_apart(fetcher: Fetcher, stop: asyncio.Event) -> Refused | None:
    try:
        await fetcher.run(stop)
    except Refused as refused:
        log.critical("a token is refused: %s", refused)
        return refused
    return None


async def _unless(stop: asyncio.Event, work: Awaitable[_T]) -> _T | None:
    """What `work` gives, or None as soon as `stop` is set; then the work is given up."""
    ours = asyncio.ensure_future(work)
    told = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({ours, told}, return_when=asyncio.FIRST_COMPLETED)
        return ours.result() if ours.done() else None
    finally:
        told.cancel()
        if not ours.done():
            ours.cancel()
            await asyncio.wait({ours})


def _went_well(task: asyncio.Future[None]) -> bool:
    return not task.cancelled() and task.exception() is None


def _number(raw: Raw) -> int | None:
    number = raw.get("update_id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None
