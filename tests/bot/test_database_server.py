"""HARK_DATABASE_URL with a PostgreSQL server: what is refused, how Hark signs in, and one Hark for one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.checks.records import look_at_server
from bot.commands.doctor import examine
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.data_directory.single_instance import InUse, held_on_server
from bot.deployment.database_address import DatabaseServer
from bot.deployment.settings import Settings, SettingsError, load
from storage.database.engines import engine_for, postgresql_lock
from storage.database.engines.postgresql_connection import Unreachable
from storage.sealing.keys.server_key import create_server_key
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.values.errors import Unavailable
from tests.certificates import authority
from tests.database_proxies import pooler, tls_front
from tests.postgres import Server, own_server
from tests.programs.run import program
from tests.programs.start import hark

LOCAL = "postgresql+asyncpg://hark@localhost/hark"


def settings_of(folder: Path, url: str, **more: str) -> Settings:
    return load({"HARK_DATA_DIR": str(folder), "HARK_DATABASE_URL": url, **more})


@pytest.fixture
async def url(server: Server) -> AsyncIterator[str]:
    async with server.database("template0") as url:  # a first start has a key to make
        yield url


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("postgresql://hark@localhost/hark", LOCAL),
        (LOCAL, LOCAL),
        ("postgresql+asyncpg://hark@127.0.0.1:5433/hark", "postgresql+asyncpg://hark@127.0.0.1:5433/hark"),
        ("postgresql+asyncpg://hark@[::1]/hark", "postgresql+asyncpg://hark@[::1]/hark"),
        ("postgresql+asyncpg://h%40k:p%3A%2F@localhost/hark", "postgresql+asyncpg://h%40k:p%3A%2F@localhost/hark"),
        ("postgresql+asyncpg://hark@/hark?host=/run/x", "postgresql+asyncpg://hark@/hark?host=%2Frun%2Fx"),
        (
            "postgresql+asyncpg://hark@db.school.example/hark?sslmode=verify-full",
            "postgresql+asyncpg://hark@db.school.example/hark?sslmode=verify-full",
        ),
    ],
)
def test_the_address_of_a_server_is_read(tmp_path: Path, given: str, opened: str) -> None:
    settings = settings_of(tmp_path, given)
    assert settings.database == DatabaseServer(opened)
    assert "localhost" not in repr(settings)


@pytest.mark.parametrize(
    "given",
    [
        "postgresql+psycopg://canary@localhost/hark",
        "postgresql+asyncpg://localhost/canary",
        "postgresql+asyncpg://canary@localhost/",
        "postgresql+asyncpg://canary@localhost/a/b",
        "postgresql+asyncpg://canary@/hark",
        "postgresql+asyncpg://canary@/hark?host=run",
        "postgresql+asyncpg://canary@localhost/hark?host=/run",
        "postgresql+asyncpg://canary@one,two/hark",
        "postgresql+asyncpg://canary@localhost:0/hark",
        "postgresql+asyncpg://canary@localhost:99999/hark",
        "postgresql+asyncpg://canary@localhost/hark?fsync=off",
        "postgresql+asyncpg://canary@localhost/hark?sslmode=disable&sslmode=verify-full",
        "postgresql+asyncpg://canary@localhost/hark#x",
        "postgresql+asyncpg://canary@db.school.example/hark",
        "postgresql+asyncpg://canary@db.school.example/hark?sslmode=require",
        "postgresql+asyncpg://canary@db.school.example/hark?sslmode=disable",
        "postgresql+asyncpg://canary@localhost/hark?sslmode=verify-full&sslrootcert=/canary",
        "postgresql+asyncpg://canary@localhost/hark?sslrootcert=/etc/hostname",
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence_without_it(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match=r"^HARK_DATABASE_URL: ") as refused:
        settings_of(tmp_path, given)
    assert "canary" not in str(refused.value)


def test_the_password_stands_in_one_place(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("pass canary:/\nmore\n")
    found = settings_of(tmp_path, LOCAL, HARK_DATABASE_PASSWORD_FILE=str(file))
    assert isinstance(found.database, DatabaseServer)
    assert make_url(found.database.url).password == "pass canary:/"
    assert "canary" not in repr(found)
    twice = LOCAL.replace("hark@", "hark:canary@")
    for url, path in ((twice, file), (LOCAL, tmp_path / "none"), ("", file), (LOCAL, tmp_path)):
        with pytest.raises(SettingsError, match="HARK_DATABASE_PASSWORD_FILE") as refused:
            settings_of(tmp_path, url, HARK_DATABASE_PASSWORD_FILE=str(path))
        assert "canary" not in str(refused.value)


async def test_what_is_done_to_a_file_says_so_of_a_server(tmp_path: Path) -> None:
    for command in (("backup",), ("restore", str(tmp_path))):
        done = await asyncio.to_thread(hark, tmp_path, *command, HARK_DATABASE_URL=LOCAL)
        assert done.returncode == 2
        assert done.stderr.startswith("hark: ")


async def signs_in(url: str) -> bool:
    reader = engine_for(url).open_readers()
    try:
        async with reader.connect():
            return True
    except Unreachable as refused:
        told = f"{refused}{refused!r}{refused.__cause__!r}"
    finally:
        await reader.dispose()
    assert "canary" not in told
    return False


async def test_passwords_and_the_servers_certificate_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("right", "wrong"):
        certificate, key = authority("localhost")
        (tmp_path / f"{name}.crt").write_bytes(certificate)
        (tmp_path / f"{name}.key").write_bytes(key)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    async with (
        own_server() as server,
        tls_front(server.folder / ".s.PGSQL.5432", tmp_path / "right.crt", tmp_path / "right.key") as port,
    ):
        server.put("pg_hba.conf", b"local all postgres trust\nlocal all hark scram-sha-256\n")
        server.start()
        await server.execute("CREATE ROLE hark LOGIN PASSWORD 'canary/@'", "CREATE DATABASE hark OWNER hark")
        proved = f"{port}/hark?sslmode=verify-full&sslrootcert={tmp_path}"
        right = "postgresql+asyncpg://hark:canary%2F%40"
        assert await signs_in(f"{right}@localhost:{proved}/right.crt")
        assert not await signs_in(f"postgresql+asyncpg://hark:canary@localhost:{proved}/right.crt")
        assert not await signs_in(f"{right}@localhost:{proved}/wrong.crt")
        assert not await signs_in(f"{right}@127.0.0.1:{proved}/right.crt")  # which the certificate does not name
        assert not await signs_in(f"{right}@localhost:{port}/hark")
        assert not await signs_in(f"postgresql+asyncpg://hark@localhost:{proved}/right.crt")
        (tmp_path / "pgpass").write_text(f"localhost:{port}:hark:hark:canary/@\n")
        (tmp_path / "pgpass").chmod(0o600)
        assert await signs_in(f"postgresql+asyncpg://hark@localhost:{proved}/right.crt")


async def test_a_store_opens_on_a_server_and_a_lost_key_is_not_made_anew(tmp_path: Path, url: str) -> None:
    settings = settings_of(tmp_path / "data", url)
    store = await open_store(settings)
    await store.close()
    settings.key_file.unlink()
    with pytest.raises(KeyFileUnusable):
        await open_store(settings)
    assert not settings.key_file.exists()


async def test_an_unfit_server_is_told_with_the_settings_name(tmp_path: Path, server: Server, url: str) -> None:
    await server.execute(f"ALTER DATABASE {make_url(url).database} SET synchronous_commit = off")
    with pytest.raises(SettingsError, match=r"^HARK_DATABASE_URL: synchronous_commit is off"):
        await open_store(settings_of(tmp_path, url))


async def test_the_doctor_tells_what_the_server_writes_into_its_log(tmp_path: Path, server: Server, url: str) -> None:
    settings = settings_of(tmp_path, url)

    async def told() -> str:
        store = await open_store(settings)
        try:
            return "\n".join(one.what for one in await look_at_server(store))
        finally:
            await store.close()

    name, values = make_url(url).database, "statements with their values"
    assert values not in await told()
    for setting in ("log_statement = 'all'", "log_min_duration_statement = '250ms'"):
        await server.execute(f"ALTER DATABASE {name} SET {setting}")
        assert values in await told()
        await server.execute(f"ALTER DATABASE {name} SET log_parameter_max_length = 0")
        assert values not in await told()
        await server.execute(f"ALTER DATABASE {name} RESET ALL")
    assert "keys of rows" in await told()
    await server.execute(f"ALTER DATABASE {name} SET log_error_verbosity = 'terse'")
    assert "keys of rows" not in await told()
    assert any("keys of rows" in one.what for one in await examine(settings, {}, now())) is False


async def test_a_second_hark_is_refused_wherever_its_data_lies(tmp_path: Path, url: str) -> None:
    own = {"HARK_DATABASE_URL": url, "HARK_WEB_PORT": "0"}
    async with program("run", tmp_path / "one", own):
        second = await asyncio.to_thread(hark, tmp_path / "two", "run", **own)
        assert second.returncode == 2
        assert second.stderr == "hark: HARK_DATABASE_URL: another Hark runs on this database; stop it first\n"
        beside = await asyncio.to_thread(hark, tmp_path / "one", "doctor", **own)
        assert "what is kept is genuine" in beside.stdout
    async with held_on_server(settings_of(tmp_path, url)):
        pass


async def test_a_database_of_another_key_file_or_of_an_earlier_time_is_refused_in_a_sentence(
    tmp_path: Path, server: Server, url: str
) -> None:
    one, two = (settings_of(tmp_path / name, url) for name in ("one", "two"))
    await (await open_store(one)).close()
    yesterday = await server.new_database(str(make_url(url).database))
    store = await open_store(one)
    await store.leads.team.offer_recovery(b"r" * 1216)  # the roster has a newer version
    await store.close()
    refused = (
        "hark: the database does not belong to the key file, or is older than it was: "
        "put back the database and the keys directory of the same time\n"
    )
    told = await asyncio.to_thread(hark, one.data_dir, "run", HARK_DATABASE_URL=yesterday, HARK_WEB_PORT="0")
    assert (told.returncode, told.stderr) == (2, refused)
    two.keys_dir.mkdir(parents=True, mode=0o700)
    create_server_key(two.key_file)
    told = await asyncio.to_thread(hark, two.data_dir, "run", HARK_DATABASE_URL=url, HARK_WEB_PORT="0")
    assert (told.returncode, told.stderr) == (2, refused)
    (two.key_file).unlink()
    told = await asyncio.to_thread(hark, two.data_dir, "run", HARK_DATABASE_URL=url, HARK_WEB_PORT="0")
    assert told.returncode == 2
    assert "no server key" in told.stderr
    await server.drop_database(yesterday)


async def sessions(server: Server, url: str, does: str) -> int:
    """End the sessions that hold the lock, or count them."""
    asked = "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND granted"
    told = f"SELECT count({does}) FROM ({asked} AND classid = 4841 AND datname = '{make_url(url).database}') AS held"  # noqa: S608 - our own words
    return int(await server.value(told))


async def test_a_lock_whose_connection_broke_is_taken_again(
    tmp_path: Path, server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_lock, "_LOOK_EVERY", 0.02)
    async with held_on_server(settings_of(tmp_path, url)) as lost:
        assert await sessions(server, url, "pid") == 1
        assert await sessions(server, url, "pg_terminate_backend(pid)") == 1
        async with asyncio.timeout(10):
            while not await sessions(server, url, "pid"):  # noqa: ASYNC110 - the condition is the server's
                await asyncio.sleep(0.01)
        assert not lost.is_set()
    assert await sessions(server, url, "pid") == 0


async def test_whoever_lost_it_to_another_ends(
    tmp_path: Path, server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_lock, "_LOOK_EVERY", 0.5)
    monkeypatch.setattr(postgresql_lock, "_GHOST", 0.1)
    settings = settings_of(tmp_path, url)
    async with held_on_server(settings) as lost:
        await sessions(server, url, "pg_terminate_backend(pid)")
        async with asyncio.timeout(10), held_when_free(settings):
            await lost.wait()


def held_when_free(settings: Settings) -> _WhenFree:
    return _WhenFree(settings)


class _WhenFree:
    """Another Hark that is started again until it is let in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def __aenter__(self) -> None:
        while True:
            self.lock = held_on_server(self.settings)
            try:
                await self.lock.__aenter__()
            except InUse:
                await asyncio.sleep(0)
            else:
                return

    async def __aexit__(self, *error: object) -> None:
        await self.lock.__aexit__(None, None, None)


async def test_a_pooler_that_shares_sessions_is_refused(tmp_path: Path, server: Server, url: str) -> None:
    async with pooler(server.folder / ".s.PGSQL.5432", tmp_path):
        through = url.replace(str(server.folder), str(tmp_path))
        assert await signs_in(through)
        with pytest.raises(SettingsError, match=r"^HARK_DATABASE_URL: something between Hark and the server"):
            async with held_on_server(settings_of(tmp_path, through)):
                raise AssertionError("it was held")


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, f"postgresql+asyncpg://hark:canary@/hark?host={tmp_path}")
    with pytest.raises(Unavailable):
        await open_store(settings)
    done = await asyncio.to_thread(
        hark, tmp_path, "run", HARK_DATABASE_URL=f"{LOCAL.replace('localhost', 'localhost:1')}"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hark: the database cannot be opened: look at HARK_DATABASE_URL")
