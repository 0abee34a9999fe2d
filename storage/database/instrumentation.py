"""Failpoints of tests, durations for metrics, and counts of what the database or the disk refused.

Each stands right before or right after something that cannot be taken back: a commit, an answer of the Bot API, an
offset that was confirmed. Nothing but a test arms them (`tests/faults/killer.py`); what is killed where, and what must
hold afterwards, is in `tests/faults/`.
"""

from __future__ import annotations

import errno
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias, get_args

from flows.values.ids import Urgency

#: Every point there is, in the order in which an update meets them.
Point: TypeAlias = Literal[
    "fetch.given",  # updates were taken from the Bot API, and none of them is begun
    "hush.begun",  # a tap is about to be acknowledged, while its turn is made
    "hush.done",  # the messenger knows that it was heard, whatever is done of it
    "unlock.judged",  # both factors are right, and nothing of it is on disk
    "send.sealed",  # a concern is sealed, and not handed to the writer yet
    "append.sealed",  # words for a case, likewise
    "deed.sealed",  # what a lead does to a case, likewise
    "commit.begun",  # within the transaction, before its first statement
    "commit.midway",  # after one of its statements, before the next
    "commit.ready",  # all of it is written, and none of it committed
    "commit.done",  # it is on disk, and nobody has been told
    "unlock.kept",  # the lead is unlocked, and has not been told
    "send.kept",  # a case with its receipt is on disk, and the words are not shown
    "append.kept",  # the words are in the case, and nothing is answered
    "deed.kept",  # the deed is in the case, and nothing is answered
    "say.begun",  # before a message is given to the Bot API
    "say.accepted",  # the Bot API has taken it, and its number is not noted
    "send.shown",  # the words of a receipt are shown, and would be shown again
    "tidy.begun",  # before messages of a chat are deleted, whoever asked for it
    "tidy.deleted",  # the Bot API has deleted them, and they are on the list still
    "notice.begun",  # before a notice is given to a chat and a mail server
    "notice.told",  # the Bot API has taken a notice, and it is in the outbox still
    "fetch.confirming",  # what is committed is about to be confirmed
    "fetch.confirmed",  # the Bot API has been told
    "brought.kept",  # what a webhook brought is committed, and the Bot API has no answer yet
]
POINTS: Final[tuple[Point, ...]] = get_args(Point)

_watcher: Callable[[Point], None] | None = None

Kind = Literal["database", "disk", "clock"]
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def reach(point: Point) -> None:
    """Tell the watcher that `point` is reached; without a watcher this does nothing."""
    if _watcher is not None:
        _watcher(point)


def arm(watcher: Callable[[Point], None] | None) -> None:
    """Have `watcher` called at every point, from whichever thread; None puts the points back to rest."""
    global _watcher  # noqa: PLW0603 - one for the process, as its end is; passing it to every part would not be free
    _watcher = watcher


def _nobody(*_: object) -> None:
    """Nobody measures."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Callbacks for metrics, called in the event loop after the fact; they must not raise.

    `wrote` hears of each transaction: its seconds, and whether the database took it. `acknowledged` hears of each first
    acknowledgement: the case's urgency, and how long after sending it came.
    """

    wrote: Callable[[float, bool], None] = _nobody
    acknowledged: Callable[[Urgency, timedelta], None] = _nobody


class Failures:
    """Counts errors of the database and the disk; `storage/notices/alerts.py` makes alerts of them."""

    def __init__(self) -> None:
        """Begin at none."""
        self.counts: Counter[Kind] = Counter()

    def record(self, error: BaseException) -> None:
        """Count an error of the database or of the system; a full disk counts as `disk`."""
        self.counts["disk" if _is_full(error) else "database"] += 1


def is_busy(error: BaseException) -> bool:
    """Return whether another process held the database's lock for longer than 10 seconds."""
    return _code(error) & 0xFF == sqlite3.SQLITE_BUSY


def _is_full(error: BaseException) -> bool:
    return _code(error) in _FULL or (isinstance(error, OSError) and error.errno in _NO_SPACE)


def _code(error: BaseException) -> int:
    """Give SQLite's code of an error, also of one that SQLAlchemy has wrapped; 0 if it has none."""
    return int(getattr(getattr(error, "orig", None) or error, "sqlite_errorcode", None) or 0)
