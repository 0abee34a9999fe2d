"""Backups of a server's database: the programs of the system that make them, and where they can be restored to."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, make_url, update

from storage.core.destruction_ledger import LEDGER
from storage.database.schema.cases import cases
from storage.database.schema.sites import rota
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.store import Store
from storage.upkeep.backup import restore_backup
from storage.upkeep.backup.copy_text import read_rows
from storage.upkeep.backup.create_backup import make_backup
from storage.upkeep.backup.manifest import DUMP, MANIFEST, read_manifest, sha256_of, write_manifest
from storage.upkeep.backup.postgresql_dumps import connection_of, dump_database, load_dump
from storage.upkeep.backup.restore_backup import Place, restore
from storage.upkeep.backup.sqlite_files import left_out
from storage.values.errors import Unavailable, Unfit
from tests.postgres import BIN, Server, drop_below
from tests.raw_database import read_tables, tamper
from tests.storage.conftest import School

KEY = ServerKey(b"k" * 32)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _programs_of_the_servers_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
async def empty(server: Server) -> AsyncIterator[str]:
    async with server.database("template0") as url:
        yield url


@pytest.fixture
async def told(school: Any) -> Any:
    """A school with a lead and two cases, on a server."""
    ada = await school.join("Ada Lord")
    school.sent = [await school.send((ada,), chat=chat) for chat in (1, 2)]
    return school


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    made = School(tmp_path, engine="postgresql")
    await made.open()
    yield made
    await made.store.close()
    await drop_below(tmp_path)


async def backed_up(school: Any) -> Path:
    of = make_url(school.url)
    made, _ = await make_backup(of, school.folder / LEDGER, school.folder / "backups", KEY, lambda: school.now)
    return made


def program(folder: Path, name: str, script: str) -> Path:
    """Put a program of this name into a folder."""
    folder.mkdir(exist_ok=True)
    made = folder / name
    made.write_text(f"#!/bin/sh\n{script}\n")
    made.chmod(0o755)
    return made


def kept(rows: dict[str, Any]) -> dict[str, Any]:
    return {name: of for name, of in rows.items() if name not in left_out()}


async def test_a_backup_is_restored_on_a_server_from_either_kind_of_database(
    told: Any, empty: str, server: Server, tmp_path: Path
) -> None:
    to_file = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    (tmp_path / "elsewhere").mkdir()
    backup = await backed_up(told)
    await restore(backup, to_file, lambda: told.now)
    file = f"sqlite+aiosqlite:///{to_file.database}"
    assert kept(await read_tables(file)) == kept(await read_tables(told.url))
    again, _ = await make_backup(
        tmp_path / "elsewhere" / "hark.db", tmp_path / LEDGER, tmp_path / "again", KEY, lambda: told.now
    )
    (tmp_path / "third").mkdir()
    place = Place(make_url(empty), tmp_path / "third" / "roster.version", KEY, tmp_path / "third")
    restored = await restore(again, place, lambda: told.now)
    assert (restored.manifest.engine, restored.kept) == ("sqlite", None)
    assert kept(await read_tables(empty)) == kept(await read_tables(told.url))
    assert await schemas(server, empty) == "public"
    store = await Store.open(
        empty,
        server_key=KEY,
        day_keys=DayKeys(tmp_path / "third" / "days"),
        checkpoint=place.checkpoint,
        clock=lambda: told.now,
    )
    assert (await store.watch.verify()).cases == 2
    told.store, own = store, told.store
    ada = await told.unlock("Ada Lord")
    assert await told.send((ada,), chat=3)  # numbers of rows go on
    told.store = own
    await store.close()


async def schemas(server: Server, url: str) -> str:
    asked = "SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'"
    name = str(make_url(url).database)
    return str(await server.value(f"{asked} AND nspname != 'information_schema'", name))


async def test_a_backup_made_while_people_send_is_one_state_and_genuine(told: Any, tmp_path: Path) -> None:
    ada = await told.unlock("Ada Lord")

    async def sends() -> None:
        for chat in range(10, 30):
            await told.send((ada,), chat=chat)

    sending = asyncio.create_task(sends())
    backup = await backed_up(told)
    await sending
    (tmp_path / "elsewhere").mkdir()
    place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    assert 2 <= (await restore(backup, place, lambda: told.now)).manifest.rows["cases"] <= 22


async def test_what_is_missing_too_old_or_fails_is_told_in_a_sentence(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, real = tmp_path / "bin", os.environ["PATH"]
    other.mkdir()
    monkeypatch.setenv("PATH", str(other))
    with pytest.raises(Unfit, match=r"^pg_dump is not installed: install the PostgreSQL client programs"):
        await backed_up(told)
    program(other, "pg_dump", "echo 'pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)'")
    with pytest.raises(Unfit, match=r"^pg_dump is older than the server, which is PostgreSQL 18: install"):
        await backed_up(told)
    program(other, "pg_dump", "echo 'pg_dump (PostgreSQL) 18.4'; test $# = 1 || { echo canary >&2; exit 1; }")
    with pytest.raises(Unfit, match=r"^pg_dump could not copy the database: look at the server's log") as refused:
        await backed_up(told)
    assert "canary" not in str(refused.value)
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{real}")
    backup = await backed_up(told)
    place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    place.checkpoint.parent.mkdir()
    program(other, "pg_restore", "exit 1")
    for path, said in ((str(other), "pg_restore could not read"), (str(tmp_path), "pg_restore is not installed")):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(Unfit, match=said):
            await restore(backup, place, lambda: told.now)
        assert list(place.checkpoint.parent.iterdir()) == []
    assert [one.name for one in (told.folder / "backups").iterdir()] == [backup.name]


async def test_no_argument_of_a_program_holds_the_password_or_the_address(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    program(tmp_path / "bin", "pg_dump", f'echo "$@" >> {said}\nexec {BIN}/pg_dump "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")  # and what stands in the environment sends it nowhere else
    url = make_url(told.url).set(password="zebrafish-canary")
    await dump_database(url, tmp_path / "dump")
    assert "--format=custom" in said.read_text()
    assert "canary" not in said.read_text()
    assert str(url.database) not in said.read_text()
    assert stat.S_IMODE((tmp_path / "dump").stat().st_mode) == 0o600


def test_the_programs_prove_which_server_answers_as_hark_does() -> None:
    far = make_url("postgresql+asyncpg://hark:s%2Fe@db.example:5433/hark?sslmode=verify-full")
    told = connection_of(far)
    assert (
        told.items()
        >= {
            "PGHOST": "db.example",
            "PGPORT": "5433",
            "PGUSER": "hark",
            "PGPASSWORD": "s/e",
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": "system",
        }.items()
    )
    own = connection_of(far.update_query_dict({"sslrootcert": "/etc/ca.pem"}))
    assert own["PGSSLROOTCERT"] == "/etc/ca.pem"
    near = connection_of(make_url("postgresql+asyncpg://hark@/hark?host=/run/x"))
    assert (near["PGHOST"], near["PGSSLMODE"], "PGPASSWORD" in near) == ("/run/x", "disable", False)


async def test_every_sign_of_a_text_and_every_byte_comes_back_from_a_dump(told: Any, tmp_path: Path) -> None:
    signs = "".join(chr(code) for code in (*range(1, 0x250), 0x2028, 0xFFFD, 0x1F989)) + "\\N \\. \\\\ \\x41 \\101"
    rows = [
        {"site": signs, "version": 1, "plan": "\\.", "mac": bytes(range(256))},
        {"site": "\\N", "version": -1, "plan": "", "mac": b""},
        {"site": "COPY public.rota (site) FROM stdin;\n", "version": 2, "plan": "\n\\.\n", "mac": b"\\"},
    ]
    for row in rows:
        await tamper(told.url, insert(rota).values(row))
    revision = await dump_database(make_url(told.url), tmp_path / "dump")
    await load_dump(tmp_path / "dump", tmp_path / "loaded.db", revision)
    loaded = await read_tables(f"sqlite+aiosqlite:///{tmp_path / 'loaded.db'}")
    assert sorted(loaded["rota"], key=str) == sorted(rows, key=str)
    assert kept(loaded)["entries"] == (await read_tables(told.url))["entries"]


@pytest.mark.parametrize("line", [b"1\t2\n", b"x\n", b"\\\\x6\n"], ids=["a cell too many", "no number", "half a byte"])
def test_a_row_that_is_none_is_refused(line: bytes) -> None:
    column = b"mac" if b"x6" in line else b"version"
    script = [b"COPY public.rota (" + column + b") FROM stdin;\n", line, b"\\.\n"]
    with pytest.raises(ValueError):  # noqa: PT011 - what is wrong is told by who calls it
        list(read_rows(script, {"rota": {"version": "INTEGER", "mac": "BLOB"}}))


async def test_a_dump_of_what_is_not_genuine_is_refused_though_its_manifest_is(told: Any, tmp_path: Path) -> None:
    backup = await backed_up(told)
    await tamper(told.url, update(cases).values(rank=3))
    (backup / DUMP).unlink()
    await dump_database(make_url(told.url), backup / DUMP)
    manifest = read_manifest(backup / MANIFEST, KEY)
    new = replace(manifest, files={**manifest.files, DUMP: sha256_of(backup / DUMP)})
    (backup / MANIFEST).write_text(write_manifest(new, KEY))
    (tmp_path / "elsewhere").mkdir()
    place = Place(tmp_path / "elsewhere" / "hark.db", tmp_path / "elsewhere" / "roster.version", KEY)
    with pytest.raises(Unfit, match="not what was kept"):
        await restore(backup, place, lambda: told.now)


async def test_a_role_that_may_not_make_a_schema_is_told_so_and_nothing_changes(
    told: Any, server: Server, empty: str, tmp_path: Path
) -> None:
    backup = await backed_up(told)
    await server.execute("DROP ROLE IF EXISTS humble", "CREATE ROLE humble LOGIN")
    place = Place(make_url(empty).set(username="humble"), tmp_path / "else" / "roster.version", KEY, tmp_path / "else")
    place.checkpoint.parent.mkdir()
    try:
        with pytest.raises(Unfit, match="make it the owner of the database"):
            await restore(backup, place, lambda: told.now)
        assert list(place.checkpoint.parent.iterdir()) == []
    finally:
        await server.execute("DROP ROLE humble")


class Killed(BaseException):
    """Ends a restore as a kill would."""


@pytest.mark.parametrize("at", ["begin_filling", "copy_tables", "finish_filling"])
async def test_a_restore_that_is_killed_while_the_server_is_filled_changes_nothing_and_is_done_again(
    told: Any, server: Server, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    backup, before = await backed_up(told), await read_tables(told.url)
    await told.store.close()
    place = Place(make_url(told.url), told.folder / "roster.version", KEY, told.folder)
    real = getattr(restore_backup, at)

    async def killed(*given: Any) -> None:
        await real(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(restore_backup, at, killed)
        with pytest.raises(Killed):
            await restore(backup, place, lambda: told.now, replace=True)
    assert await read_tables(told.url) == before
    restored = await restore(backup, place, lambda: told.now, replace=True)
    assert str(restored.kept).startswith("the schema hark_before_")
    assert await schemas(server, told.url) == f"{str(restored.kept).removeprefix('the schema ')} public"
    assert kept(await read_tables(told.url)) == kept(before)
    await told.open()


async def test_what_was_destroyed_stays_so_where_the_server_was_recovered_to_an_earlier_time(
    told: Any, server: Server
) -> None:
    """As the guide has it: the recovered database is another one, and goes into a backup with the ledger of now."""
    await told.store.talks.notice(told.arrival(1), told.sent[0].talk, on=True)
    await told.store.close()
    recovered = await server.new_database(str(make_url(told.url).database))
    await told.open()
    talk = await told.store.talks.open(told.arrival(1), told.sent[0].words)
    await told.store.talks.notice(told.arrival(1), talk, on=False)
    backup, _ = await make_backup(
        make_url(recovered), told.folder / LEDGER, told.folder / "recovered", KEY, lambda: told.now
    )
    await told.store.close()
    place = Place(make_url(told.url), told.folder / "roster.version", KEY, told.folder)
    assert (await restore(backup, place, lambda: told.now, replace=True)).settled.addresses == 1
    await told.open()
    assert (await told.store.watch.verify()).holds
    await server.drop_database(recovered)


async def test_tables_that_are_not_harks_stay_where_they_are(told: Any, server: Server) -> None:
    backup, name = await backed_up(told), str(make_url(told.url).database)
    await told.store.close()
    await server.execute("CREATE TABLE other (id int)", database=name)
    place = Place(make_url(told.url), told.folder / "roster.version", KEY, told.folder)
    await restore(backup, place, lambda: told.now, replace=True)
    assert await server.value("SELECT schemaname FROM pg_tables WHERE tablename = 'other'", name) == "public"
    await told.open()


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    nowhere = make_url(f"postgresql+asyncpg://hark@/hark?host={tmp_path}")
    with pytest.raises(Unavailable):
        await make_backup(nowhere, tmp_path / LEDGER, tmp_path / "to", KEY, lambda: NOW)
