"""`hark audit`: the key and checkpoints of the audit log, proofs of entries, and checking it, also offline."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.commands.upkeep.database import ProgressBar
from bot.deployment.data_directory.checkpoint_file import append_note
from bot.deployment.data_directory.hand_outs import note_hand_out
from bot.deployment.data_directory.open_store import CHECKPOINT, now, place_of
from bot.deployment.database_address import DatabaseServer, read_argument
from bot.deployment.errors import UNUSABLE, reporting_errors, tell
from bot.deployment.settings import Settings, load
from storage.core.audit.audit_log import checkpoint_of, signer
from storage.core.audit.check_log import Fault, Handed, LogCheck, Problem
from storage.core.audit.handed_files import changes_as_checkpoints, read_handed
from storage.core.audit.kept_tree import read_tree, tree_beside
from storage.core.audit.key_changes import KeyChange, changes_beside, kept_changes
from storage.core.audit.log_rows import AuditRow, leaf_of
from storage.core.audit.stored_log import StoredLog
from storage.sealing.keys.server_key import ServerKey, load_server_key
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.transparency.checkpoint import Checkpoint, InclusionProof
from storage.sealing.transparency.signed_note import VerifierKey, read_verifier_key
from storage.upkeep.backup.manifest import DATABASE, DUMP, MANIFEST
from storage.upkeep.backup.postgresql_dumps import load_dump
from storage.upkeep.backup.restore_backup import find_backup
from storage.values.errors import Unfit

#: The log is not what was handed out; a file was not signed by the log's key.
_WRONG: Final = 1
_FOREIGN: Final = 3
_OWN: Final = "the tree beside the key file"
_CHANGE: Final = "a change of the server key"

_FAULTS: Final[Mapping[Fault, str]] = {
    "missing": "entry {size} is missing: the log was cut or changed after entry {after}",
    "unlinked": "entry {size} is not what the server wrote: the log was changed after entry {after}",
    "cut": "the log was cut: it ends after entry {after}, and {name} is of {size} entries",
    "changed": "the log was changed after entry {after}: it is not what {name}, of {size} entries, was made of",
    "forked": "{name}, of {size} entries, is of another log than one of the same size: the server signed two",
    "unproved": "{name} does not prove entry {size} of this log",
    "unsealed": "the seal {name} is of no state of this log: it was changed before then, or the seal is mistyped",
}


def print_key(_: argparse.Namespace) -> int:
    """Print the public key by which anybody verifies the checkpoints of this log, and how earlier ones led to it.

    After the key come the changes of the server key, the latest first, each with a blank line before it: kept as a
    file, `verify` takes it, and knows the earlier keys by it.

    Raises:
        SettingsError: A setting cannot be used.
        KeyFileUnusable: There is no server key, or it cannot be read.
        OSError: What is noted of earlier keys cannot be read.
    """
    settings = load(os.environ)
    own = signer(load_server_key(settings.key_file)).verifier
    print(own.text())
    for change in _changes(settings, own):
        sys.stdout.write(f"\n{change.note}")
    return 0


def print_checkpoint(arguments: argparse.Namespace) -> int:
    """Print a checkpoint of the log as it is now, or append it to a file; 1 where the log is not what was written.

    That one was handed out is noted beside the key file, for `hark doctor`.

    Raises:
        SettingsError: A setting cannot be used.
        Unfit: There is no database, or the tree beside the key file is not genuine: told on standard error.
    """
    settings = load(os.environ)
    with reporting_errors():
        key = load_server_key(settings.key_file)
        check = asyncio.run(_checked(_log_of(settings, None), _own(settings, key), key))
        if _failed(check.end()):
            return _WRONG
        note = _head(key, check).sign(signer(key))
        if arguments.to:
            append_note(Path(arguments.to), note)
        else:
            sys.stdout.write(note)
        note_hand_out(settings.keys_dir, key, now())
        return 0
    return UNUSABLE


def prove(arguments: argparse.Namespace) -> int:
    """Write the proof that an entry stands in the log (c2sp.org/tlog-proof@v1); 1 where there is none, or it is wrong.

    The proof holds the entry itself: number, hour, ids and what was done, without names or content.

    Raises:
        SettingsError: A setting cannot be used.
        Unfit: As `print_checkpoint`.
    """
    settings, number = load(os.environ), arguments.number
    with reporting_errors():
        key = load_server_key(settings.key_file)
        leaf: list[bytes] = []

        def keep(rows: Sequence[AuditRow]) -> None:
            leaf.extend(leaf_of(row) for row in rows if row["number"] == number)

        check = asyncio.run(_checked(_log_of(settings, None), _own(settings, key), key, keep))
        size = len(check.tree)
        if _failed(check.end()):
            return _WRONG
        if not 0 < number <= size:
            tell(f"there is no entry {number}: the log has {size}")
            return _WRONG
        path = check.tree.prove_inclusion(number - 1, size)
        proof = InclusionProof(leaf[0], number - 1, path, _head(key, check).sign(signer(key))).text()
        if arguments.to:
            Path(arguments.to).write_text(proof, encoding="utf-8")
        else:
            sys.stdout.write(proof)
        return 0
    return UNUSABLE


def verify(arguments: argparse.Namespace) -> int:
    """Check the log of a database, a copy or a backup against checkpoints, proofs and seals.

    Returns:
        0 where it holds; 1 where it was cut or changed; 2 where something cannot be read; 3 where a file was not
        signed by a known key. Each fault is one sentence on standard error.

    Raises:
        SettingsError: A setting, or the database that is named, cannot be used.
        Unfit: As `print_checkpoint`.
    """
    settings = load(os.environ)
    with reporting_errors():
        key = load_server_key(settings.key_file) if settings.key_file.exists() else None
        try:
            keys = [read_verifier_key(text) for text in arguments.key]
        except NotGenuine:
            tell("--key is no verifier key: give the line that hark audit key prints, in quotes")
            return UNUSABLE
        known = [*keys, *([signer(key).verifier] if key else [])]
        if not known:
            tell(
                "no key to verify checkpoints with: give --key the first line that hark audit key printed on the server"
            )
            return UNUSABLE
        changes = _changes(settings, signer(key).verifier) if key else ()
        handed, foreign = read_handed(arguments.files, arguments.seal, known, changes)
        for name in foreign:
            tell(f"{name} is no checkpoint or proof that a known key signed")
        if key is not None and arguments.database is None:
            own = (*changes_as_checkpoints(_CHANGE, changes), *_own(settings, key).checkpoints)
            handed = replace(handed, checkpoints=(*handed.checkpoints, *own))
        check = asyncio.run(_checked(_log_of(settings, arguments.database), handed, key))
        failed = _failed(check.end())
        if not failed:
            _tell_well(check, handed, linked=key is not None)
        return _WRONG if failed else _FOREIGN if foreign else 0
    return UNUSABLE


def _changes(settings: Settings, own: VerifierKey) -> tuple[KeyChange, ...]:
    return kept_changes(changes_beside(settings.keys_dir / CHECKPOINT), own)


def _own(settings: Settings, key: ServerKey) -> Handed:
    """Give the tree beside the key file, to which the database of this server has to lead.

    Raises:
        Unfit: It is not what was written.
    """
    try:
        head = read_tree(tree_beside(settings.keys_dir / CHECKPOINT), key)
    except NotGenuine:
        raise Unfit(f"{_OWN} is not what was written there") from None
    return Handed([(_OWN, checkpoint_of(key, head))] if head.tree.size else [])


@asynccontextmanager
async def _opened(log: StoredLog) -> AsyncIterator[StoredLog]:
    """Give the log of a database as it is, or of a backup of a server's once it was laid into a file."""
    if not isinstance(log.database, Path) or log.database.name != DUMP:
        yield log
        return
    try:
        schema = str(json.loads((log.database.parent / MANIFEST).read_text(encoding="utf-8"))["schema"])
    except (ValueError, KeyError, TypeError):
        raise Unfit("there is no whole backup here: it has no manifest that can be read") from None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        await load_dump(log.database, copy, schema)
        yield StoredLog(copy)


