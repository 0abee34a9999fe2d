"""What may stand between Hark and a PostgreSQL server: a pooler that shares sessions, TLS, a cut.

The messages are those of PostgreSQL's chapter "Frontend/Backend Protocol".
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_WELCOME = b"R" + struct.pack("!II", 8, 0) + b"K" + struct.pack("!III", 12, 1, 1)
_SSL_REQUEST = struct.pack("!II", 8, 80877103)
_READY = b"Z" + struct.pack("!I", 5) + b"I"


@dataclass
class Session:
    """A session of the server; `told` is what it says of its parameters."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    told: bytes


async def message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)


async def session(socket: Path, startup: bytes) -> Session:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    writer.write(startup)
    told = b""
    while (one := await message(reader))[:1] != b"Z":
        told += one if one[:1] == b"S" else b""
    return Session(reader, writer, told)


@asynccontextmanager
async def pooler(socket: Path, folder: Path) -> AsyncIterator[None]:
    """Listen in `folder` as the server at `socket` does, in transaction mode: a session is a client's until it ends.

    What was given back last is given out first.
    """
    idle: list[Session] = []
    every: list[asyncio.StreamWriter] = []
    answers: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        every.append(writer)
        own: Session | None = None

        async def answer(through: Session) -> None:
            nonlocal own
            while (one := await message(through.reader)) != _READY:
                writer.write(one)
            own = None  # before the client can ask again
            idle.append(through)
            writer.write(one)

        with suppress(asyncio.IncompleteReadError, ConnectionError):
            size = await reader.readexactly(4)
            startup = size + await reader.readexactly(struct.unpack("!I", size)[0] - 4)
            first = idle.pop() if idle else await session(socket, startup)
            writer.write(_WELCOME + first.told + _READY)
            idle.append(first)
            while (asked := await message(reader))[:1] != b"X":
                if own is None:
                    own = idle.pop() if idle else await session(socket, startup)
                    answers.add(asyncio.create_task(answer(own)))
                own.writer.write(asked)
        writer.close()

    server = await asyncio.start_unix_server(serve, str(folder / ".s.PGSQL.5432"))
    try:
        yield
    finally:
        server.close()
        for task in answers:
            task.cancel()
        for one in [*every, *(own.writer for own in idle)]:
            one.close()


@asynccontextmanager
async def tls_front(socket: Path, certificate: Path, key: Path) -> AsyncIterator[int]:
    """Give a port of this machine on which the server at `socket` is reached by TLS only."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            if await reader.readexactly(8) == _SSL_REQUEST:
                writer.write(b"S")
                await writer.start_tls(context)
                there = await asyncio.open_unix_connection(str(socket))
                await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def deaf_at_commit(socket: Path, folder: Path, *, reaches: bool) -> AsyncIterator[list[bytes]]:
    """Listen in `folder` as the server at `socket` does; give a list, and while it is empty cut off the next COMMIT.

    With `reaches` the server commits first, and only its answer is lost. The COMMIT is put on the list.
    """
    cut: list[bytes] = [b"not yet"]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(str(socket))
        back = asyncio.create_task(_copy(there[0], writer))
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            size = await reader.readexactly(4)
            there[1].write(size + await reader.readexactly(struct.unpack("!I", size)[0] - 4))
            while asked := await message(reader):
                if asked.startswith(b"Q") and asked[5:].startswith(b"COMMIT") and not cut:
                    cut.append(asked)
                    back.cancel()
                    await asyncio.wait([back])
                    if reaches:
                        there[1].write(asked)
                        await message(there[0])
                    break
                there[1].write(asked)
        for one in (writer, there[1]):
            one.close()

    server = await asyncio.start_unix_server(serve, str(folder / ".s.PGSQL.5432"))
    async with server:
        yield cut
