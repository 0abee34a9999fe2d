"""Backups: what they hold and leave out, what a restore refuses, and what stays destroyed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, func, make_url, select, table, update

from storage.core.destruction_ledger import LEDGER, DestructionLedger, Tombstone
from storage.core.register import Register, register_beside
from storage.database.schema import metadata
from storage.database.schema.cases import cases
from storage.deeds.status import CloseCase
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.xwing import public_key
from storage.upkeep.backup import create_backup, restore_backup
from storage.upkeep.backup.create_backup import make_backup
from storage.upkeep.backup.manifest import DATABASE, DUMP, MANIFEST, read_manifest, sha256_of, write_manifest
from storage.upkeep.backup.postgresql_dumps import load_dump
from storage.upkeep.backup.restore_backup import Place, Restored, find_backup, restore
from storage.upkeep.backup.sqlite_files import left_out
from storage.values import CaseId
from storage.values.errors import NotUnlocked, Tampered, Unfit
from tests.postgres import BIN, shared_server
from tests.programs.start import run_module
from tests.raw_database import count_rows, raw_bytes, tamper

FILE = pytest.mark.sqlite_only("is about files of SQLite: what is in a backup is looked at, and moved, as a file")

ROOT = Path(__file__).parents[2]
KEY = ServerKey(b"k" * 32)
OTHERS_KEY = ServerKey(b"o" * 32)


@pytest.fixture(autouse=True)
def _programs_of_the_servers_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pg_dump` and `pg_restore` beside the server of the tests, before those that the machine may have."""
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")


def database_of(school: Any) -> Path | URL:
    return school.folder / "hark.db" if school.engine == "sqlite" else make_url(school.url)


def place_of(school: Any) -> Place:
    return Place(database_of(school), school.folder / "roster.version", KEY, school.folder)


async def backed_up(school: Any) -> Path:
    """A backup of the running school."""
    made, _ = await make_backup(
        database_of(school), school.folder / LEDGER, school.folder / "backups", KEY, lambda: school.now
    )
    return made


async def put_back(school: Any, backup: Path, *, replace: bool = True) -> Restored:
    """Close the school, restore, and open it again."""
    await school.store.close()
    school.later(seconds=1)  # what is put aside has the time in its name
    try:
        return await restore(backup, place_of(school), lambda: school.now, replace=replace)
    finally:
        await school.open()


def url_of(file: Path | str) -> str:
    """Of a database in a backup, or put aside by a restore."""
    return f"sqlite+aiosqlite:///{file}"


def data_of(backup: Path) -> Path:
    """The file with the rows."""
    return next(path for path in (backup / DATABASE, backup / DUMP) if path.exists())


async def rows_of(backup: Path, elsewhere: Path) -> str:
    """The URL of a file with the rows of a backup."""
    manifest = read_manifest(backup / MANIFEST, KEY)
    if manifest.engine == "sqlite":
        return url_of(backup / DATABASE)
    await load_dump(backup / DUMP, elsewhere / "loaded.db", manifest.schema)
    return url_of(elsewhere / "loaded.db")


async def filled(url: str) -> set[str]:
    """Which of the tables that a backup leaves out have rows."""
    return {name for name in left_out() if await count_rows(url, metadata.tables[name])}


@pytest.fixture
async def told(school: Any) -> tuple[Any, Any, Any]:
    """A school with two leads and a case, its reporter's receipt, and the case's id."""
    ada = await school.join("Ada Lord")
    await school.join("Bo Hart", "head", chat=501)
    sent = await school.send((ada,))
    [row] = (await school.store.desk.queues.page(ada)).rows
    return school, sent, row


async def test_a_backup_made_while_hark_runs_brings_everything_back_elsewhere(told: Any, tmp_path: Path) -> None:
    school, sent, row = told
    backup = await backed_up(school)
    elsewhere = type(school)(tmp_path / "elsewhere", now=school.now, secrets=school.secrets)
    elsewhere.folder.mkdir()
    place = Place(elsewhere.folder / "hark.db", elsewhere.folder / "roster.version", KEY)
    restored = await restore(backup, place, lambda: school.now)
    assert (restored.manifest.rows["cases"], restored.checkpoint) == (1, False)
    await elsewhere.open()
    ada = await elsewhere.unlock("Ada Lord")
    view = await elsewhere.store.desk.open_case(ada, elsewhere.arrival(500), row.id)
    assert "zebrafish-canary" in str(view)
    assert await elsewhere.store.talks.open(elsewhere.arrival(9), sent.words) is not None
    await elsewhere.store.close()


