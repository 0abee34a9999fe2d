"""When each loop of the process was last seen at work; nothing else, and in memory only."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

#: The name of the watch loop; fetch loops are called as their doors.
WATCH: Final = "watch"


def answered(door: str) -> str:
    """The name under which answers to a door's fetch loop are seen: the loop itself also beats as it begins."""
    return f"{door} answered"


def contested(door: str) -> str:
    """The name under which it is seen that somebody else fetches from a door."""
    return f"{door} contested"


class Pulse:
    """Loops call `beat`; whoever wants to know asks `quiet`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that never go back."""
        self._clock = clock
        self._beats: dict[str, float] = {}

    def beat(self, loop: str) -> None:
        """Note that `loop` has just done what it is there for."""
        self._beats[loop] = self._clock()

    def quiet(self, loop: str) -> float | None:
        """For how many seconds nothing was seen of `loop`; None before its first beat."""
        last = self._beats.get(loop)
        return None if last is None else self._clock() - last
