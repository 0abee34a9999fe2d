"""Kills something at the first file that it touches, at the second, and so on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

#: What the interpreter tells of (PEP 578) that makes, opens, renames or removes a file.
_TOUCHES = frozenset({"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"})


def forked_until_one_ends(attempt: Callable[[int], object], every: int = 1) -> None:
    """Fork `attempt` with 1, 2 and so on, or each `every`-th number, until one comes to its end: the others are killed.

    Call it in a process of its own.
    """
    for number in count(1, every):
        pid = os.fork()
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
    touches = count(1)

    def touched(event: str, given: tuple[object, ...]) -> None:
        if event in _TOUCHES and given and str(given[0]).startswith(within) and next(touches) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touched)