async def test_what_day_keys_seal_and_what_would_be_good_again_is_left_out(told: Any, tmp_path: Path) -> None:
    school, _, row = told
    await school.store.leads.invites.draw("Cy Moss", "lead", row.site)
    assert {"invites", "seen", "unspoken"} <= await filled(school.url)
    backup = await backed_up(school)
    assert await filled(await rows_of(backup, tmp_path)) == set()
    assert left_out() >= {"drafts", "seen", "spoken", "unspoken", "sources", "invites"}
    assert {path.name for path in backup.iterdir()} == {data_of(backup).name, LEDGER, MANIFEST}
    assert data_of(backup).name == {"sqlite": DATABASE, "postgresql": DUMP}[school.engine]


def test_every_table_that_names_a_day_is_left_out_and_no_case_is() -> None:
    assert {"cases", "entries", "wraps", "receipts", "leads", "roster", "deployment", "audit"}.isdisjoint(left_out())
    assert left_out() <= set(metadata.tables)


async def test_all_of_it_is_for_its_owner_alone(told: Any) -> None:
    backup = await backed_up(told[0])
    for path in (backup.parent, backup, *backup.iterdir()):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path


async def test_a_backup_of_a_database_that_is_not_genuine_is_not_made(told: Any) -> None:
    school, _, _ = told
    await tamper(school.url, update(cases).values(rank=3))
    with pytest.raises(Unfit, match="not what was kept"):
        await backed_up(school)
    assert list((school.folder / "backups").iterdir()) == []


@FILE
@pytest.mark.slow
async def test_a_backup_that_is_killed_anywhere_is_whole_or_not_there_and_what_it_left_goes_with_the_next(
    told: Any, tmp_path: Path
) -> None:
    school, _, _ = told
    told_to = tmp_path / "killed"
    told_to.mkdir()
    given = (str(school.folder / "hark.db"), str(told_to), (b"k" * 32).hex(), school.now.isoformat())
    killed = await asyncio.to_thread(run_module, "tests.storage.killed_backups", *given)
    assert killed.returncode == 0, killed.stderr
    *left, finished = sorted(told_to.iterdir(), key=lambda folder: int(folder.name))
    assert len(left) > 5
    assert read_manifest(find_backup(finished) / MANIFEST, KEY)
    for folder in left:
        if not list(folder.glob("hark-*")):
            with pytest.raises(Unfit):
                find_backup(folder)
        else:  # killed after it had its name
            assert read_manifest(find_backup(folder) / MANIFEST, KEY)
    begun = next(folder for folder in reversed(left) if list(folder.glob(".hark-begun-*")))
    whole, _ = await make_backup(school.folder / "hark.db", school.folder / LEDGER, begun, KEY, lambda: school.now)
    assert list(begun.iterdir()) == [whole]
    assert find_backup(begun) == find_backup(whole / MANIFEST) == whole


def _other_key(backup: Path) -> None:
    manifest = read_manifest(backup / MANIFEST, KEY)
    (backup / MANIFEST).write_text(write_manifest(manifest, OTHERS_KEY))


def _newer(backup: Path) -> None:
    manifest = read_manifest(backup / MANIFEST, KEY)
    (backup / MANIFEST).write_text(write_manifest(replace(manifest, schema="9999"), KEY))


def _changed(backup: Path) -> None:
    told = json.loads((backup / MANIFEST).read_text())
    (backup / MANIFEST).write_text(json.dumps({**told, "roster": told["roster"] + 1}))


def _one_byte(backup: Path) -> None:
    content = bytearray(data_of(backup).read_bytes())
    content[-1] ^= 1
    data_of(backup).write_bytes(content)


def _tampered_and_told_so(backup: Path) -> None:
    """By somebody who has the server key, and changes what a lead has signed or a MAC holds."""
    asyncio.run(tamper(url_of(backup / DATABASE), update(cases).values(rank=3)))
    manifest = read_manifest(backup / MANIFEST, KEY)
    new = replace(manifest, files={**manifest.files, DATABASE: sha256_of(backup / DATABASE)})
    (backup / MANIFEST).write_text(write_manifest(new, KEY))


def _shorter_ledger(backup: Path) -> None:
    (backup / LEDGER).write_text("")


def _a_row_fewer(backup: Path) -> None:
    manifest = read_manifest(backup / MANIFEST, KEY)
    new = replace(manifest, rows={**manifest.rows, "cases": 7})
    (backup / MANIFEST).write_text(write_manifest(new, KEY))


def _bottomless(backup: Path) -> None:
    (backup / MANIFEST).write_text("[" * 100_000)


