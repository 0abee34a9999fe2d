"""Programs that are measured from outside: started, watched through /proc, and ended by their own process id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 20  # seconds for an orderly end


@dataclass(frozen=True)
class Program:
    """A running program."""

    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Seconds of processor time so far, user and system, all threads."""
        after_name = self._proc("stat").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICKS

    def memory(self) -> float:
        """Resident memory now, in MiB."""
        line = next(one for one in self._proc("status").splitlines() if one.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text(encoding="ascii", errors="replace")


@contextmanager
def running(module: str, *arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[Program]:
    """`python -m module arguments`, ended when the block ends."""
    # What the bare bots say when the server goes before them would fill the screen.
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(_command(module, *arguments), cwd=ROOT, env=_env(settings), **quiet)
    try:
        yield Program(process)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        process.kill()
        process.wait()


def whole(*command: str, settings: Mapping[str, str] | None = None) -> float:
    """Seconds that a whole process takes, from start to end; how it ends is its own affair."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, env=_env(settings), capture_output=True, check=False)
    return time.perf_counter() - began


def told_by(code: str) -> str:
    """What a piece of Python prints in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    return done.stdout.decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _env(settings: Mapping[str, str] | None) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HARK_")}
    # Without compiled files every start would compile the whole program, which no user's start does.
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**ours, **(settings or {})}
