"""Sending: a concern against the key derivation alone, which nobody can make cheaper, and 64 at the same moment."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from storage.core.integrity import mac_of
from storage.database.schema.cases import readers
from storage.database.schema.notices import outbox
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.receipts.receipt import derive, new_receipt
from storage.values import Clocks
from tests.bench.figures import Figures
from tests.bench.leads import arrival, concern, join, open_store

_TIMES = 30
_AT_ONCE = 64
_RECIPIENTS = ("Ada Byron", "Ben Okri", "Cleo Sand", "Dan Roe")


async def measure(figures: Figures) -> None:
    """A concern to four recipients, commit and all."""
    print("Sending a concern (four recipients)")
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        store = await open_store(Path(folder))
        leads = [await join(store, name, chat) for chat, name in enumerate(_RECIPIENTS, 1)]
        rungs = tuple((lead.lead.id,) for lead in leads)
        now = datetime.now(UTC)
        clocks = Clocks(now + timedelta(hours=1), now + timedelta(days=1))

        async def send(chat: int) -> None:
            await store.talks.send(arrival(chat), concern(rungs, chat), None, clocks)

        alone, derived = [], []
        for chat in range(_TIMES):  # by turns, so that whatever else the machine does weighs on both alike
            derived.append(await _timed_derivation())
            began = time.perf_counter()
            await send(1000 + chat)
            alone.append(time.perf_counter() - began)
        _tell_one(figures, median(alone) * 1000, median(derived) * 1000)
        _tell_bound(figures, await _binding(Path(folder)) * 1000 / _TIMES, median(alone) * 1000)
        began = time.perf_counter()
        ended = await asyncio.gather(*(send(2000 + chat) for chat in range(_AT_ONCE)), return_exceptions=True)
        took = time.perf_counter() - began
        _tell_many(figures, len([one for one in ended if one is None]), took)
        await store.close()


async def _binding(folder: Path) -> float:
    """Seconds for the MACs of every row that the concerns so far have in queues and in the outbox."""
    key = ServerKey(os.urandom(32))  # any will do: a MAC takes the same time under each
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'hark.db'}")
    async with engine.connect() as connection:
        found = [
            (table, row)
            for table in (readers, outbox)
            for row in (await connection.execute(select(table))).mappings().all()
        ]
    await engine.dispose()
    began = time.perf_counter()
    for table, row in found:
        mac_of(key, table, row)
    return time.perf_counter() - began


async def _timed_derivation() -> float:
    receipt = new_receipt("en", os.urandom)
    began = time.perf_counter()
    await asyncio.to_thread(derive, receipt, b"s" * 32)
    return time.perf_counter() - began


def _tell_one(figures: Figures, sent: float, derived: float) -> None:
    figures.add("send a concern", f"{sent:.1f} ms", f"its key derivation {derived:.1f} ms", sent / derived, "1.5x")


def _tell_bound(figures: Figures, bound: float, sent: float) -> None:
    figures.add("binding its rows", f"{bound * 1000:.0f} us", f"sending it {sent:.1f} ms", bound / sent, "0.03x")


def _tell_many(figures: Figures, accepted: int, took: float) -> None:
    told = f"{accepted} of {_AT_ONCE} accepted"
    figures.add("64 concerns at once", told, f"{accepted / took:.1f} a second", accepted / _AT_ONCE, "all")
