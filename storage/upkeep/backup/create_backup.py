"""Makes a backup while Hark runs: a folder with the database, the ledger and a manifest, whole or not there at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import URL

from storage.core.destruction_ledger import LEDGER
from storage.database.disk_space import LOW, free_bytes
from storage.sealing.keys.private_files import sync_directory, write_private
from storage.sealing.keys.server_key import ServerKey
from storage.upkeep.backup.check_backup import check, opened_copy
from storage.upkeep.backup.manifest import DATABASE, DUMP, MANIFEST, Engine, Manifest, sha256_of, write_manifest
from storage.upkeep.backup.postgresql_dumps import database_size, dump_database, load_dump
from storage.upkeep.backup.sqlite_files import copy_database, look_through, siblings, strip
from storage.values.errors import Unfit

#: How the folder of a backup is called, in UTC: by name, the newest is the last.
NAME: Final = "hark-%Y%m%dT%H%M%SZ"
_TIMES: Final = 3  # the copy, and twice as much while what is left out is taken out of it, or what a dump is checked in
_BEGUN: Final = ".hark-begun-"


async def make_backup(
    database: Path | URL, ledger: Path, to: Path, server_key: ServerKey, now: Callable[[], datetime]
) -> tuple[Path, Manifest]:
    """Copy a database, check the copy, and only then give it its name.

    Args:
        database: An SQLite file, or the URL of a server's database; others may read and write it meanwhile.
        ledger: What was destroyed, beside the key file; copied along, for a restore where only the key is left.
        to: The folder of all backups; made (mode 0700) if it is not there.
        server_key: MACs the manifest; it is not part of the backup.
        now: Gives the time, aware.

    Returns:
        The backup's folder and its manifest.

    Raises:
        Unfit: The database is damaged, not genuine, or cannot be copied. What was begun is gone.
        UnfitDatabase: It is a copy that has not come to its end. What was begun is gone.
        Unavailable: The copy cannot be opened as a store, or is Damaged. What was begun is gone.
        OSError: The folder cannot be written. What was begun is gone, or goes with the next backup.
    """
    made_at = now()
    whole = to / made_at.strftime(NAME)
    if whole.exists():
        raise Unfit("there is a backup of this second already")
    with _begun(to) as folder:
        await _refuse_little_room(database, folder)
        copied = await (_copy_file(database, folder) if isinstance(database, Path) else _dump(database, folder))
        async with opened_copy(copied.checked, server_key, now) as store:
            await check(store)
            version = (await store.leads.rosters.read()).version
        schema, rows = copied.content or look_through(copied.checked)
        write_private(
            folder / LEDGER, _content(ledger)
        )  # read after the database, so that it holds all that went before
        files = {name: sha256_of(folder / name) for name in (copied.file.name, LEDGER)}
        manifest = Manifest(made_at.isoformat(), schema, version, files, rows, copied.engine)
        if copied.checked != copied.file:
            _remove(copied.checked)
        _sync(copied.file)
        write_private(folder / MANIFEST, write_manifest(manifest, server_key).encode())
        sync_directory(folder)
        folder.rename(whole)
        sync_directory(to)
    return whole, manifest


class _Copied(NamedTuple):
    """The file that a backup keeps, the SQLite file in which it is checked, and what that held before it was opened."""

    engine: Engine
    file: Path
    checked: Path
    content: tuple[str, dict[str, int]] | None = None


async def _copy_file(database: Path, folder: Path) -> _Copied:
    copy = folder / DATABASE
    copy_database(database, copy)
    strip(copy)
    return _Copied("sqlite", copy, copy)


async def _dump(database: URL, folder: Path) -> _Copied:
    dump, checked = folder / DUMP, folder / DATABASE
    await load_dump(dump, checked, await dump_database(database, dump))
    return _Copied("postgresql", dump, checked, look_through(checked))


async def _refuse_little_room(database: Path | URL, folder: Path) -> None:
    if isinstance(database, Path):
        size = database.stat().st_size  # noqa: ASYNC240 - it takes some microseconds
    else:
        size = await database_size(database)
    if free_bytes(folder) < _TIMES * size + LOW:
        raise Unfit("there is too little room for a backup: three times the database's size is needed")


@contextmanager
def _begun(to: Path) -> Iterator[Path]:
    """Give a folder of a name that no restore takes; it goes if it was not renamed. So do those of killed backups."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(to)
    folder = to / f"{_BEGUN}{os.urandom(4).hex()}"
    folder.mkdir(mode=0o700)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # ends with the process, however that ends
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _sweep(to: Path) -> None:
    for folder in to.glob(f"{_BEGUN}*"):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue  # another backup is under way
        finally:
            os.close(handle)


def _remove(database: Path) -> None:
    for path in siblings(database):
        path.unlink(missing_ok=True)


def _content(ledger: Path) -> bytes:
    return ledger.read_bytes() if ledger.exists() else b""


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
