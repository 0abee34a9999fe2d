"""Hark as a program of its own, started and ended as an operator does it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 90.0  # seconds until the last line of the greeting, on a slow machine


@dataclass
class Program:
    """A running `python -m bot`; `said` is what it printed, `log` what it logged."""

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def told(self, name: str) -> str:
        """What stands behind `name:` on a line of its own."""
        return next(line.removeprefix(f"{name}: ") for line in self.said if line.startswith(f"{name}: "))

    async def ready(self) -> None:
        """Wait until it has said how to stop it."""
        async with asyncio.timeout(_PATIENCE):
            while not any("Ctrl-C" in line for line in self.said):
                if self.process.returncode is not None:
                    raise AssertionError("\n".join([*self.said, *self.log]))
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def program(command: str, folder: Path, settings: Mapping[str, str], *more: str) -> AsyncIterator[Program]:
    """Run `python -m bot COMMAND` on the data directory `folder`; it is ended with SIGTERM, and that in order."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HARK_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        command,
        *more,
        cwd=_ROOT,
        env={**environ, "PYTHONUNBUFFERED": "1", "HARK_DATA_DIR": str(folder), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    running = Program(process)
    readers = [
        asyncio.create_task(_read(process.stdout, running.said)),
        asyncio.create_task(_read(process.stderr, running.log)),
    ]
    try:
        await running.ready()
        yield running
    finally:
        asked = process.returncode is None
        if asked:
            process.terminate()
        await process.wait()
        await asyncio.gather(*readers)
    assert not asked or process.returncode == 0, "\n".join(running.log)


async def _read(stream: asyncio.StreamReader | None, lines: list[str]) -> None:
    assert stream is not None
    while line := await stream.readline():
        lines.append(line.decode().rstrip("\n"))
