"""What the database or the disk has refused since the start: counts by kind, nothing of what was to be written."""

from __future__ import annotations

import errno
import sqlite3
from collections import Counter
from typing import Final, Literal

Kind = Literal["database", "disk", "clock"]
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Failures:
    """Counted by whoever met them; `bot/watch.py` makes alerts of them."""

    def __init__(self) -> None:
        """Begin at none."""
        self.counts: Counter[Kind] = Counter()

    def met(self, error: BaseException) -> None:
        """Count an error of the database's, or of the system's."""
        self.counts["disk" if _is_full(error) else "database"] += 1


def is_busy(error: BaseException) -> bool:
    """Tell whether another process held the database's lock for longer than we wait."""
    return _code(error) & 0xFF == sqlite3.SQLITE_BUSY


def _is_full(error: BaseException) -> bool:
    return _code(error) in _FULL or (isinstance(error, OSError) and error.errno in _NO_SPACE)


def _code(error: BaseException) -> int:
    """Give SQLite's code of an error, also of one that SQLAlchemy has wrapped; 0 if it has none."""
    return int(getattr(getattr(error, "orig", None) or error, "sqlite_errorcode", None) or 0)
