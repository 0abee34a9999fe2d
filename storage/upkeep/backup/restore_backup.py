"""Restores a backup: everything is checked on a copy, and only then does the copy take the database's place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from pathlib import Path
from typing import Final

from storage.core.destruction_ledger import LEDGER, DestructionLedger, Tombstone, read_ledger
from storage.core.register import Noted, Register, note_version, noted_version, register_beside
from storage.database.migrate import NEWEST
from storage.sealing.keys.private_files import create_private, sync_directory
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.upkeep.audit_checkpoint import end_beside
from storage.upkeep.backup.check_backup import check, clear_scratch, opened_copy
from storage.upkeep.backup.manifest import DATABASE, MANIFEST, Manifest, read_manifest, sha256_of
from storage.upkeep.backup.sqlite_files import fold, look_through, siblings
from storage.upkeep.bind_old_rows import BOUND_SINCE
from storage.upkeep.replay_ledger import Settled
from storage.values.errors import Unfit

_BESIDE: Final = ".restoring"
_REPLACED: Final = ".before-%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the manifest, what the ledger took from it, and whether the key's side was there to ask."""

    manifest: Manifest
    settled: Settled
    checkpoint: bool
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup goes: the database's file, and the roster's version beside the key file."""

    database: Path
    checkpoint: Path
    server_key: ServerKey


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
        What was restored, and where the old database lies, if there was one.

    Raises:
        Unfit: The backup does not verify, or a database is there or in use. Nothing changed.
        Tampered: The register beside the key file is another server's. The database is as it was.
        Unavailable: The copy cannot be opened as a store, or is Damaged: nothing changed. Or what stands beside the key
            file cannot be read or written; the backup may be in its place by then.
        OSError: Something cannot be written. Nothing changed, or the old database lies aside and is named so.
    """
    if place.database.exists() and not replace:
        raise Unfit("there is a database already: with --replace it is put aside, and nothing of it is lost")
    manifest = read_manifest(backup / MANIFEST, place.server_key)
    _refuse_newer(manifest)
    beside = place.database.with_name(f".{place.database.name}{_BESIDE}")
    _clear(beside)
    try:
        _copy(backup / DATABASE, beside)
        if {DATABASE: sha256_of(beside), LEDGER: _sha256(backup / LEDGER)} != dict(manifest.files):
            raise Unfit("the backup's files are not those that its manifest tells of")
        if look_through(beside) != (manifest.schema, dict(manifest.rows)):
            raise Unfit("the backup's database does not hold what its manifest tells of")
        old = int(manifest.schema) < int(BOUND_SINCE)
        settled, version, known, noted = await _settled(beside, backup, place, now, old=old)
        look_through(beside)
        end_beside(place.checkpoint).unlink(missing_ok=True)  # the chain of a backup ends earlier
        own = Register(register_beside(place.checkpoint), place.server_key)
        own.change(lambda here: replaced(noted, alerts=here.alerts, last_runs=here.last_runs))
        kept = _put_aside(place.database, now()) if place.database.exists() else None
        beside.rename(place.database)
        sync_directory(place.database.parent)
        note_version(place.checkpoint, version)
    finally:
        _clear(beside)
    return Restored(manifest, settled, known, kept)


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


def _put_aside(database: Path, now: datetime) -> Path:
    fold(database)
    kept = database.with_name(f"{database.name}{now.strftime(_REPLACED)}")
    for old, new in zip(siblings(database), siblings(kept), strict=True):
        if old.exists():
            old.rename(new)
    return kept


def _clear(beside: Path) -> None:
    for path in siblings(beside):
        path.unlink(missing_ok=True)
    clear_scratch(beside)
