"""Drafts at hand: those of the last few minutes stay in memory, so that no conversation reads what it has just written.

Nothing depends on them: a draft that is not at hand is read, and a stale one ends as a `Conflict`.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from storage.values import Kept

_MOST: Final = 512  # drafts; some kilobytes each
_STAYS: Final = 10 * 60  # seconds: as long as a sitting may be quiet


class AtHand:
    """Drafts by the mark of their address, the least lately kept go first."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[bytes, tuple[int, Kept]] = OrderedDict()

    def get(self, mark: bytes, now: int) -> Kept | None:
        """Give a draft that was kept within the last ten minutes; also after the clock was set back, only those."""
        found = self._drafts.get(mark)
        if found is None or not 0 <= now - found[0] < _STAYS:
            return None
        return found[1]

    def keep(self, mark: bytes, now: int, kept: Kept) -> None:
        """Have a draft at hand that is on disk now; what is too old, or too much, goes."""
        self._drafts[mark] = (now, kept)
        self._drafts.move_to_end(mark)
        while len(self._drafts) > _MOST or not 0 <= now - next(iter(self._drafts.values()))[0] < _STAYS:
            self._drafts.popitem(last=False)

    def drop(self, mark: bytes) -> None:
        """Have it at hand no longer."""
        self._drafts.pop(mark, None)

    def sweep(self, now: int) -> None:
        """Let go of what is older than ten minutes."""
        for mark in [mark for mark in self._drafts if self.get(mark, now) is None]:
            del self._drafts[mark]
