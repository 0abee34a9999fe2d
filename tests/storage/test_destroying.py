"""What is left of a destroyed case: nothing in the files, nothing in a restored backup, and nothing by halves."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from storage.core.destruction_ledger import Tombstone
from storage.database.schema.cases import cases, entries, headers, receipts, wraps
from storage.sealing.primitives.xwing import public_key
from storage.values.errors import NoSuchCase
from tests.postgres import BIN, shared_server
from tests.programs.start import run_module
from tests.raw_database import fetch
from tests.storage.killed_destruction import school_in, tell_school
from tests.storage.test_backup import backed_up, put_back
from tests.storage.test_retention import ADA, BEA, ONE_ENGINE, a_week, agree, closed, left_of, two
from tests.team import set_recovery

__all__ = ["two"]

ROOT = Path(__file__).parents[2]
SEED = b"r" * 32


@pytest.fixture(autouse=True)
def _programs_of_the_servers_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")


async def files(school: Any) -> bytes:
    """Every byte of the database's files: those of SQLite, or the tables (not the log) of the server: decision 22."""
    if school.engine == "sqlite":
        return b"".join(path.read_bytes() for path in school.folder.glob("hark.db*"))
    server = await shared_server()
    await server.execute("CHECKPOINT")
    found = []
    async with school.store._core.read() as connection:
        for table in (wraps, receipts, entries, headers):
            path = (await connection.execute(select(func.pg_relation_filepath(text(f"'{table.name}'"))))).scalar_one()
            found.append((server.folder / "data" / path).read_bytes())
    return b"".join(found)


async def secrets_of(school: Any) -> list[bytes]:
    """What opens a case, what leads to it, and what it says, as it stands in the files."""
    asked = [select(wraps.c.blob), select(receipts.c.row_id), select(entries.c.sealed), select(headers.c.sealed)]
    return [value for one in asked for (value,) in await fetch(school.url, one)]


async def test_of_a_destroyed_case_no_key_no_receipt_and_no_words_are_in_the_files(school: Any, two: Any) -> None:
    case = (await closed(school, two)).talk.found.case
    ada, bea = await a_week(school, two)
    await agree(school, ada, case)
    secrets = await secrets_of(school)
    found = await files(school)
    assert all(secret[:512] in found for secret in secrets), "or nothing is shown"
    await agree(school, bea, case)
    await school.store.watch.sweep()
    found = await files(school)
    assert not any(secret[:512] in found for secret in secrets)


async def test_a_restored_backup_does_not_bring_it_back(school: Any, two: Any) -> None:
    sent = await closed(school, two)
    kept = await school.send(two, chat=2)
    ada, bea = await a_week(school, two)
    case = sent.talk.found.case
    await agree(school, ada, case)
    backup = await backed_up(school)
    await agree(school, bea, case)
    restored = await put_back(school, backup)
    assert restored.settled.cases == 1
    assert await left_of(school, case) == set()
    assert (await school.store.watch.verify()).holds
    ada = await school.unlock("Ada Byron", ADA)
    with pytest.raises(NoSuchCase):
        await school.reads(ada, case)
    assert await school.store.talks.open(school.arrival(1), sent.words) is None
    assert await school.store.talks.open(school.arrival(2), kept.words) is not None


@ONE_ENGINE
async def test_a_backup_of_a_case_that_is_out_of_reach_is_made_restored_and_goes_on(school: Any, two: Any) -> None:
    """As a kill between the second word and the rest leaves it."""
    await set_recovery(school.store, public_key(SEED))
    case = (await closed(school, two)).talk.found.case
    ada, bea = await a_week(school, two)
    await agree(school, ada, case)

    async def killed() -> int:
        return 0

    school.store.destruction.finish = killed
    assert await agree(school, bea, case) is None
    assert await left_of(school, case)
    assert (await school.store.watch.verify()).holds
    [(reference,)] = await fetch(school.url, select(cases.c.reference).where(cases.c.id == case))
    with pytest.raises(NoSuchCase):
        await school.store.recovering.open(SEED, reference)
    assert (await school.store.recovering.cases(SEED)).forged == 0
    backup = await backed_up(school)
    await put_back(school, backup)
    with pytest.raises(NoSuchCase):
        await school.reads(await school.unlock("Ada Byron", ADA), case)
    assert (await school.store.watch.sweep()).cases == 1
    assert await left_of(school, case) == set()
    assert (await school.store.watch.verify()).holds


@ONE_ENGINE
@pytest.mark.slow
async def test_killed_anywhere_it_is_whole_or_gone_and_the_ledger_names_no_case_that_lives(
    school: Any, two: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    case = (await closed(school, two)).talk.found.case
    ada, _ = await a_week(school, two)
    await agree(school, ada, case)
    await school.store.close()
    tell_school(school, case)
    copies = tmp_path_factory.mktemp("killed")
    killed = await asyncio.to_thread(run_module, "tests.storage.killed_destruction", str(school.folder), str(copies))
    assert killed.returncode == 0, killed.stderr
    ends: dict[int, str] = {}
    for copy in sorted(copies.iterdir(), key=lambda path: int(path.name)):
        ends[int(copy.name)] = await _end_of(copy, case)
    await school.open()
    assert set(ends.values()) == {"whole", "gone"}
    assert len(ends) > 4, "there are more places than that"
    assert list(ends.values()) == sorted(ends.values(), reverse=True), "once it is gone it is gone"


async def _end_of(copy: Path, case: Any) -> str:
    """What the next start makes of a kill."""
    school = school_in(copy)
    school.updates += 100  # those of the life that was killed
    school.later(minutes=5)
    await school.open()
    bea = await school.unlock("Bea Potter", BEA)
    try:
        await school.reads(bea, case)
        whole = True
    except NoSuchCase:
        whole = False
    named = Tombstone("case", case) in school.store._core.ledger.read()
    await school.store.watch.sweep()
    assert (await school.store.watch.verify()).holds
    left = await left_of(school, case)
    if whole:
        assert not named
        assert left
        assert await agree(school, bea, case) is None
        left = await left_of(school, case)
    assert left == set()
    assert Tombstone("case", case) in school.store._core.ledger.read()
    assert school.store.tampered == 0
    await school.store.close()
    return "whole" if whole else "gone"
