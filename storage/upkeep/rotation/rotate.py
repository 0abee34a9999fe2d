"""Changes the server key, in an order in which a kill at any point leaves what goes on.

1. A new key is drawn into a file beside the old one. 2. In one transaction all rows are brought under it. 3. So are the
files beside the key, one after the other. 4. All of it is opened and checked with the new key. 5. That takes the place
of the old one, which is destroyed. Before the commit the old key opens everything, after it the new one; of the two,
only the database tells which. Nothing else uses either until then (`load_server_key` refuses).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storage.database import instrumentation
from storage.database.copying.copy_tables import Tell
from storage.database.disk_space import LOW, free_bytes
from storage.database.engines import engine_for, reading
from storage.sealing.keys import key_exchange
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey, read_server_key
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.store import Store
from storage.upkeep.rotation.bind_files import bind_files, refuse_unfit_files
from storage.upkeep.rotation.bind_rows import bind_rows, is_under
from storage.upkeep.rotation.cores import Cores, Place, opened_cores
from storage.upkeep.verification.verify import Verified
from storage.values.errors import Tampered, Unavailable, Unfit

_ROOM: Final = "there is too little room: as much as the database takes is needed once more while its key is changed"
_WORSE: Final = (
    "with the new key not everything is as it was: nothing is destroyed, and both keys are there; keep a copy of the"
    " data and the keys, and ask for help"
)


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was checked at the end, whose invites ended, and whether it only went on with one that was cut off."""

    verified: Verified
    uninvited: tuple[str, ...] = ()
    went_on: bool = False


async def rotate(place: Place, tell: Tell) -> Rotated:
    """Change the key, or go on where that was cut off; nobody else may use the database or the files meanwhile.

    Args:
        place: The database, and where its keys lie.
        tell: Called after each batch of rows.

    Raises:
        Tampered: The database, or what stands beside the key file, is under neither key. Nothing was changed.
        Unfit: There is too little room, the ledger is not genuine, something begun and not sent cannot be taken along,
            or the check at the end found less than before: both keys stay.
        UnfitDatabase: It cannot keep what Hark promises. Nothing was changed.
        Unavailable: The database, or a file, cannot be read or written: the next call goes on.
        KeyFileUnusable: One of the keys cannot be read, or another command uses it at this moment.
        OSError: A key cannot be written or destroyed: the next call goes on.
    """
    if key_exchange.is_ending(place.key_file):
        key_exchange.complete(place.key_file)
        return Rotated(await _checked(place, read_server_key(place.key_file)), went_on=True)
    went_on = key_exchange.is_begun(place.key_file)
    if went_on and await _is_done(place):
        await _bind_beside(place)
        after = await _checked(place, key_exchange.begin(place.key_file))
        key_exchange.complete(place.key_file)
        return Rotated(after, went_on=True)
    return await _from_the_first_step(place, tell, went_on=went_on)


async def _from_the_first_step(place: Place, tell: Tell, *, went_on: bool) -> Rotated:
    old, new = read_server_key(place.key_file), key_exchange.begin(place.key_file)
    try:
        key_exchange.refuse_in_use(place.key_file)
        before = await _checked(place, old)
        refuse_unfit_files(place, old)
        _refuse_little_room(place)
        uninvited = await _bind_rows(place, old, new, tell)
    except (Tampered, Unfit, KeyFileUnusable):
        key_exchange.take_back(place.key_file)
        raise
    await _bind_beside(place)
    after = await _checked(place, new)
    if _is_worse(before, after):
        raise Unfit(_WORSE)
    key_exchange.complete(place.key_file)
    return Rotated(after, uninvited, went_on)


async def settle(place: Place) -> bool:
    """Bring a change that was cut off to its end, or take it back where no row is under the new key; for a start.

    Returns:
        Whether there was one that was brought to its end.

    Raises:
        Tampered: The database is under neither key, or a file is.
        Unfit: The ledger is.
        Unavailable: The database, or a file, cannot be read or written.
        KeyFileUnusable: One of the keys cannot be read.
        OSError: A key cannot be put in place or destroyed.
    """
    begun = key_exchange.is_begun(place.key_file)
    if begun and not await _is_done(place):
        key_exchange.take_back(place.key_file)
        return False
    if begun:
        await _bind_beside(place)
        await (await _opened(place, key_exchange.begin(place.key_file))).close()
    key_exchange.complete(place.key_file)
    return begun


async def _is_done(place: Place) -> bool:
    """Whether the transaction was committed.

    Raises:
        Tampered: The database is under neither key.
    """
    async with reading(place.database) as connection:
        if await is_under(connection, key_exchange.begin(place.key_file)):
            return True
        if await is_under(connection, read_server_key(place.key_file)):
            return False
    raise Tampered


async def _bind_rows(place: Place, old: ServerKey, new: ServerKey, tell: Tell) -> tuple[str, ...]:
    kind = engine_for(place.database)
    engine = kind.open_writer()
    try:
        async with opened_cores(place, old, new) as cores, engine.begin() as connection:
            instrumentation.reach("commit.begun")
            uninvited = await bind_rows(cores, connection, kind, tell)
            instrumentation.reach("commit.ready")
        instrumentation.reach("commit.done")
        await kind.erase_deleted(engine)  # what was sealed under the old key
    except kind.errors:  # also where the answer to the commit was lost: the next call finds out
        raise Unavailable from None
    finally:
        await engine.dispose()
    return uninvited


async def _bind_beside(place: Place) -> None:
    old, new = read_server_key(place.key_file), key_exchange.begin(place.key_file)
    async with opened_cores(place, old, new) as cores, reading(place.database) as connection:
        await bind_files(Cores(*cores), place, connection)


async def _opened(place: Place, key: ServerKey) -> Store:
    days = DayKeys(place.day_keys)
    return await Store.open(
        place.database, server_key=key, day_keys=days, checkpoint=place.checkpoint, clock=place.clock
    )


async def _checked(place: Place, key: ServerKey) -> Verified:
    """Open everything with a key, as a start does, and check all that it can check."""
    store = await _opened(place, key)
    try:
        return await store.watch.verify()
    finally:
        await store.close()


def _is_worse(before: Verified, after: Verified) -> bool:
    same = (before.cases, before.forged) == (after.cases, after.forged)
    kept = all(getattr(after, name) or not getattr(before, name) for name in ("roster", "audit", "rows"))
    return not same or not kept


def _refuse_little_room(place: Place) -> None:
    """A file's transaction is written beside it, in the write-ahead log, before it is written into it."""
    folder, name = engine_for(place.database).folder, place.database.database
    if folder is not None and name is not None:
        size = (folder / name).stat().st_size
        if free_bytes(folder) < size + LOW:
            raise Unfit(_ROOM)
