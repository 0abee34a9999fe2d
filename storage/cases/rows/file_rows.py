"""The files of a case: sealed in parts under a key of their own, which stands in the entry that tells of the file.

So whoever reads the entry opens the file, and nobody else; what begins a new epoch seals no file anew. The entry is
signed and chained, and holds the digest of all parts: one that was changed, left out or put back is found by it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, cast
from uuid import uuid4

from sqlalchemy import select

from flows.values.deeds import AddFile
from storage.cases.answers_json import Json, Object
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.cases import files
from storage.database.turn import Insert, Row
from storage.sealing.primitives.box import Place, open_box, pad, seal, unpad
from storage.sealing.primitives.errors import CannotOpen
from storage.values import CaseId

#: What an entry calls itself that tells of a file.
FILE: Final = "file"
#: Bytes of a part before it is sealed: 160 rows for the largest file.
PART: Final = 64 * 1024

_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What an entry says of a file, and the rows that hold it."""

    content: Object
    rows: tuple[Row, ...]


def keep_file(case: str, deed: AddFile, at: datetime) -> KeptFile:
    """Seal a file, and the blur of it where there is one, each under a key of its own.

    Args:
        case: The id of the case to which it belongs; it opens in no other one.
        deed: What came.
        at: When, aware.
    """
    whole, rows = _sealed(case, deed.content)
    blur, blurred = _sealed(case, deed.blur) if deed.blur else (None, ())
    told: Object = {
        "kind": FILE,
        "at": at.isoformat(),
        "media": deed.media,
        "size": len(deed.content),
        "whole": whole,
        "blur": blur,
    }
    return KeptFile(told, (*rows, *blurred))


def _sealed(case: str, content: bytes) -> tuple[Json, tuple[Row, ...]]:
    name, key = uuid4().hex, os.urandom(_KEY_BYTES)
    parts = [seal(key, _place(case, name, number), one) for number, one in enumerate(_cut(pad(content)), 1)]
    rows = tuple(
        Insert(files, {"id": name, "number": number, "case_id": case, "sealed": one})
        for number, one in enumerate(parts, 1)
    )
    return {"id": name, "key": key.hex(), "parts": len(parts), "digest": _digest(parts)}, rows


def _cut(padded: bytes) -> Iterator[bytes]:
    return (padded[begin : begin + PART] for begin in range(0, len(padded), PART))


def _place(case: str, name: str, number: int) -> Place:
    return Place(files.name, case, name, "part", number)


def _digest(parts: list[bytes]) -> str:
    return sha256(b"".join(sha256(one).digest() for one in parts)).hexdigest()


async def open_file(core: StoreCore, case: CaseId, told: Object, *, blurred: bool) -> bytes:
    """Read and open a file of which an entry that is genuine tells.

    Args:
        core: For the database and the server's key.
        case: Of which the entry is.
        told: What the entry says.
        blurred: Whether the blur is meant; a file without one is given as if it were empty.

    Raises:
        Tampered: Parts of it were changed, left out, added or put back; it is counted.
        Unavailable: The database cannot be read.
    """
    one = cast("dict[str, str | int] | None", told["blur" if blurred else "whole"])
    if one is None:
        return b""
    name = str(one["id"])
    async with core.read() as connection:
        rows = await all_rows(connection, select(files).where(files.c.id == name).order_by(files.c.number))
    parts = [row["sealed"] for row in rows]
    genuine = all(is_bound(core.server_key, files, row) and row["case_id"] == case for row in rows)
    if not genuine or len(parts) != one["parts"] or _digest(parts) != one["digest"]:
        raise core.forgeries.record(case)
    key = bytes.fromhex(str(one["key"]))
    try:
        opened = [open_box(key, _place(case, name, row["number"]), row["sealed"]) for row in rows]
        return unpad(b"".join(opened))
    except CannotOpen:
        raise core.forgeries.record(case) from None
