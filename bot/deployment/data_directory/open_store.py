"""Opens what is kept, for `run` and for the commands: data directory, key files, database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy

from bot.deployment.database_address import URL, DatabaseServer
from bot.deployment.settings import Settings, SettingsError
from storage.database.clock_guard import monotonic_seconds
from storage.database.engines import sqlite_url
from storage.database.instrumentation import Measures
from storage.database.migrate import holds_tables
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.key_exchange import in_use
from storage.sealing.keys.lead_keys import LEAD_COST
from storage.sealing.keys.private_files import ensure_private
from storage.sealing.keys.server_key import ServerKey, create_server_key, load_server_key
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.store import Store
from storage.values.errors import Unavailable, UnfitDatabase

#: Beside the key file: the day keys, and the roster's version, which a restored database must not go below.
DAY_KEYS: Final = "days"
CHECKPOINT: Final = "roster"

__all__ = ["KeyFileUnusable", "now", "open_store"]


def now() -> datetime:
    """Return the time (aware, UTC): the only clock of the process."""
    return datetime.now(UTC)


async def open_store(
    settings: Settings,
    clock: Callable[[], datetime] = now,
    measures: Measures | None = None,
    lead_cost: Cost = LEAD_COST,
) -> Store:
    """Return the store of this deployment; the first time, directories (mode 0700) and files (0600) are made.

    `clock`, `measures` and `lead_cost` are those of `Store.open`.

    Raises:
        KeyFileUnusable: the key file is damaged, open to others, or missing although there is a database; or it is
            being exchanged.
        Unavailable: the database cannot be opened.
        Tampered: the database does not belong to the key, or is older than it was.
        SettingsError: a directory, or the key file, cannot be made where its setting says; or the database server
            cannot keep what Hark promises, or a newer Hark has migrated the database.
    """
    make_folder(settings.data_dir, "HARK_DATA_DIR")
    make_folder(settings.keys_dir, "HARK_KEY_FILE")
    try:
        with ExitStack() as using:
            _use_key(settings.key_file, using)
            server_key = await _server_key(settings)
            store = await Store.open(
                _database(settings),
                server_key=server_key,
                day_keys=DayKeys(settings.keys_dir / DAY_KEYS),
                checkpoint=settings.keys_dir / CHECKPOINT,
                clock=clock,
                lead_cost=lead_cost,
                measures=measures,
                monotonic=monotonic_seconds,
            )
            store.using = using.pop_all()
            return store
    except UnfitDatabase as unfit:
        raise SettingsError(URL, unfit.sentence) from None


def _database(settings: Settings) -> sqlalchemy.URL | str:
    """The URL to open; a file is made first, closed to others."""
    if isinstance(settings.database, DatabaseServer):
        return settings.database.url
    try:
        ensure_private(settings.database)
    except OSError:
        raise Unavailable from None
    return sqlite_url(settings.database)


def place_of(database: Path | DatabaseServer) -> Path | sqlalchemy.URL:
    """Return what backups and restores know a database by: its file, or the URL of a server's."""
    return sqlalchemy.make_url(database.url) if isinstance(database, DatabaseServer) else database


def make_folder(folder: Path, setting: str) -> None:
    """Make `folder`, mode 0700, where it is not there yet.

    Raises:
        SettingsError: it cannot be made; names the `setting` that says where.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise SettingsError(setting, "names no folder, and no place where Hark can make one") from None


def _use_key(path: Path, using: ExitStack) -> None:
    try:
        using.enter_context(in_use(path))
    except OSError:
        raise _no_key_file() from None


def _no_key_file() -> SettingsError:
    return SettingsError("HARK_KEY_FILE", "no file can be made there: look at the room and at who may write")


async def _server_key(settings: Settings) -> ServerKey:
    if settings.key_file.exists() or await _exists(settings.database):
        # Without its key a database is useless, and a new key would only hide that.
        return load_server_key(settings.key_file)
    return _create(settings.key_file)


async def _exists(database: Path | DatabaseServer) -> bool:
    if isinstance(database, DatabaseServer):
        return await holds_tables(database.url)
    return database.exists()  # noqa: ASYNC240 - nothing else runs in the loop yet


def _create(path: Path) -> ServerKey:
    try:
        return create_server_key(path)
    except FileExistsError:
        return load_server_key(path)
    except OSError:
        raise _no_key_file() from None
