"""Failpoints of tests, durations for metrics, and counts of what the database or the disk refused.

Each stands right before or right after something that cannot be taken back: a commit, an answer of the Bot API, an
offset that was confirmed. Nothing but a test arms them (`tests/faults/killer.py`); what is killed where, and what must
hold afterwards, is in `tests/faults/`.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias, get_args

from flows.values.ids import Urgency
from storage.database.engines.engine import Failure

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
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def reach(point: Point) -> None:
    """Tell the watcher that `point` is reached; without a watcher this does nothing.

    What the watcher raises goes through: a failpoint is where a fault may come.
    """
    if _watcher is not None:
        _watcher(point)


def arm(watcher: Callable[[Point], None] | None) -> None:
    """Have `watcher` called at every point, from whichever thread; None puts the points back to rest.

    There is one for the process; an earlier one is replaced. Only tests call this.
    """
    global _watcher  # noqa: PLW0603 - one for the process, as its end is; passing it to every part would not be free
    _watcher = watcher


def _nobody(*_: object) -> None:
    """Nobody measures."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Callbacks for metrics, called in the event loop after the fact; they must not raise.

    `wrote` hears of each transaction: its seconds, and whether the database took it. `acknowledged` hears of each first
    acknowledgement: the case's urgency, and how long after sending it came. `refused` hears of each button, link,
    invite, receipt and reference that was refused: malformed, stolen, replayed, foreign or of nothing, and not which.
    """

    wrote: Callable[[float, bool], None] = _nobody
    acknowledged: Callable[[Urgency, timedelta], None] = _nobody
    refused: Callable[[], None] = _nobody


class Failures:
    """Counts errors of the database and the disk; `storage/notices/alerts.py` makes alerts of them."""

    def __init__(self, failure: Callable[[BaseException], Failure] = lambda _: Failure.OTHER) -> None:
        """Begin at none; `failure` tells what an error of the database comes to, where there is a database."""
        self._failure = failure
        self.counts: Counter[Kind] = Counter()

    def record(self, error: BaseException) -> None:
        """Count an error of the database or of the system.

        Args:
            error: As it was caught; nothing of it is kept but its kind. A full disk, a quota and a limit on the size of
                files count as `disk`, all else as `database`.
        """
        full = self._failure(error) is Failure.FULL or (isinstance(error, OSError) and error.errno in _NO_SPACE)
        self.counts["disk" if full else "database"] += 1
