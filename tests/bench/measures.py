"""`/stats` over 10,000 cases: the first time at most 3 seconds, again under 200 ms, the loop late by under 40 ms."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from flows.measures.stats import CaseFigure, charts, tables_of
from flows.measures.terms import CALENDAR
from storage.leads.sign_in.session import LeadSession
from storage.store import Store
from tests.bench.figures import Figures
from tests.bench.filling import fill
from tests.bench.leads import SITE, join, open_store
from tests.bench.team import _late

_FIRST: Final = 3.0  # seconds
_AGAIN: Final = 200.0  # milliseconds
_LAG: Final = 40.0  # milliseconds


async def measure(figures: Figures, cases: int = 10_000) -> None:
    """A lead with so many cases at her site, none of which this session has opened."""
    print(f"Figures of {cases:,} cases")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        lead = await join(store, "Ada Byron", 1)
        await fill(store, lead, cases)
        began = time.process_time()
        took, late = await _late(_told(store, lead))
        busy = time.process_time() - began
        figures.add(f"{cases:,} cases: /stats", f"{took:.1f} s", f"{busy:.1f} s busy", took / _FIRST, f"{_FIRST:.0f} s")
        lag, most = quantiles(late, n=100)[-1] * 1000, max(late) * 1000
        told = f"{most:.0f} ms at most"
        figures.add("  the loop is late, 99 of 100 looks", f"{lag:.0f} ms", told, lag / _LAG, f"{_LAG:.0f} ms")
        began = time.process_time()
        took, _ = await _late(_told(store, lead))
        busy = (time.process_time() - began) * 1000
        told = f"{took * 1000:.0f} ms"
        figures.add("  again", told, f"{busy:.0f} ms busy", took * 1000 / _AGAIN, f"{_AGAIN:.0f} ms")
        await store.close()


async def _told(store: Store, lead: LeadSession) -> None:
    found: tuple[CaseFigure, ...] = await store.desk.case_figures(lead, SITE)
    if not found:
        raise RuntimeError("there is nothing to count")
    charts(tables_of(found, None, CALENDAR.latest(date(2027, 9, 1)), ZoneInfo("Europe/London")))
