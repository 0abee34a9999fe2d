"""Where things lie: in the folder that was named, whatever signs are in its name, and for their owner alone."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.demo.sample_school import write_settings
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.data_directory.rehearsal import rehearse
from bot.deployment.invite_links import note_name
from bot.deployment.settings import load
from storage.core.destruction_ledger import LEDGER
from storage.database.engines import sqlite_url
from storage.sealing.keys.server_key import load_server_key
from storage.upkeep.backup.create_backup import make_backup
from storage.upkeep.backup.restore_backup import Place, restore
from tests.programs.start import hark

ODD = ["what?", "a#b", "%41", "100%", 'it\'s a "b"', "école 学校", "مدرسة", "a?mode=ro&b#c", "[x]*", "a:b", "~x"]
#: All of it in one name, for what takes processes.
ALL = 'wh?at#%41 it\'s "é" مدرسة &[x]*'


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.sqlite_only("its file lies where it was asked for")
@pytest.mark.parametrize("name", ODD)
async def test_everything_lies_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    settings = load({"HARK_DATA_DIR": f"{tmp_path / name}/"})
    await (await open_store(settings)).close()
    made = files_below(tmp_path)
    assert {path.name for path in made} >= {"hark.db", "server.key", "roster"}
    assert [path for path in made if tmp_path / name not in path.parents] == []
    with closing(sqlite3.connect(tmp_path / name / "hark.db")) as database:
        assert database.execute("SELECT count(*) FROM leads").fetchone() == (0,)


@pytest.mark.sqlite_only("a backup is a copy of the database file")
def test_backups_and_restores_look_where_hark_looks(tmp_path: Path) -> None:
    """As an operator types it, from another folder and by a relative path."""
    folder, to = tmp_path / ALL, tmp_path / f"to {ALL}"
    assert hark(folder, "invite", "Anna Berg", "--role", "lead", "--site", "practice").returncode == 0
    made = hark(folder, "backup", "--to", str(to))
    assert (made.returncode, made.stderr) == (0, "")
    (folder / "hark.db").unlink()
    back = hark(Path(os.path.relpath(folder, Path.cwd())), "restore", str(to))
    assert (back.returncode, back.stderr) == (0, "")
    with closing(sqlite3.connect(folder / "hark.db")) as database:
        assert database.execute("SELECT count(*) FROM leads").fetchone() == (0,)
    assert {path.name for path in tmp_path.iterdir()} == {ALL, f"to {ALL}"}


def test_a_path_whose_letters_the_terminal_has_not_is_told_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    assert hark(folder, "invite", "Anna Berg", "--role", "lead", "--site", "practice").returncode == 0
    made = hark(folder, "backup", PYTHONIOENCODING="ascii")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("backup: ")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite+aiosqlite:////srv/hark/hark.db", "/srv/hark/hark.db"),
        ("sqlite+aiosqlite:////srv/a%3Fb/hark.db", "/srv/a?b/hark.db"),
        ("sqlite+aiosqlite:////srv/%41%25/h%23.db", "/srv/A%/h#.db"),
        ("sqlite+aiosqlite:////srv/a b#c/é.db", "/srv/a b#c/é.db"),
        ("sqlite+aiosqlite:///below/hark.db", "below/hark.db"),
    ],
)
def test_a_database_of_ones_own_lies_where_sqlalchemy_reads_it(tmp_path: Path, url: str, path: str) -> None:
    database = load({"HARK_DATA_DIR": str(tmp_path), "HARK_DATABASE_URL": url}).database
    assert database == Path(path) == Path(make_url(url).database or "")
    assert sqlite_url(database).database == str(Path(path).absolute())


async def test_home_is_somebodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = load(
        {"HARK_DATA_DIR": "~/data", "HARK_KEY_FILE": "~/keys/k", "HARK_DATABASE_URL": "sqlite+aiosqlite:///~/h.db"}
    )
    assert (settings.data_dir, settings.key_file) == (tmp_path / "data", tmp_path / "keys" / "k")
    assert settings.database == tmp_path / "h.db"


class Watching:
    """Looks at the mode of every file below a folder each time that something is done to a file: also half-way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.on = False
        self.looks = 0
        self.open_to_others: set[str] = set()

    def look(self, event: str, _: object) -> None:
        if not self.on or not event.startswith(("open", "os.", "sqlite3.", "shutil.")):
            return
        self.on = False  # looking does things to files, too
        self.looks += 1
        for folder, _folders, files in os.walk(self.folder):
            for name in files:
                path = os.path.join(folder, name)  # noqa: PTH118 - cheap: it is done hundreds of times
                if os.path.exists(path) and os.stat(path).st_mode & (stat.S_IRWXG | stat.S_IRWXO):  # noqa: PTH110, PTH116 - likewise
                    self.open_to_others.add(name)
        self.on = True

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch while the block runs, under the widest umask; a hook cannot be taken away, so it is put to rest."""
        sys.addaudithook(self.look)
        before = os.umask(0)
        self.on = True
        try:
            yield
        finally:
            self.on = False
            os.umask(before)


async def test_every_file_is_for_its_owner_alone_from_the_moment_it_exists(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    settings = load({"HARK_DATA_DIR": str(tmp_path / "data")})
    with watching.watched():
        store = await open_store(settings)
        await store.leads.invites.draw("Anna Berg", "lead", settings.home, "Lead")
        write_settings(settings.data_dir)
        note_name(settings.data_dir, "oak_school_bot")
        there = {path.name for path in settings.data_dir.iterdir()}
        key = load_server_key(settings.key_file)
        made, _ = await make_backup(settings.database, settings.keys_dir / LEDGER, tmp_path / "to", key, now)
        await rehearse(settings, made, key, now)
        await store.close()
        place = Place(settings.database, settings.keys_dir / "roster", key)
        await restore(made, place, now, replace=True)
    assert {"hark.db", "hark.db-wal", "hark.db-shm", "hark.toml", "telegram-name"} <= there
    assert watching.open_to_others == set()
    assert watching.looks > 100


def test_watching_would_see_a_file_that_is_shut_only_afterwards(tmp_path: Path) -> None:
    watching = Watching(tmp_path)
    with watching.watched():
        (tmp_path / "late").write_text("x")
        (tmp_path / "late").chmod(0o600)
    assert watching.open_to_others == {"late"}


def test_whatever_a_command_makes_is_for_its_owner_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert hark(tmp_path / "a" / "b", "invite", "Anna Berg", "--role", "lead", "--site", "practice").returncode == 0
    finally:
        os.umask(before)
    open_to_others = [path for path in tmp_path.rglob("*") if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    assert open_to_others == []
