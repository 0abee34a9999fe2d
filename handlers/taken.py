"""Updates that this process has dealt with: what comes again is known before it touches anything."""

from __future__ import annotations

from typing import Final

from flows.ids import Door
from storage.bounded import Bounded

#: Updates that are remembered. The Bot API repeats the newest few hundred; marks on disk tell of all.
KEPT: Final = 10_000


class Taken:
    """The newest updates, by door and number. A restart forgets them: then the marks of committed turns tell."""

    def __init__(self) -> None:
        self._taken: Bounded[tuple[Door, int], None] = Bounded(KEPT)

    def __contains__(self, update: tuple[Door, int]) -> bool:
        return update in self._taken

    def add(self, update: tuple[Door, int]) -> None:
        """Note that an update was dealt with."""
        self._taken.put(update, None)
