"""Copies a database to another one, of whichever kind; the new one is Hark's only once all in it was checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from storage.database.copying.copy_tables import Tell, copy_tables
from storage.database.copying.unfinished_copy import is_marked, refuse_unfinished, remove_mark, set_mark
from storage.database.engines import DatabaseEngine, engine_for, writing
from storage.database.migrate import holds_rows, holds_tables, is_newest, migrate
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.store import Store
from storage.upkeep.backup.check_backup import check
from storage.values.errors import Unfit

_OTHER_SCHEMA: Final = (
    "the database that is copied is of an older or a newer Hark: start this one on it once, then stop it"
)
_NOT_EMPTY: Final = "there is something in the database that is copied to, and it is not of a copy that was interrupted"


@dataclass(frozen=True, slots=True)
class KeySide:
    """What stands beside the key file, and belongs to both databases: server key, day keys, the roster's version."""

    server_key: ServerKey
    day_keys: DayKeys
    checkpoint: Path


async def copy_database(
    source: URL, target: URL, keys: KeySide, now: Callable[[], datetime], tell: Tell
) -> Mapping[str, int]:
    """Copy all rows, open the copy as a start would, and check every MAC and the audit chain before it may be used.

    Killed at any point, the next call with the same databases goes on. Until it has come to its end no Hark starts on
    the target. The source is not changed.

    Args:
        source: Nobody may write to it meanwhile.
        target: Empty, or begun by a call for the same source; nobody may write to it either. Tables without a row are
            as empty: a start leaves those where it refuses, since the keys tell of another database.
        keys: Of both.
        now: Gives the time, aware.
        tell: See `copy_tables`.

    Returns:
        How many rows were copied, by table.

    Raises:
        Unfit: The source has not the newest schema, the target is not empty, or what was copied is not genuine or not
            all there. The mark stays.
        Tampered: The roster, or what stands beside the key file, is not what was kept. The mark stays.
        UnfitDatabase: The target cannot keep what Hark promises, or the source is itself an unfinished copy.
        Unavailable: One of the two cannot be read or written, or is Damaged. What was copied stays.
    """
    old, new = engine_for(source), engine_for(target)
    await _refuse_source(old)
    await begin_filling(target)
    counts = await copy_tables(old, new, tell)
    store = await Store.open(
        target,
        server_key=keys.server_key,
        day_keys=keys.day_keys,
        checkpoint=keys.checkpoint,
        clock=now,
        unfinished=True,
    )
    try:
        await check(store)
    finally:
        await store.close()
    await finish_filling(target)
    return counts


async def begin_filling(target: URL) -> None:
    """Mark an empty database, tables or not, and bring it to the newest schema, or take up one marked before.

    Raises:
        Unfit: It is neither.
        UnfitDatabase: It cannot keep what Hark promises.
        Unavailable: It cannot be read or written, or is Damaged.
    """
    kind = engine_for(target)
    reader = kind.open_readers()
    try:
        await kind.refuse_unfit(reader)
        newest = await is_newest(reader)
    finally:
        await reader.dispose()
    there = await holds_tables(target)
    async with writing(target) as connection:
        if not await is_marked(connection):
            if there and (not newest or await holds_rows(connection)):
                raise Unfit(_NOT_EMPTY)
            await set_mark(connection)
    await migrate(target)


async def finish_filling(target: URL) -> None:
    """Take the mark away: from now on the database is like any other.

    Raises:
        Unavailable: It cannot be written.
    """
    async with writing(target) as connection:
        await remove_mark(connection)


async def _refuse_source(kind: DatabaseEngine) -> None:
    reader = kind.open_readers()
    try:
        await refuse_unfinished(kind, reader)
        if not await is_newest(reader):
            raise Unfit(_OTHER_SCHEMA)
    finally:
        await reader.dispose()