def _no_manifest(backup: Path) -> None:
    (backup / MANIFEST).unlink()


def _no_database(backup: Path) -> None:
    data_of(backup).unlink()


BAD: list[tuple[Callable[[Path], None], str]] = [
    (_other_key, "server key"),
    (_newer, "newer Hark"),
    (_changed, "was changed"),
    (_one_byte, "not those"),
    (_shorter_ledger, "not those"),
    (_tampered_and_told_so, "not what was kept"),
    (_a_row_fewer, "does not hold"),
    (_bottomless, "was changed"),
    (_no_manifest, "no manifest"),
    (_no_database, "no database"),
]


async def test_what_does_not_verify_is_refused_and_nothing_changes(told: Any, tmp_path: Path) -> None:
    school, _, _ = told
    whole = await backed_up(school)
    (tmp_path / "elsewhere").mkdir()
    place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    for spoil, said in BAD:
        if school.engine == "postgresql" and spoil is _tampered_and_told_so:
            continue  # nobody writes into a dump: see the test below
        backup = shutil.copytree(whole, tmp_path / spoil.__name__ / "backup")
        await asyncio.to_thread(spoil, backup)
        with pytest.raises(Unfit, match=said):
            await restore(backup, place, lambda: school.now)
        assert list(place.database.parent.iterdir()) == [], spoil.__name__
    await restore(whole, place, lambda: school.now)


async def test_whichever_bit_of_a_backup_is_another_one_it_is_refused(told: Any, tmp_path: Path) -> None:
    school, _, _ = told
    await school.store.leads.team.disable((await school.store.leads.roster())[0].id)  # the ledger holds something
    backup, dice = await backed_up(school), random.Random(1)
    (tmp_path / "elsewhere").mkdir()
    place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    for name in (data_of(backup).name, LEDGER, MANIFEST):
        whole = (backup / name).read_bytes()
        for _ in range(40):
            content = bytearray(whole)
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
            (backup / name).write_bytes(content)
            if name == MANIFEST and _says(content) == _says(whole):
                continue  # a letter of its MAC is a capital one, or a blank is another
            with pytest.raises(Unfit):
                await restore(backup, place, lambda: school.now)
            assert list(place.database.parent.iterdir()) == []
        (backup / name).write_bytes(whole)
    await restore(backup, place, lambda: school.now)


def _says(manifest: bytes) -> object:
    """What a manifest says, however it is written; the text itself where it says nothing."""
    try:
        said = json.loads(manifest)
        return {**said, "mac": bytes.fromhex(said["mac"])}
    except (ValueError, KeyError):
        return manifest


async def kept_cases(school: Any, kept: Path | str) -> int:
    """How many cases are in a database that was put aside."""
    if isinstance(kept, Path):
        return await count_rows(url_of(kept), cases)
    schema, name = str(kept).rpartition(" ")[2], make_url(school.url).database
    counted = select(func.count()).select_from(table("cases", schema=schema))
    return int(str(await (await shared_server()).value(str(counted), str(name))))


async def test_a_database_is_never_written_over(told: Any) -> None:
    school, _, _ = told
    backup = await backed_up(school)
    with pytest.raises(Unfit, match="--replace"):
        await put_back(school, backup, replace=False)
    await school.send((await school.unlock("Ada Lord"),), chat=2)
    await school.store.watch.sweep()
    restored = await put_back(school, backup)
    assert (await school.store.watch.verify()).audit, "the end of the chain that was noted since is no matter any more"
    assert restored.kept is not None
    assert await kept_cases(school, restored.kept) == 2
    assert (await school.store.watch.verify()).cases == 1


@FILE
async def test_a_database_in_use_is_not_replaced(told: Any) -> None:
    school, _, _ = told
    backup = await backed_up(school)
    place = Place(school.folder / "hark.db", school.folder / "roster.version", KEY)
    with pytest.raises(Unfit, match="in use"):
        await restore(backup, place, lambda: school.now, replace=True)
    assert await school.unlock("Ada Lord")


async def test_an_address_that_was_taken_back_after_the_backup_stays_destroyed(told: Any) -> None:
    school, sent, _ = told
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    backup = await backed_up(school)
    await school.store.talks.notice(school.arrival(1), sent.talk, on=False)
    restored = await put_back(school, backup)
    assert restored.settled.addresses == 1
    talk = await school.store.talks.open(school.arrival(1), sent.words)
    assert not (await school.store.talks.view(talk)).notice_on


