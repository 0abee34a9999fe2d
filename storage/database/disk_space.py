"""How much room is left, and who has to do without when there is little: words that are sent or added come last.

Hark never refuses to send or to append because of what is counted here: only the database itself can.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from storage.values.errors import Unavailable

_MIB: Final = 1024 * 1024
#: Free bytes on the database's disk below which the alert "disk" is told, and no backup is made there.
LOW: Final = 64 * _MIB
#: Free bytes below which no new draft is begun and no list for tidying up is kept: some hundred concerns still fit.
SCARCE: Final = 16 * _MIB
#: Open drafts beyond which no new one is begun.
MOST_DRAFTS: Final = 25_000
#: Bytes of open drafts, as they are sealed, beyond which the large ones grow no more: whoever begins writes little.
MOST_DRAFT_BYTES: Final = 256 * _MIB
_LOOK_EVERY: Final = 1.0  # seconds; asking the system takes some microseconds


def free_bytes(folder: Path) -> int:
    """Return the bytes that this user may still write to a folder's disk (statvfs(3)).

    Raises:
        OSError: The folder cannot be looked at.
    """
    return shutil.disk_usage(folder).free


class DiskSpace:
    """Room on one disk, and for drafts. Reading it costs next to nothing."""

    def __init__(
        self,
        folder: Path | None,
        free: Callable[[Path], int] = free_bytes,
        most: tuple[int, int] = (MOST_DRAFTS, MOST_DRAFT_BYTES),
    ) -> None:
        """Take the database's folder, or None for a server; how to ask; and how many drafts, in how many bytes."""
        self._folder = folder
        self._ask = free
        self._most = most
        self._drafts = (0, 0)
        self._looked = 0.0
        self._free: int | None = None

    @property
    def is_low(self) -> bool:
        """Whether space has to be freed: on the disk, or because of too many or too large drafts."""
        return self._below(LOW) or self._are_too_many or self.is_crowded

    @property
    def is_scarce(self) -> bool:
        """Whether what can be done without is left out, so that the space serves what is sent."""
        return self._below(SCARCE)

    @property
    def is_crowded(self) -> bool:
        """Whether open drafts hold so many bytes that large ones have to be sent before they grow."""
        return self._drafts[1] >= self._most[1]

    def counted(self, drafts: int, size: int) -> None:
        """Take the sweeper's count of all open drafts and of their bytes, as they are sealed.

        In between, `begin_draft` counts on from it; drafts that grow or end are noticed with the next count.
        """
        self._drafts = drafts, size

    def begin_draft(self, size: int) -> None:
        """Count a new draft of `size` bytes.

        Raises:
            Unavailable: There is no room for a new one; drafts that are open go on.
        """
        if self.is_scarce or self._are_too_many:
            raise Unavailable
        self._drafts = self._drafts[0] + 1, self._drafts[1] + size

    @property
    def _are_too_many(self) -> bool:
        return self._drafts[0] >= self._most[0]

    def _below(self, mark: int) -> bool:
        if self._folder is None:
            return False
        now = time.monotonic()
        if self._free is None or now - self._looked >= _LOOK_EVERY:
            try:
                self._free, self._looked = self._ask(self._folder), now
            except OSError:
                return False  # what cannot be asked is not full; the database will tell
        return self._free < mark
