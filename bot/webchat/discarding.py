"""Bodies that are not taken: read to their end, so that the refusal arrives, and gone from memory before it.

A piece that was dropped stays legible in freed memory until something else is written there. The C library is asked to
give such memory back to the system, which empties it, all but less than a page at the ends of each piece.
"""

import asyncio
import ctypes
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

_SECONDS = 10.0  # for the rest of a body; after that the answer comes all the same
_TOGETHER_SECONDS = 0.2  # cleaning up halts the process for a moment, so it is done once for all that end within this


class Discarding:
    """Discards bodies; one for a server."""

    def __init__(self) -> None:
        self._give_back = _give_back()
        self._cleaning: asyncio.Task[None] | None = None

    async def discard(self, request: web.Request) -> None:
        """Return once nothing of the body is in memory, or after ten seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS):
                while await request.content.readany():
                    pass
        if self._cleaning is None:
            self._cleaning = asyncio.create_task(self._clean())
        await asyncio.shield(self._cleaning)

    async def _clean(self) -> None:
        await asyncio.sleep(_TOGETHER_SECONDS)
        self._cleaning = None
        self._give_back(0)


def _give_back() -> Callable[[int], object]:
    """Return malloc_trim(3), or what does nothing where the C library has none (musl, macOS)."""
    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return lambda _: None
    return trim
