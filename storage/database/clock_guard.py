"""Whether the clock may be believed: what has had its time is destroyed only by a clock that has not just jumped.

A clock that is set a year ahead by mistake would otherwise end every draft and day key within a minute. One that was
set back keeps nothing alive for long: see `storage/upkeep/sweeper.py` and `storage/sealing/keys/day_keys.py`.
"""

from __future__ import annotations

import glob
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

_JUMP: Final = timedelta(minutes=10)  # between what the clock says went by, and what did
_SLACK: Final = timedelta(minutes=1)  # by which a clock is put right without a word
_AWAY: Final = timedelta(hours=24)  # since somebody last wrote to the database: an outage, or a clock set ahead
_GRACE: Final = 3600.0  # seconds in which a wrong clock is likely put right, and nothing is destroyed


def monotonic_seconds() -> float:
    """Return the seconds since this machine was started, sleep included (CLOCK_BOOTTIME of clock_gettime(2), Linux).

    No user can set this clock, so it tells how far the one that users can set has jumped.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def last_written(database: Path) -> datetime | None:
    """Give when a database was last written, by the clock of then, or None for a new one.

    Args:
        database: Its file; what SQLite keeps beside it, as the write-ahead log, counts too.

    Returns:
        The newest time of these files, aware, in the machine's own zone.
    """
    times = [path.stat().st_mtime for path in database.parent.glob(f"{glob.escape(database.name)}*")]
    return datetime.fromtimestamp(max(times)).astimezone() if times else None


def is_within(passed: timedelta, limit: timedelta) -> bool:
    """Tell whether a time is not up yet.

    A clock that was set back behind the beginning, by more than a minute, ends the time: nothing lives longer for it.
    """
    return -_SLACK <= passed < limit


class ClockGuard:
    """Watches one clock; ask it at least once a minute."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = monotonic_seconds,
        written: datetime | None = None,
    ) -> None:
        """Take the clock, what to measure it by, and when the database was last written."""
        self._clock = clock
        self._monotonic = monotonic
        self._last = clock(), monotonic()
        self._from = self._last[1]
        self.jumps = 0
        if written is not None and not -_JUMP <= self._last[0] - written <= _AWAY:
            self._from += _GRACE

    def holds(self) -> bool:
        """Tell whether the clock has gone as it should for the last hour.

        Each call compares what went by since the one before, on both clocks. More than ten minutes of difference is a
        jump: it is counted in `jumps`, and for an hour from then on the answer is no (decision 11).
        """
        now, monotonic = self._clock(), self._monotonic()
        went_by = timedelta(seconds=monotonic - self._last[1])
        if abs(now - self._last[0] - went_by) > _JUMP:
            self._from, self.jumps = monotonic + _GRACE, self.jumps + 1
        self._last = now, monotonic
        return monotonic >= self._from
