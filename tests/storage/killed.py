"""Kills something at its first failpoint or at the first file that it touches, at the second, and so on."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Iterable
from itertools import count
from pathlib import Path
from typing import TypeVar

#: What is known of a school that somebody made.
Known = TypeVar("Known")

#: What the interpreter tells of (PEP 578) that makes, opens, renames or removes a file.
_TOUCHES = frozenset({"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"})
_THREADS = Path("/proc/self/task")  # those of the system, some of which Python knows no more (Linux)
_ENDING = 1.0  # seconds in which such a one is gone


def killing_at(number: int) -> Callable[..., None]:
    """Give what kills this process the `number`-th time that it is called, with whatever."""
    calls = count(1)

    def call(*_: object) -> None:
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return call


def a_school_for_each_kill(
    folder: Path,
    prepare: Callable[[Path], Coroutine[object, object, Known]],
    ways: Iterable[str],
    attempt: Callable[[Path, Known, str, int], Coroutine[object, object, None]],
    written: Callable[[Known], object] = lambda known: known,
    every: int = 1,
) -> None:
    """Leave a school for each kill, `WAY-NUMBER`, and one for each way that came to its end. Call it as above.

    Args:
        folder: Where they are left, with what is known of the first one as JSON in `known`.
        prepare: Makes that, from which all others are copied.
        ways: What is done.
        attempt: Does it in a school, and dies at the failpoint of that number.
        written: Gives what is known as it is written.
        every: How far apart the failpoints are, counted from the first.
    """
    first = folder / "first"
    first.mkdir()
    known = asyncio.run(prepare(first))
    (folder / "known").write_text(json.dumps(written(known)))
    for how in ways:

        def attempted(number: int, how: str = how) -> None:
            asyncio.run(attempt(Path(shutil.copytree(first, folder / f"{how}-{number}")), known, how, number))

        forked_until_one_ends(attempted, every)


def fork_alone() -> int:
    """Fork as `os.fork` does, once threads that have ended are gone.

    Each takes a lock of OpenSSL's on its way out. Whoever is forked meanwhile never gets it, and waits for ever with
    the first thread of its own that seals or opens.
    """
    until = time.monotonic() + _ENDING
    while len(list(_THREADS.iterdir())) > threading.active_count() and time.monotonic() < until:
        time.sleep(0.001)
    return os.fork()


def forked_until_one_ends(attempt: Callable[[int], object], every: int = 1) -> None:
    """Fork `attempt` with 1, 2 and so on, or each `every`-th number, until one comes to its end: the others are killed.

    Call it in a process of its own.
    """
    for number in count(1, every):
        pid = fork_alone()
        if pid == 0:
            attempt(number)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return
        assert code == -signal.SIGKILL, code


def killed_at_every_touch(attempt: Callable[[Path], None], folder: Path, every: int = 1) -> None:
    """Fork `attempt` for each touch, or each `every`-th, that there is, and once more, when it comes to its end.

    Each is given a path of its own in `folder`, whose name is the number of the touch. Call it in a process of its own.
    """

    def touching(number: int) -> None:
        to = folder / str(number)
        _kill_at(number, str(to))
        attempt(to)

    forked_until_one_ends(touching, every)


def _kill_at(number: int, within: str) -> None:
    sys.addaudithook(on_touch(killing_at(number), within))


def on_touch(
    call: Callable[[], None], within: str, touches: Collection[str] = _TOUCHES
) -> Callable[[str, tuple[object, ...]], None]:
    """Give an audit hook that calls `call` for each file below `within` that is touched."""

    def touched(event: str, given: tuple[object, ...]) -> None:
        if event in touches and given and str(given[0]).startswith(within):
            call()

    return touched
