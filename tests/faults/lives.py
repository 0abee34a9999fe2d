"""A school whose Hark is killed and begun again, while the Bot API, and the people at it, stay as they are."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from bot.demo.sample_school import SampleLead
from bot.webchat.base.protocol import Bounds
from bot.webchat.server import WebChat
from storage.database.instrumentation import Point
from tests.newest import Engine, lay_database
from tests.postgres import drop_below
from tests.programs.start import Process, start, surroundings
from tests.sample import join_school, lay_school

#: What somebody does to a life, or to what it stands on, while it stands still.
Strike: TypeAlias = Callable[[], Awaitable[object]]

_PATIENCE = 30.0  # seconds until a life has fetched, on a slow machine
# People here are as fast as the bot is, and Telegram comes again soon.
_BOUNDS = Bounds(held_seconds=0, pace_burst=1_000_000, opening_burst=1_000_000, webhook_wait=0.05)


@dataclass
class Lives:
    """One life after the other of the same Hark, on the data directory `folder`, with the database at `url`.

    `code` is how the last one ended: its exit code, or the number of the signal that ended it, below 0. `failpoints`
    tells whether the next ones have theirs armed (`tests/faults/killer.py`).
    """

    folder: Path
    url: str
    chat: WebChat
    leads: tuple[SampleLead, ...]
    environ: dict[str, str]
    failpoints: bool = True
    ahead: float = 0.0
    first_call: str = "getUpdates"
    pid: int = 0
    lived: int = 0
    code: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    _process: Process | None = None

    def bring(self) -> None:
        """Have the next lives ask for updates to be brought, to a port that is always the same."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.environ |= {
            "HARK_WEB_HOST": "127.0.0.1",
            "HARK_WEB_PORT": port,
            "HARK_WEBHOOK_URL": f"http://127.0.0.1:{port}/brought",
            "HARK_WEBHOOK_SECRET": "a-secret-of-the-test",
        }
        self.first_call = "setWebhook"

    async def begin(self, most: int = 0) -> None:
        """Begin a life, and wait until it has fetched, or asked to be brought updates; `most` as for `born`."""
        fetched = self.chat.faults.hang(self.first_call)
        await self.born(most)
        async with asyncio.timeout(_PATIENCE):
            await fetched.reached.wait()
        assert fetched.release is not None
        fetched.release.set()

    async def born(self, most: int = 0) -> None:
        """Begin a life, and wait for nothing. None of its files may grow beyond `most` bytes, unless that is 0."""
        armed = str(self.folder) if self.failpoints else ""
        self._let_go()
        nothing, said = os.open(os.devnull, os.O_RDONLY), os.open(self.said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._process = process = await start(
            *("tests.faults.life", armed, str(self.ahead), str(most)),
            environ=surroundings({"PYTHONUNBUFFERED": "1", **self.environ}),
            streams=(nothing, said, os.dup(said)),
        )
        self.pid = process.pid
        self.lived += 1
        self.gone.clear()
        self._waiting = asyncio.create_task(self._see_it_go(process))

    async def kill(self) -> None:
        """End the life at once."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """End the life in an orderly way."""
        if self.pid:
            await self._end(signal.SIGTERM)
            assert self.code == 0, self.said.read_text("utf-8")[-3000:]

    def ask_to_end(self) -> None:
        """Ask the life to end in an orderly way, and wait for nothing; `gone` tells when, and `code` how."""
        os.kill(self.pid, signal.SIGTERM)

    def kill_at(self, point: Point | None, time_: int = 1) -> None:
        """Have the life end itself when it reaches `point` for that time from now; None takes that back."""
        order = self.folder / "kill_at"
        # Another order each time, so that the life counts anew.
        order.write_text("" if point is None else f"{point} {time_}", encoding="ascii")

    @asynccontextmanager
    async def struck_at(self, point: Point, strike: Strike) -> AsyncIterator[asyncio.Event]:
        """Have the life stand still when it reaches `point` for the first time from now, until `strike` is over.

        Gives an event that is set then; a strike that was not met by the end of the block is taken back.
        """
        struck, striking = asyncio.Event(), asyncio.Lock()

        async def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async with striking:
                await strike()
            struck.set()
            writer.close()

        async with await asyncio.start_server(meet, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            (self.folder / "kill_at").write_text(f"{point} 1 {port}", encoding="ascii")
            yield struck
            self.kill_at(None)
            async with striking:  # one that has begun comes to its end
                pass

    def reached(self) -> list[str]:
        """The points that were reached so far, by all lives."""
        file = self.folder / "reached"
        return file.read_text(encoding="ascii").split() if file.exists() else []

    def now(self) -> float:
        """The time as the lives have it."""
        return time.time() + self.ahead

    @property
    def said(self) -> Path:
        """What all lives printed and logged."""
        return self.folder / "said"

    async def _see_it_go(self, process: Process) -> None:
        self.code = await process.wait()
        self.pid = 0
        self.gone.set()

    async def _end(self, number: signal.Signals) -> None:
        if self.pid:
            os.kill(self.pid, number)
        await self.gone.wait()

    def _let_go(self) -> None:
        """Give back the number of the last life, which may be killed again until then."""
        if self._process is not None:
            self._process.close()


@asynccontextmanager
async def lives(folder: Path, engine: Engine = "sqlite", url: str = "") -> AsyncIterator[Lives]:
    """A school with four leads, and its Bot API; no life has begun.

    Its database is the one at `url`, which has the newest schema and is empty; without one, it is made.
    """
    leads = await (join_school(folder, url) if url else lay_school(folder, engine))
    url = url or await lay_database(folder, engine)
    chat = WebChat("Hark", "127.0.0.1", 0, secret=os.urandom(32), bounds=_BOUNDS)
    await chat.start()
    environ = {
        "HARK_DATA_DIR": str(folder),
        "HARK_DATABASE_URL": url,
        "HARK_TOKEN": chat.token,
        "HARK_API_URL": chat.api_url,
        "HARK_WEB_HOST": "",
    }
    here = Lives(folder, url, chat, leads, environ)
    here.gone.set()
    try:
        yield here
    finally:
        await here.kill()
        here._let_go()
        await chat.close()
        await drop_below(folder)
