"""Which chats were left for good, also after a restart: in a fixed amount of room, and without a list of anybody.

Each day (UTC) has a Bloom filter of the chats that were left on it (https://doi.org/10.1145/362686.362692): four bits
for each, at places that only the signing key tells. A session token is good on the day it was made and on the next, so
the filters of today and yesterday are enough, and older ones are removed.

A chat that was not left is taken for one with a chance of 10⁻¹⁵ when 1,000 were left in two days, of 10⁻⁷ when 100,000
were, and of 1 in 20 when a flood left as many as can be opened. Its page then goes on in a new chat.
"""

import asyncio
import logging
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from struct import unpack

_BYTES = 4 * 1024 * 1024  # of one day's filter; on the disk only what was touched of it takes room
_BITS = 8 * _BYTES
_PAGE = 4096  # bytes that are written together
_DAY = timedelta(days=1)
log = logging.getLogger(__name__)


class LeftChats:
    """Remembers chats by ``marks`` of 16 bytes or more, which look random to readers of the files; the first is of now.

    ``folder`` None keeps them in memory only. ``clock`` gives seconds since 1970.
    """

    def __init__(
        self, folder: Path | None, clock: Callable[[], float], marks: Callable[[int], Sequence[bytes]]
    ) -> None:
        """Read what is kept.

        Raises:
            OSError: a file of the folder cannot be read.
        """
        self._folder, self._clock, self._marks = folder, clock, marks
        self._days: dict[date, bytearray] = {}
        self._unwritten: defaultdict[date, set[int]] = defaultdict(set)
        self._writing = asyncio.Lock()
        for path in self._files():
            if path.name >= (self._today() - _DAY).isoformat():
                self._days[date.fromisoformat(path.name)] = bytearray(path.read_bytes().ljust(_BYTES, b"\0"))

    def __contains__(self, chat_id: int) -> bool:
        """Tell whether a chat was left, today or yesterday."""
        since = self._today() - _DAY
        return any(
            all(bits[place >> 3] & 1 << (place & 7) for place in _places(mark))
            for mark in self._marks(chat_id)
            for day, bits in self._days.items()
            if day >= since  # a later day than today's: the clock was set back
        )

    def add(self, chat_id: int) -> None:
        """Note in memory that a chat was left; `write` makes it last."""
        today = self._today()
        if today not in self._days:
            self._days[today] = bytearray(_BYTES)
        bits = self._days[today]
        for place in _places(self._marks(chat_id)[0]):
            bits[place >> 3] |= 1 << (place & 7)
            self._unwritten[today].add(place // (8 * _PAGE) * _PAGE)

    async def write(self) -> None:
        """Return once everything that was noted is on the disk; where it cannot be, it is in memory, and logged.

        Calls at the same time wait for each other, and share what was noted. Without a folder it does nothing.
        """
        if self._folder is None:
            return
        async with self._writing:
            if not self._unwritten:
                return
            unwritten, self._unwritten = self._unwritten, defaultdict(set)
            try:
                await asyncio.to_thread(self._write, self._folder, unwritten)
            except OSError as error:
                log.error("what was left is not on the disk: %s", type(error).__name__)  # noqa: TRY400 - the file's name is enough
                for day, pages in unwritten.items():
                    self._unwritten[day] |= pages

    def _write(self, folder: Path, unwritten: dict[date, set[int]]) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        for day, pages in unwritten.items():
            bits = self._days.get(day, b"")
            file = os.open(folder / day.isoformat(), os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                for begin in pages:
                    os.pwrite(file, bits[begin : begin + _PAGE], begin)
                os.fsync(file)
            finally:
                os.close(file)

    def drop_old(self) -> None:
        """Remove the filters that no token can be good against any more: those of days before yesterday.

        Raises:
            OSError: A file cannot be removed.
        """
        oldest = self._today() - _DAY
        self._days = {day: bits for day, bits in self._days.items() if day >= oldest}
        for path in self._files():
            if path.name < oldest.isoformat():
                path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return list(self._folder.glob("????-??-??")) if self._folder else []

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock(), UTC).date()


def _places(mark: bytes) -> list[int]:
    return [number % _BITS for number in unpack(">4I", mark[:16])]
