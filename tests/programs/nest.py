"""Where the programs of the tests come from: a process that has loaded Hark once and is forked whole for each.

Loading takes 1.5 s of processor time and reading the conversations half a second, and a run starts hundreds.

A packet on standard input, which is a socket, starts one. It is a line of JSON: `module` and `arguments` as behind
`python -m`, and `environ`; with it come four descriptors: standard input, output and error, and a socket. On that one
`born PID` is told and, once the process is gone, `gone CODE`: its exit code, or below 0 the number of the signal. It
is reaped when the other side closes the socket: until then its number is nobody else's, and may be killed again.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import runpy
import socket
import ssl
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

from handlers.telegram.languages import load
from locales.compile import CATALOGUES
from tests.roots import context_maker

#: Bytes of the longest packet: an environment is some kilobytes.
LONGEST: Final = 128 * 1024
_DESCRIPTORS: Final = 4
#: What is imported only where it is used, and by most programs.
_LATE: Final = (
    "aiosqlite",
    "asyncpg",
    "alembic.command",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "storage.database.migrate",
    "storage.database.engines.postgresql",
    "storage.database.engines.sqlite",
)


def main() -> None:
    """Serve until standard input ends; programs that run then, run on."""
    _load()
    with socket.socket(fileno=os.dup(0)) as asked:
        while True:
            packet, given, _, _ = socket.recv_fds(asked, LONGEST, _DESCRIPTORS)
            _reap()
            if not packet:
                return
            if os.fork() == 0:
                asked.close()
                _keep(json.loads(packet), given)
            for descriptor in given:
                os.close(descriptor)


def _load() -> None:
    """Import and read what any program would, and look for no garbage among it, ever."""
    gc.disable()
    import_module("bot.updates.lazy_aiogram").import_aiogram()
    commands = import_module("bot.commands")
    for module in pkgutil.walk_packages(commands.__path__, "bot.commands."):
        import_module(module.name)
    for name in _LATE:
        import_module(name)
    _assemble_once(import_module("bot.wiring"))
    _read_once()
    gc.collect()
    gc.freeze()
    gc.enable()


def _read_once() -> None:
    """Read the certificates, and what Babel knows of our languages, which it keeps."""
    ssl.create_default_context = context_maker()
    for language in load(CATALOGUES, ZoneInfo("UTC")).values():
        str(language.locale.text_direction)


def _reap() -> None:
    """Let go of whoever kept a program that was let go of."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _assemble_once(wiring: Any) -> None:
    """Have each program take our conversations as they were read here, unless it lays something over them."""
    assemble, ours = wiring.assemble, wiring.read_definitions()
    flows = assemble(ours)
    wiring.assemble = lambda texts, over: flows if texts == ours and not over else assemble(texts, over)


def _keep(start: dict[str, Any], given: Sequence[int]) -> NoReturn:
    """Begin a program, and tell of it."""
    *streams, told = given
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _end(_be(start, streams))
    for stream in streams:
        os.close(stream)
    with suppress(OSError), socket.socket(fileno=told) as telling:  # whoever asked may be gone
        telling.send(f"born {pid}".encode())
        end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert end is not None
        telling.send(f"gone {end.si_status if end.si_code == os.CLD_EXITED else -end.si_status}".encode())
        telling.recv(1)
    os._exit(0)


def _be(start: dict[str, Any], streams: Sequence[int]) -> int:
    """Be the program, and give its exit code; an interrupt ends the interpreter, as anywhere."""
    os.environ.clear()
    os.environ.update(start["environ"])
    time.tzset()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    at_once = 1 if "PYTHONUNBUFFERED" in os.environ else -1
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", at_once, closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, errors="backslashreplace", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.argv = ["", *start["arguments"]]
    try:
        runpy.run_module(start["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    except Exception:  # noqa: BLE001 - told as the interpreter tells it
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        return 1
    return 0


def _end(code: int) -> NoReturn:
    """Do what the interpreter does at its end, but take nothing apart: that is most of a short program's time."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code & 0xFF)


if __name__ == "__main__":
    main()
