"""The one place that starts programs for the tests: Python's modules, in processes of their own.

Most are forked from a nest (`tests/programs/nest.py`), which this process begins when it first needs one. A few are
started cold, as a user's are: those that show how a start goes, or what a process holds in its memory.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Final

ROOT: Final = Path(__file__).parents[2]
_PATIENCE: Final = 240.0  # seconds that a command may take, on a slow machine
_ANSWER: Final = 64  # bytes of the longest word about a program


def hark(folder: Path, *arguments: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `hark ARGUMENTS` on the data directory `folder` to its end, with `typed` on its standard input."""
    return run_module("bot", *arguments, typed=typed, **{"HARK_DATA_DIR": str(folder), **environ})


def run_module(module: str, *arguments: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ARGUMENTS` to its end; it is cold where a setting of Python's own is given."""
    if any(name.startswith("PYTHON") for name in environ):
        command, env = [sys.executable, "-m", module, *arguments], surroundings(environ)
        return subprocess.run(
            command, input=typed, capture_output=True, text=True, cwd=ROOT, env=env, timeout=_PATIENCE, check=False
        )
    with TemporaryFile("w+") as reads, TemporaryFile() as said, TemporaryFile() as wrong:
        reads.write(typed)
        reads.seek(0)
        streams = [file.fileno() for file in (reads, said, wrong)]
        with begin(module, *arguments, environ=surroundings(environ), streams=streams) as telling:
            telling.settimeout(_PATIENCE)
            pid, code = _number(telling.recv(_ANSWER)), None
            try:
                code = _number(telling.recv(_ANSWER))
            finally:
                if code is None:
                    os.kill(pid, signal.SIGKILL)
        return subprocess.CompletedProcess([module, *arguments], code, _text(said), _text(wrong))


@cache
def modules_with(module: str) -> frozenset[str]:
    """Give the names of all modules that a new process has loaded once it has imported this one as the program does."""
    lightly = "from bot.updates.lazy_aiogram import import_aiogram; import_aiogram()"  # a second, not five
    code = f"{lightly}; import sys, {module}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return frozenset(said.stdout.split())


class Process:
    """A process out of the nest, used as one of `asyncio.subprocess`; `close` gives its number back."""

    def __init__(self, telling: socket.socket, pid: int) -> None:
        """Take what `start` gives."""
        self.pid = pid
        self.returncode: int | None = None
        self._telling = telling
        self._end = asyncio.create_task(self._see_it_go())

    async def wait(self) -> int:
        """Give the exit code, or below 0 the number of the signal, once it is gone."""
        return await asyncio.shield(self._end)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, which does nothing once it is gone."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end in an orderly way."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Give its number back, which is nobody else's until then; harmless the second time."""
        self._telling.close()

    async def _see_it_go(self) -> int:
        self.returncode = _number(await asyncio.get_running_loop().sock_recv(self._telling, _ANSWER))
        return self.returncode


async def start(module: str, *arguments: str, environ: Mapping[str, str], streams: Sequence[int]) -> Process:
    """Start `python -m MODULE ARGUMENTS` out of the nest; its environment is `environ` and nothing else.

    Args:
        module: By its name.
        arguments: Those behind it.
        environ: The whole environment.
        streams: The descriptors of its standard input, output and error, which are closed here.
    """
    telling = begin(module, *arguments, environ=environ, streams=streams)
    for stream in streams:
        os.close(stream)
    telling.setblocking(False)  # noqa: FBT003 - socket's own
    return Process(telling, _number(await asyncio.get_running_loop().sock_recv(telling, _ANSWER)))


def begin(module: str, *arguments: str, environ: Mapping[str, str], streams: Sequence[int]) -> socket.socket:
    """Have the nest start a program; give the socket on which is told of it, and waits for nothing."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asked = {"module": module, "arguments": arguments, "environ": dict(environ)}
    with its:
        socket.send_fds(_nest(), [json.dumps(asked).encode()], [*streams, its.fileno()])
    return ours


def surroundings(given: Mapping[str, str]) -> dict[str, str]:
    """Give this process's environment without Hark's settings, and with what is given."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HARK_")} | dict(given)


def _nest() -> socket.socket:
    with _ONE:
        return _begin_nest(os.getpid())


_ONE: Final = Lock()


@cache
def _begin_nest(_of: int) -> socket.socket:
    """Begin the nest of this process; whoever is forked from it has one of its own."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        nest = subprocess.Popen(
            [sys.executable, "-m", "tests.programs.nest"],
            stdin=its,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env=surroundings({}),
        )

    def end() -> None:
        ours.close()
        with suppress(KeyboardInterrupt):
            nest.wait()

    atexit.register(end)
    return ours


def _number(told: bytes) -> int:
    assert told, "the nest is gone"
    return int(told.split()[1])


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
