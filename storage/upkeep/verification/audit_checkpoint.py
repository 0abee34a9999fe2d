"""The end of the audit chain beside the key file, by which a chain that was cut short is noticed, also with all else.

Everything that changes a case is a link of the chain. So whoever puts rows, or the whole database, back to an earlier
state has to cut the chain, and can do that unnoticed only for what came since the end was last noted.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.core import StoreCore
from storage.core.register import put_version_file
from storage.database.schema.sites import audit
from storage.values.errors import Unavailable

_LINK = select(audit.c.number, audit.c.mac)


def end_beside(checkpoint: Path) -> Path:
    """Give where the end of the chain stands, beside the roster's version."""
    return checkpoint.with_name(f"{checkpoint.name}.audit")


async def note_end(core: StoreCore) -> None:
    """Write the chain's present end beside the key file; one that the chain no longer holds stays, as a witness.

    Raises:
        Unavailable: The database cannot be read, or the file not written.
    """
    path = end_beside(core.checkpoint)
    noted = _read(path)
    async with core.read() as connection:
        newest = (await connection.execute(_LINK.order_by(audit.c.number.desc()).limit(1))).first()
        if newest is None or tuple(newest) == noted or not await _is_held(connection, noted):
            return
    put_version_file(path, f"{newest.number} {newest.mac.hex()}\n")


async def holds_end(core: StoreCore) -> bool:
    """Tell whether the chain still holds the end that was noted last; true where none was.

    Raises:
        Unavailable: The database, or the file, cannot be read.
    """
    noted = _read(end_beside(core.checkpoint))
    async with core.read() as connection:
        return await _is_held(connection, noted)


async def _is_held(connection: AsyncConnection, noted: tuple[int, bytes] | None) -> bool:
    if noted is None:
        return True
    link = (await connection.execute(_LINK.where(audit.c.number == noted[0]))).first()
    return link is not None and tuple(link) == noted


def _read(path: Path) -> tuple[int, bytes] | None:
    try:
        number, mac = path.read_text(encoding="ascii").split()
        return int(number), bytes.fromhex(mac)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise Unavailable from None
