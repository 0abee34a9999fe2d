"""A relay before a PostgreSQL server, on a port of this machine, and what may befall the connections through it.

The messages are those of PostgreSQL's chapter "Frontend/Backend Protocol".
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from tests.database_proxies import message

_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing tells the other side of a reset, not of an end


@dataclass
class Relay:
    """What goes through is passed on as it is, unless one of these says otherwise.

    `away` refuses every new connection. While `passing` is not set nothing comes through, and nobody is told. Of the
    next `lose` COMMITs of transactions that may write the server hears, but its answer comes to nobody, and the
    connection is reset; `lost` counts them, and with `leaves` the relay is `away` from then on.
    """

    socket: Path
    away: bool = False
    passing: asyncio.Event = field(default_factory=asyncio.Event)
    lose: int = 0
    leaves: bool = False
    lost: int = 0
    port: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def url(self, url: str) -> str:
        """The URL by which the relay leads to the database that `url` leads to directly."""
        through = make_url(url).set(host="127.0.0.1", port=self.port, query={})
        return through.render_as_string(hide_password=False)

    def reset(self) -> int:
        """Reset every connection that is open; gives how many there were."""
        cut, self._open = self._open, set()
        for writer in cut:
            _reset(writer)
        return len(cut)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        if self.away:
            _reset(writer)
            return
        self._open.add(writer)
        there: asyncio.StreamWriter | None = None
        with suppress(asyncio.IncompleteReadError, OSError):
            answers, there = await asyncio.open_unix_connection(str(self.socket))
            back = asyncio.create_task(self._pass_on(answers, writer))
            size = await reader.readexactly(4)
            there.write(size + await reader.readexactly(struct.unpack("!I", size)[0] - 4))
            reads = False  # whether the transaction is one that changes nothing
            while asked := await message(reader):
                said = asked[5:] if asked[:1] == b"Q" else b""
                if said.startswith(b"BEGIN"):
                    reads = b"READ ONLY" in said
                if self.lose and said.startswith(b"COMMIT") and not reads:
                    self.lose -= 1
                    self.lost += 1
                    self.away = self.leaves
                    back.cancel()
                    await asyncio.wait([back])
                    there.write(asked)
                    await message(answers)
                    break
                await self.passing.wait()
                there.write(asked)
        self._open.discard(writer)
        _reset(writer)
        if there is not None:
            there.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await reader.read(65536):
                await self.passing.wait()
                writer.write(some)
                await writer.drain()
        writer.close()  # also where the server was cut off itself


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()


@asynccontextmanager
async def relay(folder: Path) -> AsyncIterator[Relay]:
    """A relay before the server whose Unix socket lies in a folder; the server need not be there yet."""
    made = Relay(folder / ".s.PGSQL.5432")
    made.passing.set()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.reset()
