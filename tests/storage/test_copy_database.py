"""A database that is copied to another kind: all of it, whenever it is killed, and not in use before it was checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, update

from storage.database.copying import copy_tables
from storage.database.schema.cases import cases
from storage.database.schema.leads import leads
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.store import Store
from storage.upkeep import backup
from storage.upkeep.backup.copy_database import KeySide, copy_database
from storage.values.errors import Tampered, Unfit, UnfitDatabase
from tests.postgres import shared_server
from tests.raw_database import read_tables, tamper
from tests.team import CHEAP

KEY = ServerKey(b"k" * 32)


class Killed(BaseException):
    """Ends a copy as a kill would."""


@dataclass
class Progress:
    """Where a copy has come to; it is killed at its `until`th word, or as soon as it comes to a table."""

    until: int = 1_000_000
    table: str = ""
    told: list[tuple[str, int, int]] = field(default_factory=list)

    def __call__(self, name: str, done: int, total: int) -> None:
        self.told.append((name, done, total))
        if len(self.told) >= self.until or name == self.table:
            raise Killed


@pytest.fixture
async def other(school: Any, tmp_path: Path) -> Any:
    """An empty database of the other kind, and the school's own."""
    if school.engine == "postgresql":
        yield f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
        return
    async with (await shared_server()).database("template0") as url:
        yield url


@pytest.fixture
async def full(school: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A school of two leads and five cases with all that comes with them, closed; it is copied three rows at a time."""
    monkeypatch.setattr(copy_tables, "_READ", 3)
    monkeypatch.setattr(copy_tables, "_AT_ONCE", 3)
    ada = await school.join("Ada Lord")
    await school.join("Bo Hart", "head", chat=501)
    school.sent = [await school.send((ada,), chat=chat) for chat in range(1, 6)]
    await school.store.close()
    return school


async def copy(school: Any, target: str, progress: Progress | None = None, source: str = "") -> Any:
    keys = KeySide(KEY, DayKeys(school.folder / "days"), school.folder / "roster.version")
    urls = make_url(source or school.url), make_url(target)
    return await copy_database(*urls, keys, lambda: school.now, progress or Progress())


async def opened(school: Any, url: str) -> Store:
    return await Store.open(
        url,
        server_key=KEY,
        day_keys=DayKeys(school.folder / "days"),
        checkpoint=school.folder / "roster.version",
        clock=lambda: school.now,
        receipt_cost=CHEAP,
    )


async def test_a_copy_has_every_row_and_serves_as_the_first_one_did_and_back_again(full: Any, other: str) -> None:
    rows, progress = await read_tables(full.url), Progress()
    counts = await copy(full, other, progress)
    assert counts == {name: len(of) for name, of in rows.items()}
    assert await read_tables(other) == rows
    total = sum(counts.values())
    assert progress.told[-1][1:] == (total, total)
    full.store = await opened(full, other)
    ada = await full.unlock("Ada Lord")
    assert len((await full.store.desk.queues.page(ada)).rows) == 5
    sixth = await full.send((ada,), chat=6)  # numbers of rows go on after those that were copied
    await full.store.close()
    with pytest.raises(Unfit, match="not of a copy"):
        await copy(full, full.url, source=other)
    assert await read_tables(full.url) == rows
    await back_into_an_empty_one(full, other, sixth)


async def test_a_start_that_refused_a_new_database_leaves_one_that_can_be_copied_to(full: Any, other: str) -> None:
    """Somebody names the new database and starts Hark before copying: the keys tell of another one, so it refuses."""
    with pytest.raises(Tampered):
        await opened(full, other)
    await copy(full, other)
    assert await read_tables(other) == await read_tables(full.url)


async def back_into_an_empty_one(school: Any, source: str, sixth: Any) -> None:
    """Copy to a database of the kind that the school began on."""
    server = await shared_server()
    file = f"sqlite+aiosqlite:///{school.folder / 'again.db'}"
    target = file if school.engine == "sqlite" else await server.new_database("template0")
    rows = await read_tables(source)
    await copy(school, target, source=source)
    assert await read_tables(target) == rows
    school.store = await opened(school, target)
    assert await school.store.talks.open(school.arrival(6), sixth.words) is not None
    await school.store.close()
    if target != file:
        await server.drop_database(target)


async def test_killed_anywhere_it_goes_on_and_no_hark_starts_meanwhile(
    full: Any, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, done, kills = await read_tables(full.url), 0, 0
    with monkeypatch.context() as patched:
        patched.setattr(backup.copy_database, "migrate", killed)
        with pytest.raises(Killed):
            await copy(full, other)
    for until in count(3, 4):
        with pytest.raises(UnfitDatabase, match="has not come to its end"):
            await opened(full, other)
        progress = Progress(until)
        try:
            await copy(full, other, progress)
            break
        except Killed:
            kills += 1
            assert progress.told[-1][1] >= done
            done = progress.told[-1][1]
    assert kills > 3
    assert await read_tables(other) == rows
    await (await opened(full, other)).close()


async def killed(_: object) -> None:
    raise Killed


async def test_what_changed_between_two_parts_is_noticed(full: Any, other: str) -> None:
    with pytest.raises(Killed):
        await copy(full, other, Progress(table="readers"))
    await tamper(full.url, update(leads).values(title="another"))
    with pytest.raises(Unfit, match="not what is there now"):
        await copy(full, other)
    with pytest.raises(UnfitDatabase):
        await opened(full, other)


async def test_a_database_that_is_not_genuine_never_comes_to_the_end_of_its_copy(full: Any, other: str) -> None:
    await tamper(full.url, update(cases).values(rank=3))
    with pytest.raises(Unfit, match="not what was kept"):
        await copy(full, other)
    with pytest.raises(UnfitDatabase):
        await opened(full, other)


async def test_an_unfinished_copy_is_not_copied(full: Any, other: str, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        await copy(full, other, Progress(table="readers"))
    with pytest.raises(UnfitDatabase):
        await copy(full, f"sqlite+aiosqlite:///{tmp_path / 'third.db'}", source=other)


async def test_a_database_of_an_older_hark_is_not_copied(full: Any, other: str) -> None:
    from storage.database.migrate import migrate

    await migrate(full.url, "0013", back=True)
    with pytest.raises(Unfit, match="older"):
        await copy(full, other)
