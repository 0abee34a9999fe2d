"""The row of a box: bound by a MAC with a version, the newest of which stands in the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.values.ids import Role, SiteId
from storage.core.core import StoreCore, one_row
from storage.core.integrity import is_bound, mac_of
from storage.database.schema.measures import boxes
from storage.database.turn import Cell, Insert, Row, Update
from storage.sealing.keys.box_keys import new_box
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.xwing import PublicKey

#: Who opens the boxes of a site.
HOLDERS: Final[frozenset[Role]] = frozenset({"lead", "independent"})
_COLUMNS: Final = ("site", "term", "public", "wraps", "asked", "letters", "version")


@dataclass(frozen=True, slots=True)
class BoxRow:
    """All columns of `boxes` but the MAC, in their order. `term` is the first day of a term (ISO 8601)."""

    site: str
    term: str
    public: PublicKey = field(repr=False)
    wraps: bytes = field(repr=False)
    asked: int = 0
    letters: int = 0
    version: int = 1

    @property
    def name(self) -> str:
        """What the register calls it."""
        return box_name(self.site, self.term)


def box_name(site: str, term: str) -> str:
    """Name a box in the register."""
    return f"box/{site}/{term}"


def is_holder(role: Role, site: SiteId, of: SiteId) -> bool:
    """Whether somebody in a role at a site opens the boxes of a site."""
    return role in HOLDERS and site == of


async def find_box(core: StoreCore, connection: AsyncConnection, site: str, term: str) -> BoxRow | None:
    """Read a box; None where there is none.

    Raises:
        Tampered: It is not the newest that Hark wrote, or was taken away.
        Unavailable: The register cannot be read or written.
    """
    row = await one_row(connection, select(boxes).where(boxes.c.site == site, boxes.c.term == term))
    if row is None:
        core.register.require_floor(box_name(site, term), 0)
        return None
    return read_box(core, row)


def read_box(core: StoreCore, row: Mapping[str, Any]) -> BoxRow:
    """Give the row of a box, as it was read.

    Raises:
        Tampered: It is not the newest that Hark wrote.
        Unavailable: The register cannot be read or written.
    """
    if not is_bound(core.server_key, boxes, row):
        raise core.forgeries.record()
    found = BoxRow(*(row[name] for name in _COLUMNS))
    core.register.require_floor(found.name, found.version)
    return found


def new_box_row(public: Iterable[PublicKey], site: str, term: str) -> tuple[BoxRow, Row]:
    """Draw the keys of a new box, and give it with the row that keeps it; the turn binds it."""
    drawn = new_box(public, site, term)
    box = BoxRow(site, term, drawn.public, drawn.wraps)
    return box, Insert(boxes, _cells(box))


def changed_box_row(key: ServerKey, before: BoxRow, **changes: Any) -> tuple[BoxRow, Row]:
    """Give a box with other columns as its next version, and the row for that.

    The commit raises `Conflict` where another turn has changed it since. Note the version in the register afterwards.
    """
    after = replace(before, version=before.version + 1, **changes)
    cells = _cells(after)
    values = {**cells, "mac": mac_of(key, boxes, cells)}
    where = {name: values.pop(name) for name in ("site", "term")}
    return after, Update(boxes, where, values, {"version": before.version})


def _cells(box: BoxRow) -> dict[str, Cell]:
    return {name: cast("Cell", getattr(box, name)) for name in _COLUMNS}
