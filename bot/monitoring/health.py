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

#: A long poll takes up to 65 seconds, and a wait after a failure up to 30; a webhook is looked after as often.
_FETCHED: Final = 120.0
#: The watch loop looks once a second; a round with many slow deliveries takes longer.
_WATCHED: Final = 120.0


def answered(door: str) -> str:
    """Return the pulse name for answers of a door's Bot API; the fetch loop's own name also beats when it begins."""
    return f"{door} answered"


def contested(door: str) -> str:
    """Return the pulse name for updates of a door that another process fetches."""
    return f"{door} contested"


class Pulse:
    """When each loop was last at work: loops call `beat`, checks call `quiet`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that never go back."""
        self._clock = clock
        self._beats: dict[str, float] = {}

    def beat(self, loop: str) -> None:
        """Note that `loop` has just finished a round."""
        self._beats[loop] = self._clock()

    def quiet(self, loop: str) -> float | None:
        """Return the seconds since the last beat of `loop`; None before its first one, of which nothing is known."""
        last = self._beats.get(loop)
        return None if last is None else self._clock() - last


@dataclass(frozen=True)
class Health:
    """Looks at the store and at the loops; `doors` are those that updates come by, fetched or brought."""

    store: Store
    pulse: Pulse
    doors: Sequence[Door]

    async def ready(self) -> tuple[bool, Mapping[str, object]]:
        """Return whether all is well, and each part.

        The database has to answer, and every loop to have beaten within two minutes.
        """
        database = await self.store.counting.answers()
        fetch = {door: self._at_work(door, _FETCHED) for door in self.doors}
        watch = self._at_work(WATCH, _WATCHED)
        ready = database and watch and all(fetch.values())
        return ready, {"ready": ready, "database": database, "watch": watch, "fetch": fetch}

    def _at_work(self, loop: str, within: float) -> bool:
        quiet = self.pulse.quiet(loop)
        return quiet is not None and quiet < within
