"""Restores a backup: everything is checked on a copy, and only then does the copy take the database's place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from storage.core.audit.audit_log import signer
from storage.core.audit.kept_tree import tree_beside
from storage.core.audit.key_changes import changes_beside, kept_changes
from storage.core.destruction_ledger import LEDGER, DestructionLedger, Tombstone, read_ledger
from storage.core.register import Noted, Register, note_version, noted_version, register_beside
from storage.database.copying.copy_tables import copy_tables
from storage.database.engines import engine_for, sqlite_url
from storage.database.migrate import NEWEST, holds_tables
from storage.notices.kept_notices import notices_beside
from storage.sealing.keys.private_files import create_private, sync_directory
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.upkeep.backup.check_backup import check, clear_scratch, opened_copy
from storage.upkeep.backup.copy_database import begin_filling, finish_filling
from storage.upkeep.backup.manifest import DATABASE, MANIFEST, Manifest, read_manifest, sha256_of
from storage.upkeep.backup.postgresql_dumps import dump_beside, load_dump
from storage.upkeep.backup.postgresql_schemas import begin_beside, drop_beside, put_in_place
from storage.upkeep.backup.sqlite_files import fold, look_through, siblings
from storage.upkeep.bind_old_rows import BOUND_SINCE
from storage.upkeep.replay_ledger import Settled
from storage.upkeep.verification.audit_checkpoint import end_beside
from storage.values.errors import Unavailable, Unfit

_BESIDE: Final = ".restoring"
_REPLACED: Final = ".before-%Y%m%dT%H%M%SZ"
#: The schema of a server's database that was there.
_ASIDE: Final = "hark_before_%Y%m%dt%H%M%Sz"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the manifest, what the ledger took from it, and whether the key's side was there to ask."""

    manifest: Manifest
    settled: Settled
    checkpoint: bool
    kept: Path | str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup goes: the database's file, or the URL of a server's, and the roster's version beside the key file.

    It is worked on in a file of the folder `scratch`: that of the database file, or one that has to be given.
    """

    database: Path | URL
    checkpoint: Path
    server_key: ServerKey
    scratch: Path | None = None

    @property
    def beside(self) -> Path:
        """The SQLite file in which a backup is checked and settled."""
        if isinstance(self.database, Path):
            return self.database.with_name(f".{self.database.name}{_BESIDE}")
        return (self.scratch or self.checkpoint.parent) / f".{DATABASE}{_BESIDE}"


def find_backup(path: Path) -> Path:
    """Give the folder of a backup: the one named, the one of a file in it, or the newest whole one in a folder of them.

    Raises:
        Unfit: There is none.
    """
    if path.is_file():
        return path.parent
    if (path / MANIFEST).is_file():
        return path
    whole = sorted(found.parent for found in path.glob(f"hark-*/{MANIFEST}"))
    if not whole:
        raise Unfit("there is no whole backup here: it has no manifest that can be read")
    return whole[-1]


async def restore(backup: Path, place: Place, now: Callable[[], datetime], *, replace: bool = False) -> Restored:
    """Check a backup, settle what happened since, and put it where the database belongs.

    Args:
        backup: Its folder.
        place: Where to; nobody else may have the database open.
        now: Gives the time, aware.
        replace: Whether a database that is there is put aside, under a name with the time.

    Returns:
        What was restored, and where the old database lies, if there was one: its file, or its schema on the server.

    Raises:
        Unfit: The backup does not verify, or a database is there or in use. Nothing changed.
        Tampered: The register beside the key file is another server's. The database is as it was.
        Unavailable: The copy cannot be opened as a store, or is Damaged: nothing changed. Or what stands beside the key
            file cannot be read or written; the backup may be in its place by then.
        OSError: Something cannot be written. Nothing changed, or the old database lies aside and is named so.
    """
    if not replace and await _is_there(place.database):
        raise Unfit("there is a database already: with --replace it is put aside, and nothing of it is lost")
    manifest = read_manifest(backup / MANIFEST, place.server_key, _changed(place))
    _refuse_newer(manifest)
    beside = place.beside
    _clear(beside)
    filled = await begin_beside(place.database) if isinstance(place.database, URL) else None
    try:
        await _lay(backup, manifest, beside)
        old = int(manifest.schema) < int(BOUND_SINCE)
        settled, version, known, noted = await _settled(beside, backup, place, now, old=old)
        look_through(beside)
        if filled is not None:
            await _fill(beside, filled, place.server_key, now)
        for path in (end_beside(place.checkpoint), tree_beside(place.checkpoint), notices_beside(place.checkpoint)):
            path.unlink(missing_ok=True)  # a backup's chain ends earlier, and its notices are others
        own = Register(register_beside(place.checkpoint), place.server_key)
        own.change(lambda here: replaced(noted, alerts=here.alerts, last_runs=here.last_runs))
        kept = await _take_the_place(beside, place.database, now())
        note_version(place.checkpoint, version)
    finally:
        _clear(beside)
        if isinstance(place.database, URL):
            with suppress(Unavailable):  # the next restore removes it
                await drop_beside(place.database)
    return Restored(manifest, settled, known, kept)


def _changed(place: Place) -> datetime | None:
    """By when the server key was changed last; the note of it tells the hour."""
    changes = kept_changes(changes_beside(place.checkpoint), signer(place.server_key).verifier)
    return changes[0].at + timedelta(hours=1) if changes else None


async def _is_there(database: Path | URL) -> bool:
    if isinstance(database, Path):
        return database.exists()  # noqa: ASYNC240 - nothing else runs in the loop
    return await holds_tables(database)


async def _lay(backup: Path, manifest: Manifest, beside: Path) -> None:
    """Put a backup's rows into a file of their own, once it is what its manifest tells of."""
    copied = beside if manifest.engine == "sqlite" else dump_beside(beside)
    _copy(backup / manifest.file, copied)
    if {manifest.file: sha256_of(copied), LEDGER: _sha256(backup / LEDGER)} != dict(manifest.files):
        raise Unfit("the backup's files are not those that its manifest tells of")
    if copied != beside:
        await load_dump(copied, beside, manifest.schema)
        copied.unlink()
    if look_through(beside) != (manifest.schema, dict(manifest.rows)):
        raise Unfit("the backup's database does not hold what its manifest tells of")


