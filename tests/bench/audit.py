"""Verifying an audit log of 100,000 rows as `hark audit verify` does, and what a checkpoint costs once it stands."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Final

from storage.core.audit.check_log import Handed, LogCheck
from storage.core.audit.log_rows import AuditRow, leaf_of, link
from storage.core.audit.stored_log import StoredLog
from storage.database.turn import Logged
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.transparency.checkpoint import Checkpoint
from storage.sealing.transparency.merkle_tree import CompactRange, hash_leaf
from tests.bench.figures import Figures

_KEY: Final = ServerKey(b"k" * 32)
_COLUMNS: Final = "number INTEGER PRIMARY KEY, hour INTEGER, lead_id TEXT, action TEXT, case_id TEXT, mac BLOB"
_MINUTE: Final = 50  # rows that a busy minute brings


def measure(figures: Figures, rows: int = 100_000) -> None:
    """Fill a file, then read and verify it: offline, with every MAC, and with a seal that is looked for."""
    print(f"The audit log, {rows:,} rows")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hark.db"
        filled = _fill(path, rows)
        heads = [(str(size), _head(filled, size)) for size in (rows // 3, rows // 2, rows)]
        seal = frozenset({heads[0][1].seal()})
        for what, handed, key in (
            ("verified offline, 3 checkpoints", Handed(heads), None),
            ("verified with each MAC", Handed(heads), _KEY),
            ("verified with a seal", Handed(heads, seals=seal, origins=("log",)), _KEY),
        ):
            before = time.process_time()
            seconds = asyncio.run(_verified(path, handed, key))
            worked = time.process_time() - before
            figures.add(what, f"{seconds:.2f} s", f"processor time {worked:.2f} s", worked / 10, "10 s")
    tree = CompactRange()
    for row in filled[:-_MINUTE]:
        tree = tree.append(hash_leaf(leaf_of(row)))
    began = time.perf_counter()
    for row in filled[-_MINUTE:]:
        tree = tree.append(hash_leaf(leaf_of(row)))
    tree.root()
    figures.add(f"a checkpoint after {_MINUTE} more rows", f"{(time.perf_counter() - began) * 1000:.2f} ms")


async def _verified(path: Path, handed: Handed, key: ServerKey | None) -> float:
    began, check = time.perf_counter(), LogCheck(handed, key)
    async for rows, _ in StoredLog(path).rows():
        check.take(rows)
    if check.end():
        raise SystemExit("what was measured does not verify")
    return time.perf_counter() - began


def _fill(path: Path, count: int) -> list[AuditRow]:
    rows, mac = list[AuditRow](), b""
    for number in range(1, count + 1):
        logged = Logged(
            1_790_000_000 + number * 60 // 3600 * 3600, f"{number % 7:032x}", "read", f"{number % 997:032x}"
        )
        mac = link(_KEY, mac, number, logged)
        cells = (number, logged.hour, logged.lead, logged.action, logged.case, mac)
        rows.append(dict(zip(("number", "hour", "lead_id", "action", "case_id", "mac"), cells, strict=True)))
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE audit ({_COLUMNS})")
        connection.executemany(
            "INSERT INTO audit VALUES (:number, :hour, :lead_id, :action, :case_id, :mac)", [dict(row) for row in rows]
        )
    return rows


def _head(rows: list[AuditRow], size: int) -> Checkpoint:
    tree = CompactRange()
    for row in rows[:size]:
        tree = tree.append(hash_leaf(leaf_of(row)))
    return Checkpoint("log", size, tree.root())
