"""The way in which tests read and write rows beside Hark: it sees what is there, and no test opens the file itself."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from storage.database.schema.cases import cases, entries, headers
from storage.database.schema.chats import definitions
from storage.database.schema.leads import leads
from storage.values import Arrival
from tests.raw_database import (
    count_rows,
    damage,
    fetch,
    raw_bytes,
    read_tables,
    rename_tables,
    tamper,
    under_way,
    unreachable,
    write_tables,
    writes_held,
)
from tests.storage.test_chats import a_draft

TESTS = Path(__file__).parents[1]
CLEAR = "these questions are kept in clear"
#: Makes a fixture with the code of an older release, which has none of this.
OLD = TESTS / "storage" / "fixtures" / "make_0_1_0.py"


@pytest.fixture
async def sent(school: Any) -> Arrival:
    """A case, and a draft whose questions are in clear; gives an update that was not heard yet."""
    await school.send((await school.join("Ada Byron"),))
    await school.store.drafts.keep(school.arrival(7), a_draft(school), CLEAR, None)
    arrival: Arrival = school.arrival(8)
    return arrival


@pytest.mark.usefixtures("sent")
async def test_what_was_written_a_moment_ago_is_among_the_bytes_and_so_is_what_was_deleted(school: Any) -> None:
    assert CLEAR.encode() in await raw_bytes(school.url)
    await tamper(school.url, delete(definitions))
    assert CLEAR.encode() in await raw_bytes(school.url), "it stands in the log still"
    assert b"kept nowhere" not in await raw_bytes(school.url)


@pytest.mark.usefixtures("sent")
async def test_tables_that_are_put_back_are_as_they_were_also_where_parents_were_missing(school: Any) -> None:
    before = await read_tables(school.url)
    await tamper(school.url, delete(cases), delete(headers))
    assert await write_tables(school.url, {"entries": []})
    assert [await count_rows(school.url, table) for table in (cases, headers, entries)] == [0, 0, 0]
    assert await write_tables(school.url, {name: before[name] for name in ("entries", "headers", "cases")})
    assert await read_tables(school.url) == before
    assert (await school.store.watch.verify()).holds


@pytest.mark.usefixtures("sent")
async def test_rows_that_a_constraint_refuses_change_nothing(school: Any) -> None:
    before = await read_tables(school.url)
    assert not await write_tables(school.url, {"headers": [], "cases": before["cases"] * 2})
    assert await read_tables(school.url) == before


async def test_a_statement_that_finds_nothing_is_an_error_and_what_came_before_it_is_taken_back(school: Any) -> None:
    await school.join("Ada Byron")
    before = await read_tables(school.url)
    with pytest.raises(AssertionError, match="UPDATE cases"):
        await tamper(school.url, update(leads).values(role="head"), update(cases).values(rank=0))
    assert await read_tables(school.url) == before


async def test_while_writes_are_held_everybody_reads_and_nobody_writes(school: Any, sent: Arrival) -> None:
    async with writes_held(school.url) as release:
        writing = asyncio.create_task(school.store.seen(sent))
        await under_way(school.store._core.writer)
        assert await count_rows(school.url, cases) == 1
        assert not writing.done()
        await release()
        await writing


@pytest.mark.parametrize("how", ["unreachable", "renamed"])
async def test_what_was_out_of_reach_for_a_while_is_there_again(school: Any, how: str) -> None:
    asked = select(cases)
    if how == "unreachable":
        async with unreachable(school.url):
            with pytest.raises(DBAPIError):
                await fetch(school.url, asked)
    else:
        await rename_tables(school.url, {"cases": "gone"})
        with pytest.raises(DBAPIError):
            await fetch(school.url, asked)
        await rename_tables(school.url, {"gone": "cases"})
    assert await fetch(school.url, asked) == []


async def test_what_was_damaged_is_read_no_more(school: Any) -> None:
    await school.store.close()
    await damage(school.url)
    with pytest.raises(DBAPIError):
        await fetch(school.url, select(cases))


@pytest.mark.sqlite_only("its log lies beside the file, and a connection that may write would empty it")
@pytest.mark.usefixtures("sent")
async def test_reading_leaves_the_log_of_a_hark_that_was_killed_as_it_was(school: Any, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    killed.mkdir()
    for end in ("", "-wal"):
        (killed / f"hark.db{end}").write_bytes((school.folder / f"hark.db{end}").read_bytes())
    log = (killed / "hark.db-wal").read_bytes()
    assert await count_rows(f"sqlite+aiosqlite:///{killed / 'hark.db'}", cases) == 1
    assert (killed / "hark.db-wal").read_bytes() == log != b""


def test_only_what_says_that_it_is_about_sqlite_opens_a_database_by_its_driver() -> None:
    opens = re.compile(r"^\s*(?:import|from) sqlite3\b", re.MULTILINE)
    every = (path for path in TESTS.rglob("*.py") if "bench" not in path.parts)  # a bench fills a file past Hark
    found = {path for path in every if opens.search(path.read_text("utf-8"))} - {OLD}
    assert [path.name for path in sorted(found) if "pytest.mark.sqlite_only(" not in path.read_text("utf-8")] == []
    assert found, "this looks at nothing"
