"""`hark backup` and `hark restore` as an operator types them, and the note of a rehearsal."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.checks.records import look_at_backups
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.data_directory.rehearsal import FILE, rehearse, rehearsed
from bot.deployment.data_directory.single_instance import held, held_on_server
from bot.deployment.errors import reporting_errors
from bot.deployment.settings import Settings, load
from storage.core.destruction_ledger import LEDGER
from storage.sealing.keys.server_key import load_server_key
from storage.upkeep.backup.create_backup import make_backup
from storage.values.errors import Damaged
from tests.postgres import BIN, shared_server
from tests.programs.start import hark


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Those of a Hark that was opened once."""
    made = load({"HARK_DATA_DIR": str(tmp_path / "data"), "HARK_KEY_FILE": str(tmp_path / "keys" / "server.key")})
    store = await open_store(made)
    await store.close()
    return made


def typed(settings: Settings, *words: str) -> str:
    """Run a command; what it said, with its exit code first."""
    ran = hark(settings.data_dir, *words, HARK_KEY_FILE=str(settings.key_file))
    return f"{ran.returncode}\n{ran.stdout}{ran.stderr}"


def test_a_backup_is_made_rehearsed_and_restored_by_what_an_operator_types(settings: Settings, tmp_path: Path) -> None:
    made = typed(settings, "backup", "--to", str(tmp_path / "backups"))
    assert made.startswith("0\nbackup: "), made
    key = load_server_key(settings.key_file)
    assert rehearsed(settings, key) is None
    before = set(settings.data_dir.rglob("*"))
    tried = typed(settings, "restore", "--rehearse", str(tmp_path / "backups"))
    assert tried.startswith("0\nRehearsed"), tried
    assert set(settings.data_dir.rglob("*")) == before
    at = rehearsed(settings, key)
    assert at is not None
    assert timedelta() <= now() - at < timedelta(minutes=5)
    with held(settings):  # as a Hark that runs does
        in_use = typed(settings, "restore", "--replace", str(tmp_path / "backups"))
    assert "another Hark runs" in in_use, in_use
    (settings.data_dir / "hark.db").unlink()
    restored = typed(settings, "restore", str(tmp_path / "backups"))
    assert restored.startswith("0\nRestored."), restored
    assert ("/pager" in tried, "/pager" in restored) == (False, True), "the leads have to set their pagers again"


async def test_the_same_is_typed_where_the_database_is_a_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    server = await shared_server()
    url = await server.new_database("template0")
    own = {"HARK_DATA_DIR": str(tmp_path / "data"), "HARK_DATABASE_URL": url}
    settings = load(own)
    await (await open_store(settings)).close()

    async def said(*words: str, **environ: str) -> str:
        ran = await asyncio.to_thread(hark, settings.data_dir, *words, HARK_DATABASE_URL=url, **environ)
        return f"{ran.returncode}\n{ran.stdout}{ran.stderr}"

    to = str(tmp_path / "backups")
    assert (await said("backup", "--to", to)).startswith("0\nbackup: ")
    assert (await said("restore", "--rehearse", to)).startswith("0\nRehearsed")
    assert rehearsed(settings, load_server_key(settings.key_file)) is not None
    assert (await said("restore", to)).startswith("2\nhark: there is a database already")
    async with held_on_server(load({**own, "HARK_DATA_DIR": str(tmp_path / "other")})):  # as a Hark elsewhere does
        assert "another Hark runs on this database" in await said("restore", "--replace", to)
    replaced = await said("restore", "--replace", to)
    assert "lies aside: the schema hark_before_" in replaced, replaced
    assert "what is kept is genuine" in await said("doctor")
    without = await said("doctor", PATH="/nowhere")
    assert "pg_dump is not installed" in without
    await server.drop_database(url)


def test_a_note_of_a_rehearsal_that_somebody_wrote_by_hand_does_not_count(settings: Settings) -> None:
    key, note = load_server_key(settings.key_file), settings.keys_dir / FILE
    for written in ("", "[]", "{}", json.dumps({"rehearsed_at": "x", "backup_made_at": "x", "mac": "00"})):
        note.write_text(written)
        assert rehearsed(settings, key) is None
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).isoformat()
    note.write_text(json.dumps({"rehearsed_at": at, "backup_made_at": at, "mac": "00" * 32}))
    assert rehearsed(settings, key) is None


async def test_the_doctor_tells_how_old_the_last_rehearsal_is(settings: Settings, tmp_path: Path) -> None:
    key = load_server_key(settings.key_file)
    assert look_at_backups(settings, now()) == []  # going live asks for one
    backup, _ = await make_backup(
        settings.data_dir / "hark.db", settings.keys_dir / LEDGER, tmp_path / "backups", key, now
    )
    await rehearse(settings, backup, key, now)
    assert [one.level for one in look_at_backups(settings, now())] == ["good"]
    assert [one.level for one in look_at_backups(settings, now() + timedelta(days=60))] == ["look"]


def test_a_damaged_database_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with reporting_errors():
        raise Damaged
    said = capsys.readouterr().err
    assert said.startswith("hark: the database file is damaged, so Hark does not start")
    assert "hark restore" in said
