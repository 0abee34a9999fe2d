"""Whether Hark is alive and fit to take updates: yes or no for each part, and nothing that says what anybody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.operations.pulse import WATCH, Pulse
from flows.ids import Door
from storage.store import Store

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
