"""Whether Hark is alive and fit to take updates: yes or no for each part, and when each loop was last at work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flows.values.ids import Door
from storage.store import Store

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


#: A long poll takes up to 65 seconds, and a wait after a failure up to 30; a webhook is looked after as often.
_FETCHED: Final = 120.0
#: The watch loop looks once a second; a round with many slow deliveries takes longer.
_WATCHED: Final = 120.0


@dataclass(frozen=True)
class Health:
    """Looks at the store and at the loops; `doors` are those that updates come by, fetched or brought."""

    store: Store
    pulse: Pulse
    doors: Sequence[Door]

    async def ready(self) -> tuple[bool, Mapping[str, object]]:
        """Whether all is well, and each part: the database answers, every loop was at work within two minutes."""
        database = await self.store.counting.answers()
        fetch = {door: self._at_work(door, _FETCHED) for door in self.doors}
        watch = self._at_work(WATCH, _WATCHED)
        ready = database and watch and all(fetch.values())
        return ready, {"ready": ready, "database": database, "watch": watch, "fetch": fetch}

    def _at_work(self, loop: str, within: float) -> bool:
        quiet = self.pulse.quiet(loop)
        return quiet is not None and quiet < within
