"""The desk: a page of the queue (goal: p95 under 20 ms) and opening a case (under 5 ms)."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.deeds.send_concern import send_concern
from storage.leads.roster.roster import Roster
from storage.leads.sign_in.session import LeadSession
from storage.sealing.receipts.receipt import ReceiptKeys
from storage.store import Store
from storage.values import CaseId, Clocks, Cursor
from storage.values.errors import Conflict
from tests.bench.figures import Figures, spread
from tests.bench.leads import arrival, concern, join, open_store

_AT_ONCE = 500  # turns that wait for one commit
_PAGES = 45  # each a new one, so that every key on it has to be unwrapped
_OPENED = 200


async def measure(figures: Figures, cases: int) -> None:
    """The figures for a desk of `cases`."""
    print(f"The desk at {cases:,} cases")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        lead = await join(store, "Ada Byron", 1)
        began = time.perf_counter()
        await _fill(store, lead, cases)
        print(f"  (filled in {time.perf_counter() - began:.0f} seconds)", flush=True)
        await _look(figures, store, lead, cases)
        await store.close()


async def _look(figures: Figures, store: Store, lead: LeadSession, cases: int) -> None:
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

    first = await _timed(1, page)
    _tell(figures, f"a page of 20, {cases:,} cases, first seen", first + await _timed(_PAGES, page), 20)
    _tell(figures, f"a page of 20, {cases:,} cases, seen before", await _timed(_OPENED, page_again), 20)
    _tell(figures, f"open a case, {cases:,} cases", await _timed(_OPENED, opened), 5)


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


async def _fill(store: Store, lead: LeadSession, cases: int) -> None:
    """Send `cases` concerns to one lead, sealed as they are; only the receipt's slow derivation is left out."""
    roster = await store.leads.rosters.read()
    for start in range(0, cases, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, cases))
        await asyncio.gather(*(_send(store, roster, lead, number) for number in numbers))


async def _send(store: Store, roster: Roster, lead: LeadSession, number: int) -> None:
    now = datetime.now(UTC)
    clocks = Clocks(now + timedelta(minutes=random.randrange(1, 5000)), now + timedelta(days=9))
    deed = concern(((lead.lead.id,),), number)
    try:
        await store._core.commit(*send_concern(store._core, deed, roster, _receipt(), clocks).rows)
    except Conflict:  # among so many its reference was taken: another one is drawn
        await store._core.commit(*send_concern(store._core, deed, roster, _receipt(), clocks).rows)


def _receipt() -> ReceiptKeys:
    return ReceiptKeys(os.urandom(16), os.urandom(32), os.urandom(32))
