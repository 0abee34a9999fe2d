"""A turn, the unit of work: everything one update causes, as sealed rows, committed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import Table

Cell: TypeAlias = str | int | bytes | None
Cells: TypeAlias = Mapping[str, Cell]

_told: ContextVar[Callable[[], None] | None] = ContextVar("told", default=None)


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row. A row with the same key is a conflict; for a `quiet` insert it is kept as it was."""

    table: Table
    values: Cells = field(repr=False)
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the one row with this key, as long as it still has the `expected` values."""

    table: Table
    key: Cells = field(repr=False)
    values: Cells = field(repr=False)
    expected: Cells = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class UpdateAll:
    """New values for every row with this key, however many there are."""

    table: Table
    key: Cells = field(repr=False)
    values: Cells = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delete:
    """The removal of every row with this key. Without `expected` values it may find none."""

    table: Table
    key: Cells = field(repr=False)
    expected: Cells = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Unseen:
    """This update was not seen before: `mark` is its mark of today, `earlier` those under the other living day keys."""

    mark: bytes = field(repr=False)
    day: str
    earlier: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Logged:
    """One more link of the audit chain; the writer gives it its number and its MAC."""

    hour: int
    lead: str
    action: str
    case: str | None = None


Row: TypeAlias = Insert | Update | UpdateAll | Delete | Unseen | Logged


@dataclass(frozen=True, slots=True)
class Turn:
    """Rows that belong together, in no particular order; no two of them touch the same row."""

    rows: tuple[Row, ...]

    def touched(self) -> frozenset[tuple[object, ...]]:
        """Return the keys of the rows that it depends on; two turns that share one never go into the same batch.

        Links of the audit chain, and rows whose number the database draws, are nobody else's and are not among them.
        """
        return frozenset(name for row in self.rows if (name := _name(row)) is not None)


def _name(row: Row) -> tuple[object, ...] | None:
    if isinstance(row, Logged):
        return None
    if isinstance(row, Unseen):
        return ("seen", row.mark)
    if isinstance(row, Insert):
        keys = [column.name for column in row.table.primary_key]
        # A row whose number the database draws is nobody else's.
        return (row.table.name, *(row.values[key] for key in keys)) if keys[0] in row.values else None
    return (row.table.name, *(row.key[key] for key in sorted(row.key)))


@contextmanager
def when_seen(tell: Callable[[], None]) -> Iterator[None]:
    """Have `tell` called, within this block and this task, each time an update's mark as seen is committed.

    Whoever waits around the block is told as well; tasks that the block begins have it too (`contextvars`).
    """
    around = _told.get()

    def tell_both() -> None:
        tell()
        if around is not None:
            around()

    token = _told.set(tell_both)
    try:
        yield
    finally:
        _told.reset(token)


def seen() -> None:
    """Call the `tell` of the surrounding `when_seen`: a mark was committed. For `StoreCore.commit`."""
    tell = _told.get()
    if tell is not None:
        tell()
