"""A school whose database lies on a PostgreSQL server of its own, behind a relay; and what may befall the two."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.deployment.data_directory.open_store import CHECKPOINT
from bot.deployment.settings import load
from storage.core.integrity import Forgeries
from storage.core.register import Register, register_beside
from storage.database.migrate import migrate
from storage.database.schema.chats import seen
from storage.sealing.keys.server_key import load_server_key
from tests.database_relay import Relay, relay
from tests.faults.lives import Lives, Strike, lives
from tests.postgres import Server, own_server
from tests.raw_database import count_rows

#: Seconds for which turns may still be refused, from when the server answers.
BACK = 5.0
_PATIENCE = 30.0  # seconds until people have something committed, on a slow machine
_REFUSED = re.compile('"(Unavailable|Undecided|_Busy)"')
_UNDECIDED = '"Undecided"'
_OTHERS = 10  # transactions of somebody else after a restart
_NAME = "hark"
_TOLD = 30.0  # seconds until those who answer for Hark are told: the watch loop looks each second
#: The sessions of the lives, apart from the test's own.
_OURS = f"datname = '{_NAME}' AND application_name = 'hark'"


@dataclass
class Served:
    """The lives of a school, and the server that they reach through `relay`.

    `away` tells from when until when it could not be reached, in seconds since 1970.
    """

    lives: Lives
    server: Server
    relay: Relay
    away: list[tuple[float, float]] = field(default_factory=list)
    returning: asyncio.Task[None] = field(init=False)

    async def reset(self) -> None:
        """Reset every connection."""
        with self.unreachable():
            self.relay.reset()

    async def end_sessions(self) -> int:
        """End every session of Hark's as an administrator does; gives how many there were."""
        ended = f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE {_OURS}"  # noqa: S608 - our own words
        with self.unreachable():
            return int(str(await self.server.value(ended)))

    async def restart(self, how: str = "immediate") -> None:
        """Stop the server, and start it again."""
        async with self.stopped(how):
            pass

    async def restart_and_write(self) -> None:
        """The same, and others write before Hark asks: they get the number of a transaction that never hit the disk."""
        await self.restart()
        for _ in range(_OTHERS):
            await self.server.value("SELECT pg_current_xact_id()")

    @asynccontextmanager
    async def stopped(self, how: str = "immediate") -> AsyncIterator[None]:
        """Stop the server until the end of the block; `immediate` is as if the power had gone."""
        with self.unreachable():
            await asyncio.to_thread(self.server.stop, how)
            yield
            await asyncio.to_thread(self.server.start)

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        """Note that the database cannot be reached, or not be written, until the end of the block."""
        begun = time.time()
        yield
        self.away.append((begun, time.time()))

    async def lose_answer(self) -> None:
        """Have the next COMMIT reach the server, and its answer nobody."""
        self.relay.lose = 1

    async def leave_undecided(self) -> None:
        """Lose the next answer to a COMMIT, and be away until Hark has given up asking what became of it."""
        self.relay.lose, self.relay.leaves = 1, True
        self.returning = asyncio.create_task(self._return())

    async def has_returned(self) -> None:
        """Wait until the database can be reached again."""
        await self.returning

    async def _return(self) -> None:
        before = self.lives.said.read_text("utf-8").count(_UNDECIDED)
        while not self.relay.away:  # noqa: ASYNC110 - the relay tells nobody
            await asyncio.sleep(0.02)
        with self.unreachable():
            async with asyncio.timeout(_PATIENCE):
                while self.lives.said.read_text("utf-8").count(_UNDECIDED) <= before:  # noqa: ASYNC110 - a file tells nobody
                    await asyncio.sleep(0.1)
            self.relay.away = self.relay.leaves = False

    async def is_back(self) -> None:
        """Wait until a turn is committed again, while people go on."""
        before = await count_rows(self.lives.url, seen)
        async with asyncio.timeout(_PATIENCE):
            while await count_rows(self.lives.url, seen) <= before:  # noqa: ASYNC110 - the condition is the server's
                await asyncio.sleep(0.05)

    async def has_refused(self) -> None:
        """Wait until one more turn was refused, while people go on."""
        before = len(self._refusals())
        async with asyncio.timeout(_PATIENCE):
            while len(self._refusals()) <= before:  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.1)

    def refused_late(self) -> list[str]:
        """What the lives logged of turns that were refused although the server had answered for five seconds."""
        away = [(begun, end + BACK) for begun, end in self.away]
        return [line for line in self._refusals() if not any(begun <= _at(line) <= end for begun, end in away)]

    def _refusals(self) -> list[str]:
        return [line for line in self.lives.said.read_text("utf-8").splitlines() if _REFUSED.search(line)]

    async def has_alerted(self, kind: str) -> None:
        """Wait until an alert of this kind stands.

        Raises:
            TimeoutError: None was within half a minute.
        """
        settings = load(self.lives.environ)
        checkpoint = settings.keys_dir / CHECKPOINT
        register = Register(register_beside(checkpoint), load_server_key(settings.key_file), Forgeries())
        async with asyncio.timeout(_TOLD):
            while kind not in register.read().alerts:  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.1)

    @property
    def strikes(self) -> Mapping[str, Strike]:
        """What cuts a life off from its database, each in another way."""
        return {
            "reset": self.reset,
            "ended": self.end_sessions,
            "stopped at once": self.restart,
            "number taken": self.restart_and_write,
        }


def _at(line: str) -> float:
    """The time of a line of the log, in seconds since 1970; it is written to the millisecond."""
    return datetime.fromisoformat(json.loads(line)["at"]).timestamp() + 0.001


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    """A school on a new server; no life has begun."""
    async with own_server() as server:
        server.start()
        await server.execute(f"CREATE DATABASE {_NAME}")
        url = server.url(_NAME)
        await migrate(url)
        async with relay(server.folder) as between, lives(folder, url=url) as here:
            here.environ["HARK_DATABASE_URL"] = between.url(url)
            yield Served(here, server, between)
