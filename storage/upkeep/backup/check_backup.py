"""Opens a copy of a database as Hark would, and checks all that the server's key can check."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from storage.core.audit.kept_tree import tree_beside
from storage.core.register import Register, lock_beside, register_beside
from storage.database.engines import sqlite_url
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.store import Store
from storage.upkeep.verification.audit_checkpoint import end_beside
from storage.values.errors import Tampered, Unfit

#: Folders beside a copy that hold what a store needs and a copy has not: they go when it is closed.
_SCRATCH: Final = ".days"
FORGED: Final = "something in the database is not what was kept: see hark doctor, and keep the older backups"


@asynccontextmanager
async def opened_copy(
    copy: Path, server_key: ServerKey, now: Callable[[], datetime], *, old: bool = False, url: URL | None = None
) -> AsyncIterator[Store]:
    """Open a copy of a database as a store, brought to the newest schema; no other process may have it open.

    Files beside it are not read, and those that are made there go at the end, however the block ends. Rows are bound
    only in an `old` copy, of before 0.2: see `storage/upkeep/bind_old_rows.py`. With a `url` that database is opened,
    also while it is filled, and `copy` is only the name of what is made beside it.

    Raises:
        Unfit: It is not genuine; also where the block finds that out.
        Damaged: It is no whole database.
        Unavailable: It cannot be opened.
    """
    days, checkpoint = copy.with_name(f"{copy.name}{_SCRATCH}"), copy.with_name(f"{copy.name}.roster")
    try:
        Register(register_beside(checkpoint), server_key).change(lambda noted: replace(noted, bound=not old))
        store = await Store.open(
            url or sqlite_url(copy),
            server_key=server_key,
            day_keys=DayKeys(days),
            checkpoint=checkpoint,
            clock=now,
            unfinished=url is not None,
        )
        try:
            yield store
        finally:
            await store.close()
    except (Tampered, KeyFileUnusable):
        raise Unfit(FORGED) from None
    finally:
        clear_scratch(copy)


async def check(store: Store) -> None:
    """Check every case, the roster and the audit chain.

    Raises:
        Unfit: Something is not what was kept.
        Tampered: The register is not the one that was written.
        Unavailable: The database cannot be read.
    """
    if not (await store.watch.verify()).holds:
        raise Unfit(FORGED)


def clear_scratch(copy: Path) -> None:
    """Remove what `opened_copy` made beside a copy: day keys, version, register, end of the chain. Safe to repeat.

    Raises:
        OSError: Something cannot be removed.
    """
    days = copy.with_name(f"{copy.name}{_SCRATCH}")
    checkpoint = copy.with_name(f"{copy.name}.roster")
    register = register_beside(checkpoint)
    beside = (checkpoint, register, lock_beside(register), end_beside(checkpoint), tree_beside(checkpoint))
    for path in (*days.glob("*"), *beside):
        path.unlink(missing_ok=True)
    if days.is_dir():
        days.rmdir()