def _log_of(settings: Settings, named: str | None) -> StoredLog:
    database = settings.database if named is None else read_argument("--database", named, settings.database)
    if isinstance(database, DatabaseServer):
        return StoredLog(place_of(database))
    if database.is_dir():
        folder = find_backup(database)
        return StoredLog(folder / (DATABASE if (folder / DATABASE).exists() else DUMP))
    if not database.is_file():
        raise Unfit("there is no database at that place")
    return StoredLog(database)


async def _checked(
    log: StoredLog, handed: Handed, key: ServerKey | None, keep: Callable[[Sequence[AuditRow]], None] | None = None
) -> LogCheck:
    check, bar = LogCheck(handed, key), ProgressBar(sys.stderr) if sys.stderr.isatty() else None
    done = 0
    async with _opened(log) as opened:
        async for rows, total in opened.rows():
            check.take(rows)
            if keep is not None:
                keep(rows)
            done += len(rows)
            if bar is not None:
                bar.show("audit", done, total)
    if bar is not None:
        bar.end()
    return check


def _head(key: ServerKey, check: LogCheck) -> Checkpoint:
    size = len(check.tree)
    return Checkpoint(signer(key).name, size, check.tree.root(size))


def _failed(problems: Sequence[Problem]) -> bool:
    for one in problems:
        tell(_FAULTS[one.fault].format(after=one.after, name=one.name, size=one.size))
    return bool(problems)


def _tell_well(check: LogCheck, handed: Handed, *, linked: bool) -> None:
    print(f"The audit log holds: {len(check.tree)} entries.")
    heads = [head.size for name, head in handed.checkpoints if name not in {_OWN, _CHANGE}]
    if heads:
        print(f"Checkpoints: {len(heads)}, the newest of {max(heads)} entries. All up to there is as it was.")
    for name, proof, _ in handed.proofs:
        print(f"{name} proves entry {proof.index + 1}.")
    for seal, size in check.sealed.items():
        print(f"Seal {seal}: the log had {size} entries. All up to there is as it was.")
    print("Each entry's MAC is the server's." if linked else "The MACs were not checked: the server key is not here.")
