"""Starts the child that draws, gives it one drawing and takes what it made; all that Hark itself loads of drawing."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.drawing.wire import write_drawing
from flows.measures.charts import Drawing, NotDrawn

#: Seconds by the clock, behind the five of processor time that the child gives itself.
PATIENCE: Final = 60.0
#: Bytes that a drawing may come to.
MOST: Final = 20 * 1024 * 1024
_ROOT: Final = Path(__file__).parents[2]
#: `-I` takes no folder from outside, so the one of the program is given by itself.
_BEGIN: Final = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop()); runpy.run_module('bot.drawing', None, '__main__')"
)
_COMMAND: Final = (sys.executable, "-I", "-B", "-c", _BEGIN)


class Drawer:
    """Draws one thing at a time: what waits costs no memory, and a picture takes a second."""

    def __init__(self, patience: float = PATIENCE) -> None:
        """Take that many seconds by the clock for each."""
        self._patience = patience
        self._turns = asyncio.Semaphore(1)

    async def draw(self, drawing: Drawing) -> bytes:
        """Draw it in a process of its own, which ends with it.

        Args:
            drawing: What; it goes through a pipe and stands in no file, no argument and no environment.

        Returns:
            A PNG, an SVG, a PDF, or a new JPEG.

        Raises:
            NotDrawn: It took too long or too much memory, is too large, or cannot be drawn; nothing is left of it.
        """
        async with self._turns:
            return await _drawn(write_drawing(drawing), self._patience)


async def _drawn(told: bytes, patience: float) -> bytes:
    try:
        child = await asyncio.create_subprocess_exec(
            *_COMMAND, str(_ROOT), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/"
        )
    except OSError:
        raise NotDrawn from None
    try:
        async with asyncio.timeout(patience):
            made = await _exchanged(child, told)
            code = await child.wait()
    except TimeoutError:
        raise NotDrawn from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if code != 0 or not made:
        raise NotDrawn
    return made


async def _exchanged(child: Process, told: bytes) -> bytes:
    """Write and read at once; no more is read than may come."""
    if child.stdin is None or child.stdout is None:
        raise NotDrawn
    reading = asyncio.ensure_future(_read(child.stdout))
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had read all of it
        child.stdin.write(told)
        await child.stdin.drain()
        child.stdin.close()
    return await reading


async def _read(output: asyncio.StreamReader) -> bytes:
    made = bytearray()
    while part := await output.read(1 << 16):
        made += part
        if len(made) > MOST:
            raise NotDrawn
    return bytes(made)
