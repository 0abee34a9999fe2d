"""Priorities where work is slow: slots for updates that are given back meanwhile, and a fair queue of key derivations.

A slot is given back while a key is derived and while an answer to the chat is put off.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, ParamSpec, TypeVar

from storage.values.errors import Crowded

_place: ContextVar[_Place | None] = ContextVar("place", default=None)

_P = ParamSpec("_P")
_T = TypeVar("_T")
Kind = Literal["unlock", "receipt"]

#: Derivations of each of the two kinds that never wait behind a guess, at once.
_OWN: Final = 2
#: Guesses that are derived at once; one while something is derived that is known to be somebody's own.
_GUESSES: Final = 2
#: Lines of each kind of guess, and guesses that wait in each.
_LINES: Final = 16
_EACH: Final = 2
#: Guesses that are answered at once: what follows them costs more than the turns of people who guess nothing.
_ANSWERED: Final = 4
#: A guess that is shed is told so after this many seconds: later than a right code, derived ahead, would be known.
SHED_AFTER: Final = 1.0
_GUESS_NICE: Final = 15  # of 19: beside what gives way to nobody, a guess gets a thirtieth of a core


@dataclass(frozen=True)
class _Place:
    room: asyncio.Semaphore
    task: asyncio.Task[object] | None
    ends: list[Callable[[], None]] = field(default_factory=list)


@dataclass
class Back:
    """How to return into a slot.

    With `behind` set, that semaphore is acquired first, and released when the slot is left.
    """

    behind: asyncio.Semaphore | None = None


@asynccontextmanager
async def in_slot(room: asyncio.Semaphore) -> AsyncIterator[None]:
    """Hold a slot of `room` for this block and this task; `outside_slot` within it gives the slot back for a while.

    The slot is given back however the block ends, also by cancellation. What `outside_slot` acquired on the way back,
    `Back.behind`, is released with it. Whoever is cancelled while waiting holds nothing.
    """
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
async def outside_slot() -> AsyncIterator[Back]:
    """Run this block without the slot of the enclosing `in_slot`, and acquire it again at the end.

    Without an enclosing slot, or in another task, it does nothing. The caller bounds how many blocks run so.
    """
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


def give_way(nice: int) -> None:
    """Lower the running thread's priority by `nice`, from 0 to 19 (setpriority(2)).

    It does nothing elsewhere than on Linux, where threads have a priority of their own, and nothing where it is
    refused.
    """
    if sys.platform == "linux":  # setpriority(2)
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


@dataclass(frozen=True, slots=True)
class QueuedGuess:
    """One guess in its line; `go` is None where its line was full.

    A guess that came while nothing was derived is `alone`: it begins at once, at normal priority. `began` is the event
    loop's time in seconds.
    """

    line: tuple[Kind, int]
    began: float
    go: asyncio.Future[None] | None
    alone: bool
    back: Back

    def mark_genuine(self) -> None:
        """Note that it was no guess: its answer does not wait for those of guesses."""
        self.back.behind = None

    async def come(self) -> None:
        """Wait for the turn of this guess.

        Raises:
            Crowded: Its line was full; told no sooner than `SHED_AFTER`.
        """
        if self.go is None:
            await asyncio.sleep(self.began + SHED_AFTER - asyncio.get_running_loop().time())
            raise Crowded
        await self.go


class Derivations:
    """Runs key derivations in threads; one instance for the process. It keeps no result."""

    def __init__(self) -> None:
        self._prompt = ThreadPoolExecutor(2 * _OWN + 1, "derive")
        self._of_guesses = ThreadPoolExecutor(_GUESSES, "guess", initializer=partial(give_way, _GUESS_NICE))
        self._leads = asyncio.Semaphore(_OWN)
        self._drawn = asyncio.Semaphore(_OWN)
        self._answering = asyncio.Semaphore(_ANSWERED)
        self._owned = 0
        self._guessed = 0
        self._lines: OrderedDict[tuple[Kind, int], deque[asyncio.Future[None]]] = OrderedDict()
        self._key = os.urandom(32)

    async def of_lead(self, work: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """Derive at once what is known to be a lead's own: session, chat, invite or right one-time code.

        The caller bounds how many; here at most two run at the same time. Errors and cancellation are as with
        `of_draw`.
        """
        async with outside_slot(), self._leads:
            return await self._own(partial(work, *args, **named))

    async def of_draw(self, work: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """Derive what Hark has drawn itself, or seal what is sent; at most two at the same time, ahead of guesses.

        It raises what `work` raises. A caller that is cancelled gets no result; a thread that has begun goes on.
        """
        async with outside_slot(), self._drawn:
            return await self._own(partial(work, *args, **named))

    @asynccontextmanager
    async def line(self, kind: Kind, whose: bytes) -> AsyncIterator[QueuedGuess]:
        """Queue one guess for the block; the lines of a kind take turns.

        At most two wait in each line; a further one is full from the start, and `QueuedGuess.come` tells it.

        Args:
            kind: What is guessed; unlocks and receipts have lines of their own.
            whose: The name that is meant, or who asks; a keyed hash of it chooses one of 16 lines. Names that exist and
                names that do not share the lines, so the length of a line tells nothing of a name.

        Yields:
            The turn, which ends with the block, also by cancellation: the next guess of any line goes then.
        """
        number = hmac.digest(self._key, whose, "sha256")[0] % _LINES
        async with outside_slot() as back:
            back.behind = self._answering
            turn = self._enter((kind, number), back)
            try:
                yield turn
            finally:
                self._leave(turn)

    async def guess(self, turn: QueuedGuess, work: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """Derive for a guess once its turn has come.

        Raises:
            Crowded: Its line was full; nothing was derived.
        """
        await turn.come()
        threads = self._prompt if turn.alone else self._of_guesses
        return await asyncio.get_running_loop().run_in_executor(threads, partial(work, *args, **named))

    def close(self) -> None:
        """Shut the threads down; what they derive now is finished, and its caller gets it.

        Whatever is to be derived later raises RuntimeError (`concurrent.futures.Executor.shutdown`).
        """
        self._prompt.shutdown(wait=False)
        self._of_guesses.shutdown(wait=False)

    async def _own(self, work: Callable[[], _T]) -> _T:
        self._owned += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._prompt, work)
        finally:
            self._owned -= 1
            self._let()

    def _enter(self, line: tuple[Kind, int], back: Back) -> QueuedGuess:
        loop = asyncio.get_running_loop()
        waiting = self._lines.setdefault(line, deque())
        if len(waiting) >= _EACH:
            return QueuedGuess(line, loop.time(), None, alone=False, back=back)
        alone = not self._guessed and not self._owned
        go: asyncio.Future[None] = loop.create_future()
        waiting.append(go)
        self._let()
        return QueuedGuess(line, loop.time(), go, alone, back)

    def _leave(self, turn: QueuedGuess) -> None:
        if turn.go is None:
            return
        waiting = self._lines.get(turn.line, ())
        if turn.go in waiting:  # given up before its turn
            self._lines[turn.line].remove(turn.go)
            if not waiting:
                del self._lines[turn.line]
        else:
            self._guessed -= 1
            self._let()

    def _let(self) -> None:
        """Let the first of each line go, line after line, as many as may."""
        while self._lines and self._guessed < (1 if self._owned else _GUESSES):
            line, waiting = self._lines.popitem(last=False)
            go = waiting.popleft()
            if waiting:
                self._lines[line] = waiting
            self._guessed += 1
            if not go.done():  # who was cancelled leaves in a moment
                go.set_result(None)
