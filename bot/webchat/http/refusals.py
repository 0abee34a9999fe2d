"""How many may be connected at once, and bodies that are refused: read to their end, and gone before the answer.

A piece that was dropped stays legible in freed memory until something else is written there. The C library is asked to
give such memory back to the system, which empties it, all but less than a page at the ends of each piece.
"""

import asyncio
import ctypes
import resource
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

_DISCARD_SECONDS = 10.0  # for the rest of a body; after that the answer comes all the same
_TOGETHER_SECONDS = 0.2  # cleaning up halts the process for a moment, so it is done once for all that end within this

_FREE = 512  # descriptors for everything else: database, keys, the Bot API, and those who are told that it is full
_TOLD = 128  # connections that are told so at the same moment; a further one is cut off
_SECONDS = 5.0  # for whoever is told to say what they wanted

_SAID = (
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><title>One moment</title>"
    "<p>Very many people are here just now. Please try again in a minute.</p>"
    "<p>If anyone is in danger now, call the emergency number, or go to an adult you trust.</p><ul>{numbers}</ul>"
)
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
    b"Retry-After: 30\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nServer: web\r\n"
    b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nConnection: close\r\n\r\n%b"
)


class Discarding:
    """Discards bodies; one for a server."""

    def __init__(self) -> None:
        self._give_back = _give_back()
        self._cleaning: asyncio.Task[None] | None = None

    async def discard(self, request: web.Request) -> None:
        """Return once nothing of the body is in memory, or after ten seconds.

        Bodies that end within 0.2 seconds are cleaned up together. A request that is cancelled stops no cleaning.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
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


def descriptors(wanted: int) -> int:
    """Raise the limit of open files for ``wanted`` connections (setrlimit(2)); return how many it allows.

    512 descriptors are left for everything else. The soft limit goes up to the hard one at most; it is never lowered.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + _FREE:
        soft = wanted + _FREE if hard == resource.RLIM_INFINITY else min(hard, wanted + _FREE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - _FREE))


class ConnectionLimit:
    """Makes the protocol of each new connection: the server's own, or one that says kindly that there is no room."""

    def __init__(self, server: web.Server, most: int, numbers: str) -> None:
        """``numbers`` are items of an HTML list, for whoever finds no room."""
        said = _SAID.format(numbers=numbers).encode()
        self._server, self._most, self._full = server, most, _FULL % (len(said), said)
        self._told: set[_Full] = set()

    def __call__(self) -> asyncio.Protocol:
        """Let one more in, as long as there is room."""
        if len(self._server.connections) < self._most:
            return self._server()
        return _Full(self._told, self._full)


class _Full(asyncio.Protocol):
    """Answers whatever is asked with 503, and hangs up."""

    def __init__(self, told: "set[_Full]", answer: bytes) -> None:
        self._told, self._answer = told, answer
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a TCP connection's always is
        self._transport = transport
        if len(self._told) >= _TOLD:
            transport.abort()
            return
        self._told.add(self)
        asyncio.get_running_loop().call_later(_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - the answer is the same
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._answer)
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - a protocol's shape
        self._told.discard(self)
