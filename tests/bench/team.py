"""Past cases for a colleague, and a lead who is suspended: how long, and how long nothing else gets its turn meanwhile.

The goals: the loop is held up for less than 40 ms, and a desk ends within a second of its lead's suspension.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import TypeVar

from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from tests.bench.figures import Figures
from tests.bench.filling import fill
from tests.bench.leads import arrival, join, open_store

_T = TypeVar("_T")
_LOOKS = 0.005  # seconds between two looks at how late the loop is


async def measure(figures: Figures, cases: int) -> None:
    """The figures for a desk of `cases` old ones."""
    print(f"A colleague who comes later, and leaves, at {cases:,} cases")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        lead = await join(store, "Ada Byron", 1)
        await fill(store, lead, cases)
        later = await join(store, "Eve Moneypenny", 2)
        _, idle = await _late(asyncio.sleep(2))
        worked = time.process_time()
        took, late = await _late(_grant(store, lead, later))
        _tell(figures, f"{cases:,} cases: give all to a colleague", (took, cases), late, idle)
        figures.add("  processor time", f"{(time.process_time() - worked) / cases * 1000:.2f} ms", "a case")
        beside = await open_store(Path(folder))
        began, worked = time.perf_counter(), time.process_time()
        await beside.leads.team.disable(later.lead.id)
        await store.leads.end_shut_out()
        ended, worked = time.perf_counter() - began, time.process_time() - worked
        if store.leads.sessions.at(later.address) is not None:
            raise RuntimeError("her desk goes on")
        figures.add(
            f"{cases:,} cases: suspend a lead",
            f"{ended * 1000:.0f} ms",
            f"processor time {worked * 1000:.0f} ms",
            ended,
            "1 s",
        )
        await beside.close()
        took, late = await _late(store.wrap_removal.run())
        _tell(figures, f"{cases:,} cases: take her keys away", (took, cases), late, idle)
        await store.close()


async def _grant(store: Store, lead: LeadSession, later: LeadSession) -> None:
    await store.desk.grants.begin(lead, arrival(1), later.lead.id, "all", "She came later.")
    while (progress := await store.desk.grants.step(lead, counts=False)) is not None:
        if progress.done and progress.granted != progress.total:
            raise RuntimeError("not all were given")


async def _late(work: Awaitable[_T]) -> tuple[float, list[float]]:
    """How long some work takes, and by how much the loop is late meanwhile, at each look (seconds)."""
    late: list[float] = []

    async def look() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_LOOKS)
            late.append(time.perf_counter() - before - _LOOKS)

    looking = asyncio.create_task(look())
    began = time.perf_counter()
    await work
    took = time.perf_counter() - began
    looking.cancel()
    return took, late


def _tell(figures: Figures, what: str, took: tuple[float, int], late: list[float], idle: list[float]) -> None:
    seconds, cases = took
    lag, nothing = (quantiles(looks, n=100)[-1] * 1000 for looks in (late, idle))
    figures.add(what, f"{seconds:.1f} s", f"{cases / seconds:.0f} a second")
    figures.add(
        "  the loop is late, 99 of 100 looks",
        f"{lag:.0f} ms",
        f"with nothing to do {nothing:.0f} ms",
        lag / 40,
        "40 ms",
    )
