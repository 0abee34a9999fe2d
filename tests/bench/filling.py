"""Fills a database with cases as if all of them had been sent to one lead: sealed in a pool, written in bulk.

Every row is the one that sending writes, with its MAC, and the audit chain tells of each case. Two things are left out:
the receipt's slow derivation, and a reporter's key pair of one's own for each case (one pair for each batch).
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from multiprocessing import get_context
from types import SimpleNamespace
from typing import Any, Final, TypeAlias

import asyncpg
from sqlalchemy import Table, select
from sqlalchemy.engine import URL

from storage.core.core import StoreCore
from storage.core.integrity import bind
from storage.database.schema import metadata
from storage.database.schema.notices import outbox
from storage.database.schema.sites import audit
from storage.database.turn import Insert, Logged
from storage.deeds import send_concern as sending
from storage.leads.roster.roster import Roster
from storage.leads.sign_in.session import LeadSession
from storage.sealing.receipts.receipt import ReceiptKeys
from storage.store import Store
from storage.values import Clocks
from tests.bench.leads import concern

#: Rows of a table, each with its columns' values in the order of the schema.
Cells: TypeAlias = "list[tuple[Any, ...]]"
#: The rows of some cases by table, and what the audit chain is to tell of them.
Batch: TypeAlias = "tuple[dict[str, Cells], list[Logged]]"

_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_BATCH: Final = 2_000  # cases
_PROCESSES: Final = max(2, os.cpu_count() or 2)
_MINUTES: Final = 5_000  # within which the cases are due
_NOTICES: Final = 16  # more than a case has
#: Bytes of pages that SQLite keeps in memory while it is filled, so that keys in no order do not mean reading.
_CACHE: Final = 3_000_000_000
#: Rows that SQLite writes in one transaction: each that ends writes all pages of the indexes anew, which rows in no
#: order have touched.
_IN_ONE: Final = 1_000_000
_NEWEST: Final = select(audit.c.number, audit.c.mac).order_by(audit.c.number.desc()).limit(1)
_SCHEMA: Final = {table.name: place for place, table in enumerate(metadata.sorted_tables)}


@dataclass(frozen=True)
class Sealer:
    """What a process of the pool needs to seal concerns to one lead."""

    core: StoreCore
    roster: Roster
    lead: LeadSession
    first_notice: int

    def seal(self, first: int, count: int) -> Batch:
        """Seal `count` concerns, numbered from `first`, and give their rows."""
        written: dict[str, Cells] = defaultdict(list)
        logged: list[Logged] = []
        wrapping, signing = os.urandom(32), os.urandom(32)
        # Drawn at random, some of a million would be the same; sending draws such a one again.
        letters = itertools.chain.from_iterable(map(_reference, range(first, first + count)))
        sending.secrets = SimpleNamespace(choice=lambda _: next(letters))  # type: ignore[assignment]
        for number in range(first, first + count):
            receipt = ReceiptKeys(os.urandom(16), wrapping, signing)
            deed = concern(((self.lead.lead.id,),), number)
            sent = sending.send_concern(self.core, deed, self.roster, receipt, _clocks(number))
            notices = itertools.count(self.first_notice + number * _NOTICES)  # two processes draw the same in the end
            for row in sent.rows:
                if isinstance(row, Logged):
                    logged.append(row)
                elif isinstance(row, Insert):
                    if row.table is outbox:
                        row = replace(row, values={"id": next(notices), **row.values})  # noqa: PLW2901
                    bound = bind(self.core.server_key, row)
                    written[row.table.name].append(_cells(row.table, bound.values if isinstance(bound, Insert) else {}))
        return dict(written), logged


def _clocks(number: int) -> Clocks:
    now = datetime.now(UTC)
    return Clocks(now + timedelta(minutes=1 + number % _MINUTES), now + timedelta(days=9))


def _reference(number: int) -> str:
    """Another one for each number below a thousand million."""
    return "".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(6))


def _cells(table: Table, values: Mapping[str, Any]) -> tuple[Any, ...]:
    columns = _defaults(table)
    return tuple(map(values.get, columns, columns.values()))


@cache  # to find the default of a column costs as much as a signature
def _defaults(table: Table) -> dict[str, Any]:
    """Give the columns with their defaults."""
    return {column.name: _default(column) for column in table.columns}


def _default(column: Any) -> Any:
    if column.server_default is not None:
        text = str(column.server_default.arg)
        return text.strip("'") if text.startswith("'") else int(text)
    return None if column.default is None else column.default.arg


_sealer: Sealer | None = None  # of this process: taken over from the one that forked it


def _seal(first: int, count: int) -> Batch:
    if _sealer is None:
        raise RuntimeError("forked too early")
    return _sealer.seal(first, count)


def _prepare() -> None:
    """Have a process of the pool derive the public keys of a batch once, and look for no garbage."""
    gc.disable()
    for name in ("public_key", "verifying_key"):
        setattr(sending, name, lru_cache(maxsize=2)(getattr(sending, name)))


async def fill(store: Store, lead: LeadSession, cases: int, tell: Callable[[int], None] = lambda _: None) -> None:
    """Write `cases` cases into the database of a store; `tell` hears how many there are so far.

    The store may not be used meanwhile. Indexes are made anew once all rows are there.
    """
    global _sealer  # noqa: PLW0603 - this is how a forked process is given what cannot be sent to it
    core = store._core
    _sealer = Sealer(core, await store.leads.rosters.read(), lead, time.time_ns() // 1_000_000 << 20)
    loop = asyncio.get_running_loop()
    writer = _writer(core.reader.engine.url)
    await writer.begin()
    async with core.read() as connection:
        number, mac = (await connection.execute(_NEWEST)).first() or (0, b"")
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("fork"), initializer=_prepare) as pool:
        starts = iter(range(0, cases, _BATCH))
        under_way = [_begin(loop, pool, first, cases) for first in _some(starts, 2 * _PROCESSES)]
        done = 0
        while under_way:
            rows, logged = await under_way.pop(0)
            under_way += [_begin(loop, pool, first, cases) for first in _some(starts, 1)]
            links = []
            for number, row in enumerate(logged, number + 1):  # noqa: B020 - counts on from the last number
                mac = core.writer.link(mac, number, row)
                links.append((number, row.hour, row.lead, row.action, row.case, mac, None))
            for name in sorted((*rows, audit.name), key=_SCHEMA.__getitem__):
                await writer.write(metadata.tables[name], links if name == audit.name else rows[name])
            done += len(logged)
            tell(done)
    await writer.end()
    _sealer = None


def _begin(loop: asyncio.AbstractEventLoop, pool: ProcessPoolExecutor, first: int, cases: int) -> asyncio.Future[Batch]:
    return loop.run_in_executor(pool, partial(_seal, first, min(_BATCH, cases - first)))


def _some(of: Iterator[int], most: int) -> list[int]:
    return [one for _, one in zip(range(most), of, strict=False)]


class _SqliteWriter:
    """Writes rows through a connection of its own that waits for no disk: what is lost in a crash is a bench."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._made: list[str] = []
        self._written = 0  # rows, in this transaction

    async def begin(self) -> None:
        self._database = sqlite3.connect(self._file, isolation_level=None)
        for pragma in ("synchronous=OFF", f"cache_size=-{_CACHE // 1024}", "foreign_keys=OFF", "temp_store=MEMORY"):
            self._database.execute(f"PRAGMA {pragma}")
        found = self._database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
        for name, sql in found.fetchall():
            self._made.append(sql)
            self._database.execute(f"DROP INDEX {name}")
        self._database.execute("BEGIN")

    async def write(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        names = list(_defaults(table))
        marks = ", ".join("?" * len(names))
        # In the order of the keys, so that a page is looked for once for many of them.
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own tables
        self._database.executemany(statement, sorted(rows))
        self._written += len(rows)
        if self._written >= _IN_ONE:
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")
            self._written = 0

    async def end(self) -> None:
        with closing(self._database) as database:
            database.execute("COMMIT")
            for sql in self._made:
                database.execute(sql)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _ServerWriter:
    """Writes rows by COPY through a connection of its own; what a crash would lose is a bench's."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._made: list[str] = []

    async def begin(self) -> None:
        host = str(self._url.query["host"])
        self._connection = await asyncpg.connect(user=self._url.username, database=self._url.database, host=host)
        await self._connection.execute("SET synchronous_commit = off; SET session_replication_role = replica")
        found = await self._connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        for name, definition in found:
            if name != "alembic_version_pkc":
                self._made.append(definition)
                await self._connection.execute(f'DROP INDEX "{name}"')

    async def write(self, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        names = list(_defaults(table))
        await self._connection.copy_records_to_table(table.name, records=sorted(rows), columns=names)

    async def end(self) -> None:
        for definition in self._made:
            await self._connection.execute(definition)
        await self._connection.execute("VACUUM ANALYZE")
        await self._connection.execute("CHECKPOINT")  # as SQLite's: what follows waits for nothing of the filling
        await self._connection.close()


def _writer(url: URL) -> _SqliteWriter | _ServerWriter:
    return _ServerWriter(url) if url.get_backend_name() == "postgresql" else _SqliteWriter(str(url.database))
