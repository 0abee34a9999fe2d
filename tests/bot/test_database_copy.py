"""`hark database copy` as an operator types it: the locks, the words, and a kill in the middle."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.commands.upkeep.database import ProgressBar
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.database_address import DatabaseServer, read_argument
from bot.deployment.settings import SettingsError, load
from storage.database.engines import sqlite_url
from storage.database.schema.chats import quarantine
from tests.bot.test_commands import ROOT, hark
from tests.postgres import Server
from tests.programs.run import program
from tests.raw_database import count_rows, read_tables, tamper

MANY = 20_000  # rows: a second's work


@pytest.fixture
async def url(server: Server) -> AsyncIterator[str]:
    async with server.database("template0") as url:
        yield url


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """The data directory of a Hark that was started once."""
    made = tmp_path / "data"
    await (await open_store(load({"HARK_DATA_DIR": str(made)}))).close()
    return made


def copy(folder: Path, source: str | Path, target: str | Path, **environ: str) -> tuple[int, str, str]:
    done = hark(folder, "database", "copy", str(source), str(target), **environ)
    return done.returncode, done.stdout, done.stderr


async def test_a_school_goes_over_to_a_server_and_back(folder: Path, url: str, tmp_path: Path) -> None:
    before = await read_tables(sqlite_url(folder / "hark.db"))
    code, said, wrong = await asyncio.to_thread(copy, folder, folder / "hark.db", url)
    assert (code, wrong) == (0, ""), said
    assert said.splitlines()[-3] == "Copied and checked: fewer than 5 cases, all genuine."
    assert "copying audit" in said
    assert await read_tables(url) == before
    async with program("run", folder, {"HARK_DATABASE_URL": url, "HARK_WEB_PORT": "0"}):
        code, _, wrong = await asyncio.to_thread(copy, folder, url, tmp_path / "back.db", HARK_WEB_PORT="0")
        assert (code, "another Hark runs" in wrong) == (2, True), wrong
    after = await read_tables(url)
    code, _, wrong = await asyncio.to_thread(copy, folder, url, tmp_path / "back.db")
    assert (code, wrong) == (0, "")
    assert await read_tables(sqlite_url(tmp_path / "back.db")) == after
    assert not (tmp_path / "back.db").stat().st_mode & 0o077


async def test_a_hark_that_runs_on_either_database_stops_it(folder: Path, url: str, tmp_path: Path) -> None:
    own = {"HARK_DATABASE_URL": url, "HARK_WEB_PORT": "0"}
    async with program("run", tmp_path / "other", own):
        code, _, wrong = await asyncio.to_thread(copy, folder, folder / "hark.db", url)
    assert (code, wrong) == (2, "hark: HARK_DATABASE_URL: another Hark runs on this database; stop it first\n")


async def test_killed_with_nine_it_goes_on_and_hark_refuses_to_start_meanwhile(folder: Path, url: str) -> None:
    file = sqlite_url(folder / "hark.db")
    rows = [{"id": number, "day": "2026-11-23", "sealed": b"x" * 900} for number in range(MANY)]
    await tamper(file, insert(quarantine).values(rows[0]))
    for begin in range(1, MANY, 5_000):
        await tamper(file, insert(quarantine).values(rows[begin : begin + 5_000]))
    typed = (sys.executable, "-m", "bot", "database", "copy", str(folder / "hark.db"), url)
    environ = {**os.environ, "HARK_DATA_DIR": str(folder)}
    copying = await asyncio.create_subprocess_exec(
        *typed, cwd=ROOT, env=environ, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert copying.stdout is not None
    while await copying.stdout.readline() != b"copying quarantine\n":
        pass
    async with asyncio.timeout(30):
        while not (there := await count_rows(url, quarantine)):  # noqa: ASYNC110 - the condition is the server's
            await asyncio.sleep(0)
    copying.send_signal(signal.SIGKILL)
    await copying.wait()
    assert 0 < there <= await count_rows(url, quarantine) < MANY
    started = await asyncio.to_thread(hark, folder, "run", HARK_DATABASE_URL=url)
    assert started.returncode == 2
    assert "hark database copy again" in started.stderr
    code, said, wrong = await asyncio.to_thread(copy, folder, folder / "hark.db", url)
    assert (code, wrong) == (0, ""), said
    assert await read_tables(url) == await read_tables(file)
    assert (await asyncio.to_thread(hark, folder, "doctor", HARK_DATABASE_URL=url)).stdout.count("genuine")


def test_what_cannot_be_copied_is_told_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    file = folder / "hark.db"
    told = {
        copy(folder, tmp_path / "none.db", "b.db"): "FROM: names no database file",
        copy(folder, file, tmp_path): "TO: names a folder",
        copy(folder, file, f"sqlite+aiosqlite:///{file}"): "TO: is the same database",
        copy(folder, file, "mysql://canary@/x"): "TO: the path of a file behind",
        copy(folder, file, "postgresql://hark@db.example/hark"): "TO: needs ?sslmode=verify-full",
        copy(folder, file, "postgresql://hark:canary@localhost/hark"): "TO: may not hold a password",
        copy(folder, file, f"postgresql://hark@/hark?host={tmp_path}"): "the database cannot be opened",
    }
    for (code, _, wrong), sentence in told.items():
        assert code == 2
        assert sentence in wrong
        assert "canary" not in wrong
        assert "Traceback" not in wrong


def test_the_password_of_the_settings_serves_for_the_same_database_only() -> None:
    configured = DatabaseServer("postgresql+asyncpg://hark:canary@localhost/hark")
    assert read_argument("TO", "postgresql://hark@localhost/hark", configured) is configured
    assert read_argument("TO", "hark.db", configured) == Path("hark.db")
    for other in ("postgresql://hark@localhost/other", "postgresql://mark@localhost/hark"):
        read = read_argument("TO", other, configured)
        assert isinstance(read, DatabaseServer)
        assert "canary" not in read.url
    with pytest.raises(SettingsError, match="password"):
        read_argument("TO", "postgresql://hark:x@localhost/hark", configured)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_moves_on_a_terminal_and_lines_come_elsewhere() -> None:
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        bar = ProgressBar(out)
        for done in (0, 1, 499, 500):
            bar.show("cases", done, 1000)
        bar.show("entries", 1000, 1000)
        bar.end()
    assert file.getvalue() == "copying cases\ncopying entries\n"
    frames = terminal.getvalue().split("\r")[1:]
    assert [frame.split("]")[1].split() for frame in frames] == [
        ["0", "%", "cases"],
        ["49", "%", "cases"],
        ["50", "%", "cases"],
        ["100", "%", "entries"],
    ]
    assert frames[-1].endswith("\n")
    assert frames[2].count("#") == 15
