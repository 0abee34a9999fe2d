"""The two cores of a change of the server key: the same database and files, under the old key and under the new one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL

from storage.core.audit.log_rows import link
from storage.core.core import StoreCore
from storage.database.disk_space import DiskSpace
from storage.database.engines import engine_for
from storage.database.engines.kept_connections import KeptConnections
from storage.database.writer import Writer
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.values import Limits


@dataclass(frozen=True, slots=True)
class Place:
    """What is brought under another key: a database, and what stands beside its key file."""

    database: URL
    key_file: Path
    day_keys: Path
    checkpoint: Path
    clock: Callable[[], datetime]


class Cores(NamedTuple):
    """The old key's, and the new one's; neither writes."""

    old: StoreCore
    new: StoreCore


@asynccontextmanager
async def opened_cores(place: Place, old: ServerKey, new: ServerKey) -> AsyncIterator[Cores]:
    """Give both; nothing is read before it is asked for.

    Raises:
        UnfitDatabase: The database is of another kind than Hark knows.
        OSError: The folder of the day keys cannot be made.
    """
    kind = engine_for(place.database)
    readers, writing = KeptConnections(kind, kind.open_readers()), kind.open_writer()
    days, room = DayKeys(place.day_keys), DiskSpace(kind.folder)

    def core(key: ServerKey) -> StoreCore:
        keys = (key, days, place.checkpoint)
        return StoreCore(readers, Writer(writing, partial(link, key)), *keys, place.clock, Limits(), room)

    try:
        yield Cores(core(old), core(new))
    finally:
        await readers.close()
        await writing.dispose()