async def test_an_address_asked_for_again_after_it_was_taken_back_is_kept(told: Any) -> None:
    school, sent, _ = told
    for on in (True, False, True):
        await school.store.talks.notice(school.arrival(1), sent.talk, on=on)
    restored = await put_back(school, await backed_up(school))
    assert restored.settled.addresses == 0
    talk = await school.store.talks.open(school.arrival(1), sent.words)
    assert (await school.store.talks.view(talk)).notice_on


async def test_closing_a_case_destroys_its_address_in_every_backup(told: Any) -> None:
    school, sent, row = told
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    backup = await backed_up(school)
    ada = await school.unlock("Ada Lord")
    await school.reads(ada, row.id)
    await school.store.desk.act(
        ada, school.arrival(500), row.id, row.version, CloseCase(outcome="police", reason="done")
    )
    assert (await put_back(school, backup)).settled.addresses == 1


async def test_a_case_that_was_destroyed_after_the_backup_stays_destroyed(told: Any) -> None:
    school, sent, row = told
    ada = await school.unlock("Ada Lord")
    kept = await school.send((ada,), chat=2)
    backup = await backed_up(school)
    DestructionLedger(school.folder / LEDGER, KEY).note(Tombstone("case", CaseId(row.id)))
    restored = await put_back(school, backup)
    assert restored.settled.cases == 1
    assert await school.store.talks.open(school.arrival(1), sent.words) is None
    assert await school.store.talks.open(school.arrival(2), kept.words) is not None
    verified = await school.store.watch.verify()
    assert (verified.cases, verified.forged, verified.roster, verified.audit) == (1, 0, True, True)
    if school.engine == "sqlite":
        assert row.reference.encode() not in await raw_bytes(school.url)  # not even in the free pages


async def test_a_lead_who_was_shut_out_after_the_backup_stays_out(told: Any) -> None:
    school, _, _ = told
    backup = await backed_up(school)
    [ada, _] = await school.store.leads.roster()
    await school.store.leads.team.disable(ada.id)
    for _ in range(2):  # also the second time, from the same backup
        restored = await put_back(school, backup)
        assert restored.settled.shut_out == ("Ada Lord",)
        assert [lead.name for lead in await school.store.leads.roster()] == ["Bo Hart"]
        with pytest.raises(NotUnlocked):
            await school.unlock("Ada Lord")
        assert (await school.store.watch.verify()).roster
        assert (await school.store.leads.rosters.read()).waiting.unsealing == {ada.id}, "the wraps are back with it"
        await school.store.wrap_removal.run()
        assert (await school.store.leads.rosters.read()).waiting.unsealing == frozenset()
        assert (await school.store.watch.verify()).holds
        assert await school.unlock("Bo Hart", chat=501)


async def test_what_waits_for_two_leads_is_no_reason_to_refuse_a_backup_or_to_shut_anybody_out(told: Any) -> None:
    school, _, _ = told
    backup = await backed_up(school)
    public = public_key(b"r" * 32)
    assert await school.store.leads.team.offer_recovery(public)
    ada = await school.unlock("Ada Lord")
    assert not await school.store.leads.team.confirm_recovery(ada, school.arrival(), fingerprint(public))
    restored = await put_back(school, backup)
    assert (restored.settled.shut_out, restored.settled.recovery) == ((), False)
    assert not await school.store.leads.team_view.key_waits()
    assert (await school.store.watch.verify()).roster


async def test_where_only_the_key_is_left_the_ledgers_of_later_backups_are_obeyed(told: Any, tmp_path: Path) -> None:
    school, sent, _ = told
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    first = await backed_up(school)
    await school.store.talks.notice(school.arrival(1), sent.talk, on=False)
    await school.store.leads.team.disable((await school.store.leads.roster())[0].id)
    school.later(minutes=1)
    await backed_up(school)
    school.later(minutes=1)
    _shorter_ledger(await backed_up(school))
    (tmp_path / "elsewhere").mkdir()
    place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    settled = (await restore(first, place, lambda: school.now)).settled
    assert (settled.addresses, settled.shut_out) == (1, ("Ada Lord",))
    assert DestructionLedger(place.checkpoint.with_name(LEDGER), KEY).read()[-1].kind == "roster"


async def test_a_ledger_that_is_missing_or_was_changed_stops_the_restore(told: Any) -> None:
    school, _, _ = told
    backup = await backed_up(school)
    await school.store.leads.team.disable((await school.store.leads.roster())[0].id)
    ledger = school.folder / LEDGER
    whole = ledger.read_bytes()
    ledger.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    with pytest.raises(Unfit, match="does not tell how"):
        await put_back(school, backup)
    ledger.write_bytes(whole.replace(b"lead ", b"case ", 1))
    with pytest.raises(Unfit, match="was changed"):
        await put_back(school, backup)
    ledger.write_bytes(whole)
    await put_back(school, backup)


