"""`hark key rotate` as an operator types it: the locks, the words, what it leaves to do, and what a start does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.deployment.data_directory.key_place import key_place
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.settings import load
from flows.values.ids import SiteId
from storage.database import instrumentation
from storage.sealing.keys.key_exchange import begin, is_begun, is_ending
from storage.sealing.keys.server_key import ServerKey, load_server_key, read_server_key
from storage.upkeep.rotation import rotate as rotation
from storage.upkeep.rotation.rotate import rotate
from storage.values.errors import Unfit
from tests.bot.test_audit import grow
from tests.bot.test_commands import hark
from tests.programs.run import program

#: What a server's database adds is in `tests/storage/test_rotation.py`.
pytestmark = pytest.mark.sqlite_only("the same command, whatever keeps the rows")


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """The data directory of a Hark in which something was done, and somebody invited."""
    made = tmp_path / "data"
    await grow(made, 12)
    store = await open_store(load({"HARK_DATA_DIR": str(made)}))
    await store.leads.invites.draw("Ada Byron", "lead", SiteId("practice"))
    await store.close()
    return made


def key_file(folder: Path) -> Path:
    return load({"HARK_DATA_DIR": str(folder)}).key_file


class _Killed(BaseException):
    """As if the process had been killed just there."""


async def cut_off(folder: Path, point: str) -> None:
    """Change the key up to a point, and no further."""

    def reached(at: instrumentation.Point) -> None:
        if at == point:
            raise _Killed

    instrumentation.arm(reached)
    try:
        with pytest.raises(_Killed):
            await rotate(key_place(load({"HARK_DATA_DIR": str(folder)})), lambda *_: None)
    finally:
        instrumentation.arm(None)


async def test_the_key_is_another_one_and_what_is_left_to_do_is_said(folder: Path, tmp_path: Path) -> None:
    before, public = load_server_key(key_file(folder)), hark(folder, "audit", "key").stdout
    notes = tmp_path / "notes"
    hark(folder, "audit", "checkpoint", "--to", str(notes))
    done = await asyncio.to_thread(hark, folder, "key", "rotate")
    assert (done.returncode, done.stderr) == (0, "")
    assert "binding audit" in done.stdout
    assert "fewer than 5 cases checked with it, and the old key is destroyed." in done.stdout
    assert "The invite for Ada Byron has ended: give hark invite again." in done.stdout
    assert "Make a backup now" in done.stdout
    assert load_server_key(key_file(folder)) != before
    assert sorted(path.name for path in key_file(folder).parent.glob("server.key*")) == [
        "server.key",
        "server.key.lock",
    ]
    after = hark(folder, "audit", "key").stdout
    assert after.splitlines()[0] not in public
    (tmp_path / "keys").write_text(after)
    done = hark(folder, "audit", "verify", str(notes), str(tmp_path / "keys"))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Each entry's MAC is the server's." in done.stdout
    database, elsewhere = str(folder / "hark.db"), tmp_path / "elsewhere"
    files = (str(notes), str(tmp_path / "keys"))
    for known in (public, after):
        key = known.splitlines()[0]
        done = hark(elsewhere, "audit", "verify", "--key", key, "--database", database, *files)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    done = hark(elsewhere, "audit", "verify", "--key", after.splitlines()[0], "--database", database, str(notes))
    assert done.returncode == 3, "without what leads from one key to the other"


async def test_a_hark_that_runs_or_a_command_at_work_stops_it(folder: Path) -> None:
    before = load_server_key(key_file(folder))
    async with program("run", folder, {"HARK_WEB_PORT": "0"}):
        done = await asyncio.to_thread(hark, folder, "key", "rotate", HARK_WEB_PORT="0")
        assert (done.returncode, "another Hark runs" in done.stderr) == (2, True), done.stderr
    store = await open_store(load({"HARK_DATA_DIR": str(folder)}))
    done = await asyncio.to_thread(hark, folder, "key", "rotate")
    await store.close()
    assert (done.returncode, "another command of Hark is at work" in done.stderr) == (2, True), done.stderr
    assert load_server_key(key_file(folder)) == before


async def test_where_there_is_nothing_to_change_it_says_so(tmp_path: Path) -> None:
    done = await asyncio.to_thread(hark, tmp_path / "new", "key", "rotate")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "hark: nothing is kept yet, so there is no server key to change\n"


@pytest.mark.parametrize("point", ["commit.midway", "commit.done"])
async def test_cut_off_every_command_says_so_and_it_goes_on(folder: Path, point: str) -> None:
    before = load_server_key(key_file(folder))
    await cut_off(folder, point)
    for command in (["backup"], ["audit", "key"], ["invite", "Eve", "--role", "lead", "--site", "practice"]):
        done = await asyncio.to_thread(hark, folder, *command)
        assert done.returncode == 2
        assert done.stderr.startswith("hark: the server key is being exchanged: stop Hark and give hark key rotate")
        assert len(done.stderr.splitlines()) == 1
    done = await asyncio.to_thread(hark, folder, "doctor")
    assert done.returncode == 1
    assert "WRONG a change of the server key was cut off" in done.stdout
    done = await asyncio.to_thread(hark, folder, "key", "rotate")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The change that was cut off has come to its end" in done.stdout
    assert load_server_key(key_file(folder)) != before
    done = await asyncio.to_thread(hark, folder, "doctor")
    assert "ok    the server key is of " in done.stdout
    assert hark(folder, "audit", "verify").returncode == 0


@pytest.mark.parametrize(("point", "changes"), [("commit.ready", False), ("commit.done", True)])
async def test_a_start_brings_it_to_its_end_or_takes_it_back(folder: Path, point: str, changes: bool) -> None:  # noqa: FBT001 - a parameter
    before = load_server_key(key_file(folder))
    await cut_off(folder, point)
    drawn = begin(key_file(folder))
    async with program("run", folder, {"HARK_WEB_PORT": "0"}):
        assert load_server_key(key_file(folder)) == (drawn if changes else before)
    assert not is_begun(key_file(folder))
    assert not is_ending(key_file(folder))
    assert hark(folder, "audit", "verify").returncode == 0


async def test_what_is_worse_than_before_destroys_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_server_key(key_file(folder))
    monkeypatch.setattr(rotation, "_is_worse", lambda *_: True)
    with pytest.raises(Unfit, match="nothing is destroyed"):
        await rotate(key_place(load({"HARK_DATA_DIR": str(folder)})), lambda *_: None)
    assert read_server_key(key_file(folder)) == before
    assert is_begun(key_file(folder))


async def test_with_another_key_or_none_one_sentence_is_all(folder: Path) -> None:
    await asyncio.to_thread(hark, folder, "key", "rotate")
    path = key_file(folder)
    content = path.read_bytes()
    path.unlink()
    done = await asyncio.to_thread(hark, folder, "invite", "Eve", "--role", "lead", "--site", "practice")
    assert (done.returncode, done.stderr) == (2, "hark: there is no server key file (HARK_KEY_FILE)\n")
    done = await asyncio.to_thread(hark, folder, "key", "rotate")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    path.write_bytes(b"hark server key 1\n" + b"A" * 43 + b"=\n")
    path.chmod(0o600)
    assert load_server_key(path) == ServerKey(bytes(32))
    for command in (["invite", "Eve", "--role", "lead", "--site", "practice"], ["key", "rotate"]):
        done = await asyncio.to_thread(hark, folder, *command)
        assert done.returncode == 2
        assert done.stderr.startswith("hark: the database does not belong to the key file")
        assert len(done.stderr.splitlines()) == 1
    assert not is_begun(path)
    path.write_bytes(content)
    assert hark(folder, "audit", "verify").returncode == 0


async def test_killed_with_nine_it_goes_on(folder: Path) -> None:
    await grow(folder, 3_000)
    before = load_server_key(key_file(folder))
    environ = {**os.environ, "HARK_DATA_DIR": str(folder)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "key", "rotate"), env=environ, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    while line := await process.stdout.readline():
        if line.startswith(b"binding audit"):
            break
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert read_server_key(key_file(folder)) == before
    done = await asyncio.to_thread(hark, folder, "key", "rotate")
    assert (done.returncode, done.stderr) == (0, "")
    assert load_server_key(key_file(folder)) != before
    assert hark(folder, "audit", "verify").returncode == 0
