"""Day keys: random, one for each day (UTC), never backed up, destroyed 72 hours after their day began.

They seal drafts, tidy lists and unspoken answers, and key the seen rows. With a day's key gone, what was sealed under
it is gone too, from every backup: that is what "after three days nothing unsent is left" rests on.
"""

import contextlib
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from storage.sealing.keys.private_files import destroy_key, finish_destroying, read_key, write_key
from storage.sealing.primitives.derive import KEY_BYTES, Field, Keyed, canonical, expand
from storage.sealing.primitives.errors import CannotOpen

LIFETIME = timedelta(hours=72)
HEADER = "hark day key 1"
_AHEAD = timedelta(hours=1)  # that a day may begin before ours does
_SUFFIX = ".daykey"
_MARK_BYTES = 16  # HMAC-SHA-256, truncated as RFC 2104, section 5, allows


@dataclass(frozen=True)  # no slots: what is derived is kept beside the secret, and goes with it
class DayKey:
    """The key of one day."""

    day: date
    secret: bytes = field(repr=False)

    def box_key(self) -> bytes:
        """Give the 32-byte key for `box.seal` and `box.open_box`."""
        return self._box

    def mark(self, label: str, *fields: Field) -> bytes:
        """Give 16 bytes by which the same values are known again that day and that tell nothing of them.

        Used for seen rows (door and update id, no chat) and for limits. HMAC-SHA-256, truncated.
        """
        return self._mark.of(canonical("hark/mark/1", label, fields))[:_MARK_BYTES]

    @cached_property
    def _box(self) -> bytes:
        return bytes(expand(self.secret, "hark/day/box/1"))

    @cached_property
    def _mark(self) -> Keyed:
        return Keyed(bytes(expand(self.secret, "hark/day/mark/1")))


class DayKeys:
    """The directory of day keys. Not safe for two processes with clocks in different days; safe for threads."""

    def __init__(self, directory: Path) -> None:
        """Open the directory, creating it with mode 0700.

        Args:
            directory: Beside the server key's file, outside every backup.

        Raises:
            OSError: It cannot be created.
        """
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        self._directory = directory
        self._read: dict[date, DayKey] = {}
        self._alive: tuple[date, tuple[DayKey, ...]] | None = None

    def current(self, now: datetime) -> DayKey:
        """Give the key of the day of `now` (aware), drawing it the first time.

        Raises:
            OSError: It cannot be written: nothing may be sealed now.
            KeyFileUnusable: Its file is damaged or open to others.
        """
        day = now.astimezone(UTC).date()
        try:
            return self.for_day(day)
        except CannotOpen:
            return self._draw(day)

    def for_day(self, day: date) -> DayKey:
        """Give the key of a day gone by.

        Raises:
            CannotOpen: It was destroyed, or there never was one.
            KeyFileUnusable: Its file is damaged or open to others.
        """
        if day not in self._read:
            try:
                self._read[day] = DayKey(day, read_key(self._path(day), HEADER))
            except FileNotFoundError:
                raise CannotOpen from None
        return self._read[day]

    def recent(self, now: datetime) -> tuple[DayKey, ...]:
        """Give all keys that are there, newest first: a seen row may be keyed by any of them.

        Also those of days that have not come, or are long over: the clock may have been set. They are read from the
        disk once a day, and again after one was drawn or destroyed.

        Raises:
            CannotOpen: Another process destroyed a file of the directory at this moment.
            KeyFileUnusable: A file is damaged or open to others.
            OSError: A file cannot be read.
        """
        today = now.astimezone(UTC).date()
        if self._alive is None or self._alive[0] != today:  # keys are born and end with the day: no need to look again
            self._alive = today, tuple(map(self.for_day, sorted(self._days(), reverse=True)))
        return self._alive[1]

    def destroy_old(self, now: datetime) -> tuple[date, ...]:
        """Destroy every key whose 72 hours are over, and tell of which days; call it hourly and at the start.

        A key of a day that has not come was drawn by a clock that was set back since: it has 72 hours from the first
        time that this is called then.

        Raises:
            OSError: A key file cannot be destroyed; the older ones are, and the next call goes on with the rest.
        """
        finish_destroying(self._directory)
        over = tuple(sorted(day for day in self._days() if _is_over(day, now) or self._is_astray(day, now)))
        for day in over:
            self._read.pop(day, None)
            self._alive = None
            destroy_key(self._path(day))
        return over

    def _draw(self, day: date) -> DayKey:
        with contextlib.suppress(FileExistsError):  # another thread was first: its key is the day's
            write_key(self._path(day), HEADER, os.urandom(KEY_BYTES))
        self._alive = None
        return self.for_day(day)

    def _is_astray(self, day: date, now: datetime) -> bool:
        if datetime.combine(day, time(), UTC) <= now + _AHEAD:
            return False
        path, at = self._path(day), now.timestamp()
        if path.stat().st_mtime > at:
            os.utime(path, (at, at))
        return at - path.stat().st_mtime >= LIFETIME.total_seconds()

    def _days(self) -> list[date]:
        return [date.fromisoformat(path.stem) for path in self._directory.glob(f"????-??-??{_SUFFIX}")]

    def _path(self, day: date) -> Path:
        return self._directory / f"{day.isoformat()}{_SUFFIX}"


def _is_over(day: date, now: datetime) -> bool:
    return now >= datetime.combine(day, time(), UTC) + LIFETIME
