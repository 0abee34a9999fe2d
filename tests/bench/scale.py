"""A desk of a million cases on each engine: queue, opening, brief and sending; then check, backup, restore and size.

Not in the default run: filling takes up to ten minutes and some nine gigabytes an engine, in the folder for temporary
files.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, gettempdir
from typing import Final, TypeVar

from sqlalchemy import make_url, text

from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.day_keys import DayKeys
from storage.store import Store
from storage.upkeep.backup.copy_database import KeySide, copy_database
from storage.upkeep.backup.create_backup import make_backup
from storage.upkeep.backup.restore_backup import Place, restore
from storage.values import Clocks
from tests.bench.desk import look
from tests.bench.figures import Figures
from tests.bench.filling import fill
from tests.bench.leads import KEY, arrival, concern, join, open_store
from tests.newest import Engine
from tests.postgres import BIN, own_server

_T = TypeVar("_T")
#: What a server is given that has some gigabytes of its own; the rest is as it comes.
_SERVER: Final = {"shared_buffers": "1GB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB", "autovacuum": "on"}
_SENT: Final = 100  # concerns into each, with their key derivations
_TOLD: Final = 100_000  # cases after which it is said how far the filling is


async def measure(figures: Figures, cases: int, engines: Collection[Engine]) -> None:
    """The figures of a desk of `cases` on each engine, in one run."""
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # where pg_dump and pg_restore are
    for engine in engines:
        print(f"A desk of {cases:,} cases on {engine}")
        with TemporaryDirectory(prefix="hark-bench-") as folder:
            async with _databases(engine, Path(folder)) as make:
                await _measure(figures, Path(folder), make, engine, cases)


@asynccontextmanager
async def _databases(engine: Engine, folder: Path) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Give what makes an empty database of a name and gives its URL."""
    if engine == "sqlite":

        async def lay(name: str) -> str:
            return f"sqlite+aiosqlite:///{folder}/{name}.db"

        yield lay
        return
    async with own_server(Path(gettempdir())) as server:
        server.start(**_SERVER)

        async def create(name: str) -> str:
            await server.execute(f"CREATE DATABASE {name}")
            return server.url(name)

        yield create


async def _measure(
    figures: Figures, folder: Path, make: Callable[[str], Awaitable[str]], engine: Engine, cases: int
) -> None:
    url = await make("hark")
    store = await open_store(folder, url)
    lead = await join(store, "Ada Byron", 1)
    began = time.perf_counter()
    await fill(store, lead, cases, _tell_progress(began))
    took = time.perf_counter() - began
    told = Labelled(figures, engine)
    told.add(f"filled with {cases:,} cases", f"{took:.0f} s", f"{cases / took:.0f} a second", took / 600, "600 s")
    await look(figures, store, lead, engine)
    with TemporaryDirectory(prefix="hark-bench-") as apart:
        empty = await open_store(Path(apart), await make("empty"))
        await _compare_sending(told, (empty, await join(empty, "Ada Byron", 1)), (store, lead))
        await empty.close()
    await _check(told, store)
    size = await _size(store)
    await store.close()
    told.add("size of a case", f"{size / cases / 1000:.1f} kB", f"{size / 1e9:.1f} GB")
    await _keep(told, folder, url)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told.add("memory at most, filling and all", f"{peak / 1024:.0f} MB")


@dataclass(frozen=True)
class Labelled:
    """Figures under the name of their engine."""

    figures: Figures
    engine: Engine

    def add(self, what: str, ours: str, against: str = "", ratio: float | None = None, goal: str = "") -> None:
        self.figures.add(f"{self.engine}: {what}", ours, against, ratio, goal)


async def _compare_sending(told: Labelled, empty: tuple[Store, LeadSession], full: tuple[Store, LeadSession]) -> None:
    """Milliseconds to send a concern, the median: into each in turn, since a machine changes its pace.

    Each is sent from a chat that has sent none before.
    """
    both = {"empty": empty, "full": full}
    took: dict[str, list[float]] = {which: [] for which in both}
    for number in range(_SENT):
        for which, (into, lead) in both.items():
            now = datetime.now(UTC)
            deed, clocks = (
                concern(((lead.lead.id,),), number),
                Clocks(now + timedelta(hours=1), now + timedelta(days=9)),
            )
            began = time.perf_counter()
            await into.talks.send(arrival(1_000 + number), deed, None, clocks)
            took[which].append((time.perf_counter() - began) * 1000)
    middle = {which: median(times) for which, times in took.items()}
    ratio = middle["full"] / middle["empty"]
    told.add("send a concern, full", f"{middle['full']:.1f} ms", f"empty {middle['empty']:.1f} ms", ratio, "1.1x")


async def _check(told: Labelled, store: Store) -> None:
    began = time.perf_counter()
    found = await store.watch.verify()
    if not found.holds:
        raise RuntimeError("what was filled in is not genuine")
    told.add("daily check", f"{time.perf_counter() - began:.0f} s", f"{found.cases:,} cases")


async def _size(store: Store) -> int:
    """Bytes of the database, its indexes among them."""
    sqlite = store._core.reader.engine.dialect.name == "sqlite"
    asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    async with store._core.read() as connection:
        found = await connection.execute(text(asked if sqlite else "SELECT pg_database_size(current_database())"))
        return int(found.scalar_one())


async def _keep(told: Labelled, folder: Path, url: str) -> None:
    """A backup, a restore of it in the place of the database, and a copy to a database of the other engine."""
    file = folder / "hark.db"
    database = file if told.engine == "sqlite" else make_url(url)
    backup, _ = await _clocked(
        told, "backup", make_backup(database, folder / "destroyed", folder / "backups", KEY, _now)
    )
    place = Place(database, folder / "roster.version", KEY, scratch=folder)
    await _clocked(told, "restore", restore(backup, place, _now, replace=True))
    keys = KeySide(KEY, DayKeys(folder / "days"), folder / "roster.version")
    async with _databases("postgresql" if told.engine == "sqlite" else "sqlite", folder) as make:
        copied = copy_database(make_url(url), make_url(await make("hark")), keys, _now, lambda *_: None)
        await _clocked(told, "hark database copy to the other engine", copied)


async def _clocked(told: Labelled, what: str, done: Awaitable[_T]) -> _T:
    began = time.perf_counter()
    result = await done
    told.add(what, f"{time.perf_counter() - began:.0f} s")
    return result


def _now() -> datetime:
    return datetime.now(UTC)


def _tell_progress(began: float) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % _TOLD == 0:
            print(f"  ({done:,} cases after {time.perf_counter() - began:.0f} seconds)", flush=True)

    return tell
