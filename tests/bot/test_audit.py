"""`hark audit` as an operator types it, on the server and far from it: words, exit codes, files."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.deployment.data_directory.checkpoint_file import append_note
from bot.deployment.data_directory.hand_outs import last_hand_out
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.settings import load
from storage.database.turn import Logged
from storage.sealing.keys.server_key import load_server_key
from tests.programs.start import hark

#: What a server's database adds is in `tests/storage/test_audit_log.py`.
pytestmark = pytest.mark.sqlite_only("somebody writes into the file past Hark")


async def grow(folder: Path, rows: int) -> None:
    store = await open_store(load({"HARK_DATA_DIR": str(folder)}))
    try:
        for number in range(rows):
            await store._core.commit(Logged(3600 * number, "ada", "read", None))
    finally:
        await store.close()


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """The data directory of a Hark in which something was done."""
    made = tmp_path / "data"
    await grow(made, 12)
    return made


def change(database: Path, statement: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(statement)


async def test_what_was_handed_out_verifies_the_database_and_a_backup_also_without_the_key(
    folder: Path, tmp_path: Path
) -> None:
    key, notes = hark(folder, "audit", "key").stdout.strip(), tmp_path / "notes"
    assert hark(folder, "audit", "checkpoint", "--to", str(notes)).returncode == 0
    assert last_hand_out(folder / "keys", load_server_key(folder / "keys" / "server.key")) is not None
    await grow(folder, 5)
    append_note(notes, hark(folder, "audit", "checkpoint").stdout)
    done = hark(folder, "audit", "verify", str(notes))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "The audit log holds: 17 entries.",
        "Checkpoints: 2, the newest of 17 entries. All up to there is as it was.",
        "Each entry's MAC is the server's.",
    ]
    backup = hark(folder, "backup").stdout.splitlines()[0].removeprefix("backup: ")
    before = (Path(backup) / "hark.db").read_bytes()
    elsewhere = tmp_path / "elsewhere"
    for named in (backup, f"{backup}/hark.db"):
        done = hark(elsewhere, "audit", "verify", "--key", key, "--database", named, str(notes))
        assert (done.returncode, done.stderr) == (0, "")
        assert "The MACs were not checked: the server key is not here." in done.stdout
    assert (Path(backup) / "hark.db").read_bytes() == before
    assert not elsewhere.exists()


async def test_each_fault_is_one_sentence_and_the_code_tells_a_changed_log_from_a_foreign_checkpoint(
    folder: Path, tmp_path: Path
) -> None:
    key, note = hark(folder, "audit", "key").stdout.strip(), tmp_path / "note"
    note.write_text(hark(folder, "audit", "checkpoint").stdout)
    far = ("audit", "verify", "--key", key, "--database", str(folder / "hark.db"))
    change(folder / "hark.db", "UPDATE audit SET lead_id = 'eve' WHERE number = 7")
    done = hark(tmp_path / "x", *far, str(note))
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == f"hark: the log was changed after entry 0: it is not what {note}, of 12 entries, was made of\n"
    )
    done = hark(folder, "audit", "verify", str(note))
    assert done.returncode == 1
    first = "hark: entry 7 is not what the server wrote: the log was changed after entry 6"
    assert done.stderr.splitlines()[0] == first
    change(folder / "hark.db", "DELETE FROM audit WHERE number > 6")
    done = hark(tmp_path / "x", *far, str(note))
    assert (done.returncode, done.stderr) == (
        1,
        f"hark: the log was cut: it ends after entry 6, and {note} is of 12 entries\n",
    )
    note.write_text(note.read_text().replace("12", "11"))
    done = hark(tmp_path / "x", *far, str(note))
    assert (done.returncode, done.stderr) == (3, f"hark: {note} is no checkpoint or proof that a known key signed\n")
    for wrong, said in (
        (("--key", "nonsense"), "--key is no verifier key: give the line that hark audit key prints, in quotes"),
        (("--key", key, "--database", str(tmp_path / "none")), "there is no database at that place"),
        (("--key", key, "--database", str(note)), "there is no audit log of Hark in that database"),
        ((), "no key to verify checkpoints with: give --key the first line that hark audit key printed on the server"),
    ):
        done = hark(tmp_path / "x", "audit", "verify", *wrong)
        assert (done.returncode, done.stderr) == (2, f"hark: {said}\n")


async def test_a_log_that_was_cut_on_the_server_gets_no_further_checkpoint(folder: Path) -> None:
    store = await open_store(load({"HARK_DATA_DIR": str(folder)}))
    await store.watch.sweep()
    await store.close()
    change(folder / "hark.db", "DELETE FROM audit WHERE number > 10")
    done = hark(folder, "audit", "checkpoint")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the log was cut: it ends after entry 10" in done.stderr


async def test_a_proof_of_an_entry_verifies_and_names_nobody(folder: Path, tmp_path: Path) -> None:
    key, proof = hark(folder, "audit", "key").stdout.strip(), tmp_path / "entry.tlog-proof"
    assert hark(folder, "audit", "prove", "4", "--to", str(proof)).returncode == 0
    await grow(folder, 3)
    far = ("audit", "verify", "--key", key, "--database", str(folder / "hark.db"), str(proof))
    done = hark(tmp_path / "x", *far)
    assert (done.returncode, f"{proof} proves entry 4." in done.stdout) == (0, True), done.stderr
    change(folder / "hark.db", "UPDATE audit SET hour = 0 WHERE number = 4")
    assert hark(tmp_path / "x", *far).returncode == 1
    done = hark(folder, "audit", "prove", "99")
    assert done.returncode == 1


async def test_a_seal_is_found_however_it_was_noted(folder: Path) -> None:
    store = await open_store(load({"HARK_DATA_DIR": str(folder)}))
    seal = await store.audit.seal()
    await store.close()
    assert seal is not None
    await grow(folder, 2)
    done = hark(folder, "audit", "verify", "--seal", seal.lower().replace("-", " "))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Seal {seal}: the log had 12 entries. All up to there is as it was." in done.stdout
    done = hark(folder, "audit", "verify", "--seal", "AAAAA-AAAAA-AAAAA-AAAAA")
    assert done.returncode == 1


def test_a_note_is_appended_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    append_note(path, "one\n\nsigned\n")
    append_note(path, "two\n\nsigned\n")
    assert path.read_text() == "\none\n\nsigned\n\ntwo\n\nsigned\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OSError, match="No space left"):
        append_note(Path("/dev/full"), "one\n")