async def _fill(beside: Path, filled: URL, server_key: ServerKey, now: Callable[[], datetime]) -> None:
    """Copy what was settled to a schema of its own on the server, and check it there."""
    await begin_filling(filled)
    await copy_tables(engine_for(sqlite_url(beside)), engine_for(filled), lambda *_: None)
    clear_scratch(beside)
    async with opened_copy(beside, server_key, now, url=filled) as store:
        await check(store)
    await finish_filling(filled)


async def _take_the_place(beside: Path, database: Path | URL, now: datetime) -> Path | str | None:
    if isinstance(database, URL):
        aside = now.strftime(_ASIDE)
        return f"the schema {aside}" if await put_in_place(database, aside) else None
    return _exchange(beside, database, now)


async def _settled(
    copy: Path, backup: Path, place: Place, now: Callable[[], datetime], *, old: bool
) -> tuple[Settled, int, bool, Noted]:
    noted = noted_version(place.checkpoint)
    ledger = DestructionLedger(place.checkpoint.with_name(LEDGER), place.server_key)
    lines = dict.fromkeys(_read(place.checkpoint.with_name(LEDGER), place.server_key))
    missing: dict[Tombstone, None] = {}
    for beside in (backup / LEDGER, *sorted(backup.parent.glob(f"hark-*/{LEDGER}"))):  # also of later backups
        missing |= dict.fromkeys(one for one in _genuine(beside, place.server_key) if one not in lines)
    lines |= missing
    newest = max([noted, *(line.version for line in lines)])
    async with opened_copy(copy, place.server_key, now, old=old) as store:
        await check(store)
        settled = await store.settling.settle(tuple(lines), newest)
        if isinstance(place.database, Path):  # on a server it is checked there, once it was copied
            await check(store)
        rows = store.settling.noted()
        version = (await store.leads.rosters.read()).version
    ledger.note(*missing)
    if version > newest > 0:
        ledger.note(Tombstone("roster", "-", version))  # so that the versions stay without a gap
    return settled, version, noted > 0, rows


def _read(path: Path, server_key: ServerKey) -> tuple[Tombstone, ...]:
    try:
        return read_ledger(path, server_key)
    except NotGenuine:
        raise Unfit("a ledger of what was destroyed was changed, or is another server's") from None


def _genuine(path: Path, server_key: ServerKey) -> tuple[Tombstone, ...]:
    """Give what the ledger of a backup says; nothing where it is damaged, since the one in hand was checked before."""
    try:
        return read_ledger(path, server_key)
    except (NotGenuine, OSError):
        return ()


def _sha256(path: Path) -> str:
    return sha256_of(path) if path.is_file() else ""


def _refuse_newer(manifest: Manifest) -> None:
    if not manifest.schema.isdigit() or int(manifest.schema) > int(NEWEST):
        raise Unfit("the backup was made by a newer Hark: restore it with that one")


def _copy(source: Path, target: Path) -> None:
    try:
        with source.open("rb") as old, create_private(target) as new:
            shutil.copyfileobj(old, new)
            new.flush()
            os.fsync(new.fileno())
    except FileNotFoundError:
        raise Unfit("the backup has no database in it") from None


def _exchange(beside: Path, database: Path, now: datetime) -> Path | None:
    kept = _put_aside(database, now) if database.exists() else None
    beside.rename(database)
    sync_directory(database.parent)
    return kept


def _put_aside(database: Path, now: datetime) -> Path:
    fold(database)
    kept = database.with_name(f"{database.name}{now.strftime(_REPLACED)}")
    for old, new in zip(siblings(database), siblings(kept), strict=True):
        if old.exists():
            old.rename(new)
    return kept


def _clear(beside: Path) -> None:
    for path in (*siblings(beside), dump_beside(beside)):
        path.unlink(missing_ok=True)
    clear_scratch(beside)
