"""A desk of a million cases on each engine: queue, opening, brief and sending; then check, backup, restore and size.

Not in the default run: filling takes up to ten minutes and some nine gigabytes an engine, in the folder for temporary
files.
"""

from __future__ import annotations

import asyncio
import random
import resource
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from storage.upkeep.backup.create_backup import make_backup
from storage.upkeep.backup.restore_backup import Place, restore
from storage.values import CaseId, Clocks, Cursor
from tests.bench.figures import Figures, spread
from tests.bench.filling import fill
from tests.bench.leads import KEY, arrival, concern, join, open_store

_PAGES: Final = 45  # each a new one, so that every key on it has to be unwrapped
_TIMES: Final = 300
_SENT: Final = 40  # concerns, each with its key derivation
_TOLD: Final = 100_000  # cases after which it is said how far the filling is


async def measure(figures: Figures, cases: int) -> None:
    """The figures of a desk of `cases` on SQLite."""
    print(f"A desk of {cases:,} cases")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        await _measure(figures, Path(folder), cases)


async def _measure(figures: Figures, folder: Path, cases: int) -> None:
    store = await open_store(folder)
    lead = await join(store, "Ada Byron", 1)
    empty = await _sending(store, lead)
    began = time.perf_counter()
    await fill(store, _url(folder), lead, cases, _tell_progress(began))
    took = time.perf_counter() - began
    figures.add(f"filled with {cases:,} cases", f"{took:.0f} s", f"{cases / took:.0f} a second", took / 600, "600 s")
    await _look(figures, store, lead)
    full = await _sending(store, lead)
    figures.add("send a concern, full", f"{full:.1f} ms", f"empty {empty:.1f} ms", full / empty, "1.1x")
    await _keep(figures, store, folder, cases)


async def _look(figures: Figures, store: Store, lead: LeadSession) -> None:
    cursors: list[Cursor | None] = [None]
    seen: list[CaseId] = []

    async def page() -> None:
        shown = await store.desk.queues.page(lead, "open", cursors[-1], 20)
        seen.extend(row.id for row in shown.rows)
        cursors.append(shown.next)

    async def page_again() -> None:
        await store.desk.queues.page(lead, "open", random.choice(cursors), 20)

    async def opened() -> None:
        await store.desk.open_case(lead, arrival(1), random.choice(seen))

    async def brief() -> None:
        await store.desk.queues.brief(lead, datetime.now(UTC) + timedelta(hours=8))

    _tell(figures, "a page of 20, first seen", await _timed(_PAGES, page), 20)
    _tell(figures, "a page of 20, seen before", await _timed(_TIMES, page_again), 8)
    _tell(figures, "open a case", await _timed(_TIMES, opened), 5)
    await brief()  # a thousand rows of each count are proved the first time
    _tell(figures, "brief", await _timed(_TIMES // 10, brief), 50)


async def _sending(store: Store, lead: LeadSession) -> float:
    """Milliseconds to send a concern, the median."""
    took = []
    now = datetime.now(UTC)
    for number in range(_SENT):
        began = time.perf_counter()
        deed, clocks = concern(((lead.lead.id,),), number), Clocks(now + timedelta(hours=1), now + timedelta(days=9))
        await store.talks.send(arrival(1000 + number), deed, None, clocks)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


async def _keep(figures: Figures, store: Store, folder: Path, cases: int) -> None:
    """The daily check, a backup, a restore of it, and what all of it takes on the disk and in memory."""
    began = time.perf_counter()
    found = await store.watch.verify()
    if not found.holds:
        raise RuntimeError("what was filled in is not genuine")
    figures.add("daily check", f"{time.perf_counter() - began:.0f} s", f"{found.cases:,} cases")
    await store.close()
    size = (folder / "hark.db").stat().st_size
    figures.add("size of a case", f"{size / cases / 1000:.1f} kB", f"{size / 1e9:.1f} GB")
    began = time.perf_counter()
    backup, _ = await make_backup(folder / "hark.db", folder / "destroyed", folder / "backups", KEY, _now)
    figures.add("backup", f"{time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    (folder / "hark.db").unlink()
    await restore(backup, Place(folder / "hark.db", folder / "roster.version", KEY), _now)
    figures.add("restore", f"{time.perf_counter() - began:.0f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures.add("memory at most, filling and all", f"{peak / 1024:.0f} MB")


def _now() -> datetime:
    return datetime.now(UTC)


def _url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/hark.db"


def _tell_progress(began: float) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % _TOLD == 0:
            print(f"  ({done:,} cases after {time.perf_counter() - began:.0f} seconds)", flush=True)

    return tell


def _tell(figures: Figures, what: str, seconds: list[float], goal: float) -> None:
    middle, late = spread(seconds)
    figures.add(what, f"{middle:.1f} / {late:.1f} ms", "median / p95", late / goal, f"p95 {goal:.0f} ms")


async def _timed(times: int, once: Callable[[], Awaitable[None]]) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await once()
        took.append(time.perf_counter() - began)
    return took
