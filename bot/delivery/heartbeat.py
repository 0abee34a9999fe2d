"""Whether Hark hears and is whole: silence, a gap and tampering become alerts, and the leads get a weekly word.

The alerts stand until it is over; of what cannot be seen to be over, for some time after it was last met.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, get_args

from bot.monitoring.health import Pulse, answered, contested
from flows.duty.escalation import beats
from flows.values.ids import Door
from handlers.telegram import failures
from storage.database.clock_guard import monotonic_seconds
from storage.store import Store
from storage.values import AlertKind

#: The door that forgets what nobody fetches, and whose token somebody else may use.
_FORGETFUL: Final[Door] = "telegram"
#: Telegram keeps updates no longer than this: what came before is lost.
KEPT: Final = timedelta(hours=24)
#: How long a door may be silent; a long poll takes less than one minute.
SILENT: Final = timedelta(minutes=5)
#: Checking everything that is kept needs no haste.
CHECKED: Final = timedelta(hours=24)
#: For how long an alert stands: a gap, or a notice that was given up, cannot be made good, and who fetches now and then
#: is told of once an hour.
_STANDS: Final[Mapping[AlertKind, timedelta]] = {
    "gap": timedelta(days=3),
    "undelivered": timedelta(days=3),
    "recovery": timedelta(days=3),
    "conflict": timedelta(hours=1),
}
_LATELY: Final = 60.0  # seconds


class Heartbeat:
    """Looked after by the watch loop, once a minute; safe to repeat."""

    def __init__(
        self,
        store: Store,
        pulse: Pulse,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = monotonic_seconds,
    ) -> None:
        """Judge doors by `pulse`; `now` gives aware UTC times, `monotonic` seconds that nobody can set."""
        self._store = store
        self._pulse = pulse
        self._now = now
        self._monotonic = monotonic
        self._checked: float | None = None
        self._gap: datetime | None = None
        self._checking: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Note what is wrong now, clear what is over, and tell the leads if it is time.

        Raises:
            Tampered: The register is not the one that was written; the next look tries again.
            Unavailable: The database cannot be read or written: the next look does it.
        """
        await self._listen()
        await self._let_go()
        await self._tell()
        await self._begin_checking()

    async def end(self) -> None:
        """Cancel a check that is under way; it begins anew at the next start."""
        if self._checking is not None:
            self._checking.cancel()
            await asyncio.wait({self._checking})

    async def checked(self) -> None:
        """Wait for a check that is under way."""
        if self._checking is not None:
            await self._checking

    async def _listen(self) -> None:
        quiet = {door: seconds for door in get_args(Door) if (seconds := self._pulse.quiet(door)) is not None}
        if any(seconds > SILENT.total_seconds() for seconds in quiet.values()):
            await self._store.alerts.note("silence")
        elif quiet:  # before the first beat nothing is known
            await self._store.alerts.clear("silence")
        if _FORGETFUL in quiet:
            await self._listen_to_telegram()

    async def _listen_to_telegram(self) -> None:
        await self._look_for_a_gap()
        heard = self._pulse.quiet(answered(_FORGETFUL))
        if heard is not None and heard < _LATELY:
            await self._store.last_runs.note("fetched")
        contest = self._pulse.quiet(contested(_FORGETFUL))
        if contest is not None and contest < _LATELY:
            await self._store.alerts.note("conflict")

    async def _look_for_a_gap(self) -> None:
        last = await self._store.last_runs.at("fetched")
        if last is not None and last != self._gap and lost(last, self._now()):
            await self._store.alerts.note("gap")
            self._gap = last

    async def _let_go(self) -> None:
        for alert in await self._store.alerts.standing():
            if self._now() - alert.last_at > _STANDS.get(alert.kind, timedelta.max):
                await self._store.alerts.clear(alert.kind)

    async def _tell(self) -> None:
        last = await self._store.last_runs.at("heartbeat")
        if last is None:  # the first week begins
            await self._store.last_runs.note("heartbeat")
        elif beats(last, self._now()):
            weekly = (*await self._store.alerts.well(), *await self._store.read_reviews.due())
            await self._store.last_runs.note("heartbeat", *weekly)

    async def _begin_checking(self) -> None:
        """Check all that is kept, at each start and once a day, aside: with many cases it takes minutes.

        The day is the process's own, which nobody can set; what stands beside the key file is for who looks there.
        """
        seconds = self._monotonic()
        due = self._checked is None or seconds - self._checked >= CHECKED.total_seconds()
        if due and (self._checking is None or self._checking.done()):
            self._checked = seconds
            self._checking = asyncio.create_task(self._check())

    async def _check(self) -> None:
        try:
            found = await self._store.watch.verify()
            if not found.holds:
                await self._store.alerts.note("tampered")
            await self._store.last_runs.note("verified")
        except Exception as error:  # noqa: BLE001 - nobody awaits it; the next look begins it again
            self._checked = None
            failures.log_error(error)


def lost(fetched: datetime, now: datetime) -> bool:
    """Whether Telegram may have dropped updates since the hour in which some were last fetched.

    Source: Bot API, "Getting updates": they are kept for 24 hours.
    """
    return now - fetched > KEPT