async def test_a_register_that_is_another_servers_stops_the_restore_as_tampering(told: Any, tmp_path: Path) -> None:
    school, _, _ = told
    backup = await backed_up(school)
    (tmp_path / "elsewhere").mkdir()
    place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    Register(register_beside(place.checkpoint), OTHERS_KEY).change(lambda noted: replace(noted, bound=True))
    with pytest.raises(Tampered):
        await restore(backup, place, lambda: school.now)
    assert not place.database.exists()


def test_a_line_that_a_crash_cut_off_counts_as_never_written(tmp_path: Path) -> None:
    ledger = DestructionLedger(tmp_path / LEDGER, KEY)
    ledger.note(Tombstone("case", "a" * 32))
    ledger.note(Tombstone("address", "b" * 32))
    whole = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(whole[:-10])
    assert ledger.read() == (Tombstone("case", "a" * 32),)
    ledger.note(Tombstone("lead", "c" * 32, 4))
    assert ledger.read() == (Tombstone("case", "a" * 32), Tombstone("lead", "c" * 32, 4))
    assert not (tmp_path / LEDGER).stat().st_mode & 0o077


@FILE
async def test_a_backup_of_older_days_is_restored_into_an_empty_folder_without_a_trace(told: Any) -> None:
    school, _, _ = told
    backup = await backed_up(school)
    shutil.rmtree(school.folder / "days")
    await school.store.close()
    (school.folder / "hark.db").unlink()
    place = Place(school.folder / "hark.db", school.folder / "roster.version", KEY)
    await restore(backup, place, lambda: school.now)
    register = {"roster.version.register", "roster.version.register.lock"}
    kept = {"hark.db", "roster.version", "destroyed", "backups", *register}
    assert {path.name for path in school.folder.iterdir()} == kept
    await school.open()


async def test_where_there_is_too_little_room_no_backup_is_begun(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create_backup, "free_bytes", lambda _: 1)
    with pytest.raises(Unfit, match="too little room"):
        await backed_up(told[0])
    assert list((told[0].folder / "backups").iterdir()) == []


class Killed(BaseException):
    """Ends a restore as a kill would."""


@pytest.mark.parametrize("after", ["_settled", "_take_the_place", "note_version"])
async def test_a_restore_that_is_killed_is_done_again_and_loses_neither_database(
    told: Any, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    school, sent, _ = told
    backup = await backed_up(school)
    await school.store.leads.team.disable((await school.store.leads.roster())[0].id)  # there is something to settle
    await school.store.close()
    place = place_of(school)
    real = getattr(restore_backup, after)

    async def killed_later(*given: Any, **named: Any) -> None:
        await real(*given, **named)
        raise Killed

    def killed(*given: Any) -> None:
        real(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(restore_backup, after, killed if after == "note_version" else killed_later)
        patched.setattr(restore_backup, "_clear", lambda _: None)  # nobody tidies up after a kill
        with pytest.raises(Killed):
            await restore(backup, place, lambda: school.now, replace=True)
    school.later(minutes=1)
    restored = await restore(backup, place, lambda: school.now, replace=True)
    assert restored.settled.shut_out == ("Ada Lord",)
    await school.open()
    assert [lead.name for lead in await school.store.leads.roster()] == ["Bo Hart"]
    assert await school.store.talks.open(school.arrival(1), sent.words) is not None
    assert await put_aside(school), "the database that was there is nowhere"
    assert not list(school.folder.glob(".hark.db*"))


@FILE
async def test_a_restore_that_is_killed_between_two_renames_is_done_again(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, sent, _ = told
    backup = await backed_up(school)
    await school.store.close()
    real = restore_backup._put_aside

    def killed(*given: Any) -> None:
        real(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(restore_backup, "_put_aside", killed)
        with pytest.raises(Killed):
            await restore(backup, place_of(school), lambda: school.now, replace=True)
    school.later(minutes=1)
    await restore(backup, place_of(school), lambda: school.now)
    await school.open()
    assert await school.store.talks.open(school.arrival(1), sent.words) is not None
    assert await put_aside(school)


async def put_aside(school: Any) -> list[str]:
    """The databases that restores have put aside."""
    if school.engine == "sqlite":
        aside = (path.name for path in school.folder.glob("hark.db.before-*"))
        return [name for name in aside if not name.endswith(("-wal", "-shm"))]
    server, name = await shared_server(), make_url(school.url).database
    asked = "SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname LIKE 'hark%'"
    return str(await server.value(asked, str(name)) or "").split()
