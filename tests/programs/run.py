"""Hark as a program of its own that runs, started and ended as an operator does it."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.programs.start import ROOT, Process, start, surroundings

_PATIENCE = 90.0  # seconds until the last line of the greeting, on a slow machine


@dataclass
class Program:
    """A running `python -m bot`; `said` is what it printed, `log` what it logged."""

    process: asyncio.subprocess.Process | Process
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
async def program(
    command: str, folder: Path, settings: Mapping[str, str], *more: str, cold: bool = False
) -> AsyncIterator[Program]:
    """Run `python -m bot COMMAND` on the data directory `folder`; it is ended with SIGTERM, and that in order.

    It comes out of the nest, unless its start, or what is in its memory, is what a test is about: then it is `cold`.
    """
    environ = surroundings({"PYTHONUNBUFFERED": "1", "HARK_DATA_DIR": str(folder), **settings})
    process, *streams = await (_begin_cold if cold else _begin)(command, *more, environ=environ)
    running = Program(process)
    reading = [
        asyncio.create_task(_read(stream, lines))
        for stream, lines in zip(streams, (running.said, running.log), strict=True)
    ]
    try:
        await running.ready()
        yield running
    finally:
        asked = process.returncode is None
        if asked:
            process.terminate()
        await process.wait()
        await asyncio.gather(*reading)
        if isinstance(process, Process):
            process.close()
    assert not asked or process.returncode == 0, "\n".join(running.log)


async def _begin_cold(
    *arguments: str, environ: Mapping[str, str]
) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader, asyncio.StreamReader]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=environ, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    return process, process.stdout, process.stderr


async def _begin(
    *arguments: str, environ: Mapping[str, str]
) -> tuple[Process, asyncio.StreamReader, asyncio.StreamReader]:
    (said, says), (logged, logs) = os.pipe(), os.pipe()
    nothing = os.open(os.devnull, os.O_RDONLY)
    process = await start("bot", *arguments, environ=environ, streams=(nothing, says, logs))
    return process, await _stream(said), await _stream(logged)


async def _stream(pipe: int) -> asyncio.StreamReader:
    stream, loop = asyncio.StreamReader(), asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb", buffering=0))
    return stream


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode().rstrip("\n"))
