"""The desk: a page of the queue (goal: p95 under 20 ms), opening a case (under 5 ms) and the brief (under 50 ms)."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from storage.values import CaseId, Cursor
from tests.bench.figures import Figures, spread
from tests.bench.filling import fill
from tests.bench.leads import arrival, join, open_store

_PAGES = 45  # each a new one, so that every key on it has to be unwrapped
_TIMES = 200


async def measure(figures: Figures, cases: int) -> None:
    """The figures for a desk of `cases`."""
    print(f"The desk at {cases:,} cases")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        lead = await join(store, "Ada Byron", 1)
        began = time.perf_counter()
        await fill(store, lead, cases)
        print(f"  (filled in {time.perf_counter() - began:.0f} seconds)", flush=True)
        await look(figures, store, lead, f"{cases:,} cases")
        await store.close()


async def look(figures: Figures, store: Store, lead: LeadSession, where: str) -> None:
    """What a lead waits for at a desk; `where` stands before each figure."""
    cursors: list[Cursor | None] = [None]
    seen: list[CaseId] = []

    async def page() -> None:
        shown = await store.desk.queues.page(lead, "open", cursors[-1], 20, counted=False)
        seen.extend(row.id for row in shown.rows)
        cursors.append(shown.next)

    async def page_again() -> None:
        await store.desk.queues.page(lead, "open", random.choice(cursors), 20, counted=False)

    async def page_counted() -> None:
        await store.desk.queues.page(lead, "open", None, 20)

    async def opened() -> None:
        await store.desk.open_case(lead, arrival(1), random.choice(seen))

    async def brief() -> None:
        await store.desk.queues.brief(lead, datetime.now(UTC) + timedelta(hours=8))

    _tell(figures, f"{where}: a page of 20, first seen", await _timed(_PAGES + 1, page), 20)
    _tell(figures, f"{where}: a page of 20, seen before", await _timed(_TIMES, page_again), 8)
    await page_counted()  # a thousand rows are proved the first time
    _tell(figures, f"{where}: the same with its number, as beside the page", await _timed(_TIMES, page_counted), 8)
    _tell(figures, f"{where}: open a case", await _timed(_TIMES, opened), 5)
    await brief()  # likewise
    _tell(figures, f"{where}: brief", await _timed(_TIMES // 5, brief), 50)


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
