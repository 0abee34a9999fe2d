"""The one writer: merges the turns of many chats into one transaction, and answers each when it is on disk."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import instrumentation
from storage.database.apply import Link, apply, proof_of
from storage.database.engines.engine import Failure, engine_for
from storage.database.engines.kept_connections import KeptConnections
from storage.database.instrumentation import Failures
from storage.database.turn import Row, Turn
from storage.values.errors import Refusal, Unavailable, Undecided

_WAITING = 2_000  # turns; more wait in `commit`, so a flood cannot fill the memory
_BATCH = 200  # turns in one transaction
_TRAILING = 1_000  # rows that wait for a transaction to go along with
_TRAILS = 0.2  # seconds that they wait at most


@dataclass(frozen=True, slots=True)
class _Handed:
    turn: Turn
    done: asyncio.Future[None]


_Item: TypeAlias = "_Handed | None"


class _Busy(Unavailable):
    """Another process held the lock for as long as we wait."""


class _Overtaken(Unavailable):
    """Another process wrote in between: the same transaction may be taken now."""


#: After these a batch is not tried again turn by turn: nobody is made to wait for the lock twice, and of what may be
#: there already a second try would tell nothing.
_FINAL: Final = (_Busy, Undecided)
_REFUSALS: Final[Mapping[Failure, type[Unavailable]]] = {Failure.BUSY: _Busy, Failure.AGAIN: _Overtaken}


class Writer:
    """Takes turns from any task of one event loop. Started by `start`, drained and ended by `close`.

    `kept` hears of turns once they are on disk; it must not raise.
    """

    def __init__(self, engine: AsyncEngine, link: Link, wrote: Callable[[float, bool], None] | None = None) -> None:
        """Take an engine with a single connection, which nobody else writes through; `wrote`: see `Measures`.

        Raises:
            UnfitDatabase: The engine is of a database that Hark does not know (a bug).
        """
        self._kind = engine_for(engine.url)
        self._connections = KeptConnections(self._kind, engine)
        self.link = link
        self._queue: asyncio.Queue[_Item] = asyncio.Queue(_WAITING)
        self._held: deque[_Item] = deque()
        self._task: asyncio.Task[None] | None = None
        self._trailing: list[Row] = []
        self._flushing: asyncio.TimerHandle | None = None
        self._ended = False
        self._wrote = wrote
        self.kept: Callable[[Sequence[Turn]], None] = lambda _: None
        self.failures = Failures(self._kind.failure)
        self.transactions = 0

    def start(self) -> None:
        """Start the task that writes."""
        self._task = asyncio.create_task(self._write())

    async def commit(self, turn: Turn) -> None:
        """Commit a turn; when this returns it is on disk.

        A cancelled caller changes nothing: a turn that was handed over is still committed, whole.

        Raises:
            AlreadySeen: Its update was committed before; nothing was written.
            Conflict: A row is not as expected; nothing was written.
            Undecided: The connection to a server broke during the commit itself and did not come back within 5
                seconds: it was written, or nothing of it; a redelivery then tells by AlreadySeen.
            Unavailable: The database cannot be written, or the writer was closed. Nothing was written.
        """
        if self._task is None:
            raise Unavailable
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_look_at)
        await self._queue.put(_Handed(turn, done))
        if self._ended:
            self._refuse_waiting()
        await asyncio.shield(done)

    def later(self, *rows: Row) -> None:
        """Write rows with whatever is committed next, within 0.2 seconds; the caller does not wait.

        For what may be lost in a crash, as the ids of messages that were sent just before it. Where the database cannot
        be written they are lost too. None of them may depend on what another row holds.
        """
        self._trailing += rows[: _TRAILING - len(self._trailing)]
        if self._flushing is None and self._task is not None:
            self._flushing = asyncio.get_running_loop().call_later(_TRAILS, self._flush)

    async def settle(self) -> None:
        """Wait until the rows given to `later` are on disk.

        Raises:
            Unavailable: The database cannot be written.
        """
        if self._trailing:
            await self.commit(Turn(()))

    async def close(self) -> None:
        """Write what waits, then end; harmless the second time."""
        if self._task is None:
            return
        with suppress(Unavailable):
            await self.settle()
        task, self._task = self._task, None
        await self._queue.put(None)
        await task
        self._ended = True
        self._refuse_waiting()
        await self._connections.close()

    async def checkpoint(self) -> None:
        """Take removed rows out of the database's files, as far as it can; see `DatabaseEngine.erase_deleted`.

        Raises:
            Unavailable: The database cannot be written.
        """
        try:
            async with self._connections.lend() as engine:
                await self._kind.erase_deleted(engine)
        except self._kind.errors as error:
            self.failures.record(error)
            raise Unavailable from None

    async def _write(self) -> None:
        while (first := await self._first()) is not None:
            await self._write_batch(self._batch_from(first))

    async def _first(self) -> _Item:
        return self._held.popleft() if self._held else await self._queue.get()

    def _batch_from(self, first: _Handed) -> list[_Handed]:
        """Take the turns that wait behind the first, up to one that touches a row which an earlier one touches."""
        batch, touched = [first], set(first.turn.touched())
        while len(batch) < _BATCH and not self._queue.empty():
            item = self._queue.get_nowait()
            if item is None or not touched.isdisjoint(item.turn.touched()):
                self._held.append(item)
                break
            touched |= item.turn.touched()
            batch.append(item)
        return batch

    async def _write_batch(self, batch: Sequence[_Handed]) -> None:
        trailing, began = self._take_trailing(), time.monotonic()
        refusal = await self._transact([item.turn for item in batch] + trailing)
        again = refusal is not None and not isinstance(refusal, _FINAL)
        if again and trailing:  # a turn that is refused takes nothing along, and neither do rows that nobody waits for
            await self._transact(trailing)
            refusal = await self._transact([item.turn for item in batch])
            again = refusal is not None and not isinstance(refusal, _FINAL)
        if self._wrote is not None:
            self._wrote(time.monotonic() - began, not isinstance(refusal, Unavailable))
        if again and len(batch) > 1:  # one of them does not fit: each for itself then
            for item in batch:
                await self._write_batch([item])
            return
        for item in batch:
            _answer(item.done, refusal)

    async def _transact(self, turns: Sequence[Turn]) -> Exception | None:
        refusal = await self._try(turns)
        return await self._try(turns) if isinstance(refusal, _Overtaken) else refusal

    async def _try(self, turns: Sequence[Turn]) -> Exception | None:
        transaction = None
        try:
            async with self._connections.begin() as connection:
                instrumentation.reach("commit.begun")
                transaction = await connection.run_sync(apply, turns, self.link, self._kind)
                instrumentation.reach("commit.ready")
        except Refusal as refusal:
            return refusal
        except self._kind.errors as error:  # these may hold values: they end here
            self.failures.record(error)
            kept = transaction is not None and await self._is_kept(transaction, turns)
            if kept is None:
                return Undecided()
            if not kept:
                return _REFUSALS.get(self._kind.failure(error), Unavailable)()
        except Exception as bug:  # noqa: BLE001 - the turn that brought it about hears of it, and the next is written
            return bug
        instrumentation.reach("commit.done")
        self.transactions += 1
        self.kept(turns)
        return None

    async def _is_kept(self, transaction: str, turns: Sequence[Turn]) -> bool | None:
        return await self._kind.is_committed(self._connections.engine, transaction, proof_of(turns))

    def _take_trailing(self) -> list[Turn]:
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        rows, self._trailing = tuple(self._trailing), []
        return [Turn(rows)] if rows else []

    def _flush(self) -> None:
        self._flushing = None
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_look_at)
        with suppress(asyncio.QueueFull):  # then there is a transaction coming that takes them along
            self._queue.put_nowait(_Handed(Turn(()), done))

    def _refuse_waiting(self) -> None:
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if item is not None:
                _answer(item.done, Unavailable())


def _answer(done: asyncio.Future[None], refusal: Exception | None) -> None:
    if done.done():
        return
    if refusal is None:
        done.set_result(None)
    else:
        done.set_exception(refusal)


def _look_at(done: asyncio.Future[None]) -> None:
    """Look at the outcome, so that asyncio never logs one whose caller was cancelled."""
    if not done.cancelled():
        done.exception()
