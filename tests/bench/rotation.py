"""Another server key: how long Hark stands still for it, and how long of that nothing but checking is done."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database.engines import sqlite_url
from storage.sealing.keys.private_files import write_key
from storage.sealing.keys.server_key import HEADER
from storage.upkeep.rotation.cores import Place
from storage.upkeep.rotation.rotate import rotate
from tests.bench.figures import Figures
from tests.bench.filling import fill
from tests.bench.leads import KEY, join, open_store


async def measure(figures: Figures, cases: int) -> None:
    """The figures for one lead with `cases`: processor time too, since the whole is one process."""
    print(f"Another server key, at {cases:,} cases")
    with TemporaryDirectory(prefix="hark-bench-") as made:
        folder = Path(made)
        store = await open_store(folder)
        await fill(store, await join(store, "Ada Byron", 1), cases)
        await store.close()
        key_file = folder / "server.key"
        await asyncio.to_thread(write_key, key_file, HEADER, KEY.secret)
        place = Place(
            sqlite_url(folder / "hark.db"),
            key_file,
            folder / "days",
            folder / "roster.version",
            lambda: datetime.now(UTC),
        )
        rows = list[int]()
        began, used = time.perf_counter(), time.process_time()
        await rotate(place, lambda _table, _done, total: rows.append(total))
        took, used = time.perf_counter() - began, time.process_time() - used
        figures.add(
            f"{cases:,} cases, {rows[0]:,} rows: another server key",
            f"{took:.1f} s",
            f"{used / rows[0] * 1e6:.0f} µs of processor time a row, the two checks with it",
        )
