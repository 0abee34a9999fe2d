"""What is wrong now, as Hark noted it while it ran: the alerts that stand, and updates that were set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.checks.finding import Finding, look, wrong
from storage.store import Store
from storage.values import Alert, AlertKind

_WHAT: Final[Mapping[AlertKind, tuple[str, str]]] = {
    "quarantined": (
        "updates came that could not be read",
        "look for a newer Hark; they are sealed for three days",
    ),
    "undelivered": ("a notice could not be delivered for a day", "ask the leads to unlock from a chat that is open"),
    "silence": (
        "a door is silent",
        "look at the log, at the network, at HARK_TOKEN, and whether another Hark runs with it; or start Hark anew",
    ),
    "gap": ("Hark was away for longer than Telegram keeps updates", "tell the leads; find out why it was away"),
    "database": ("the database could not be reached", "look at the disk and at the log"),
    "disk": ("the disk is nearly full", "make room where the data directory is"),
    "clock": ("the server's clock jumped", "set the clock right, and have it kept by the network"),
    "conflict": (
        "something else fetches with a door's token",
        "end the other Hark; if there is none, the token is known to somebody: have BotFather give a new one",
    ),
    "recovery": ("the recovery key was used", "ask the leads whether they know of it; if not, tell the head"),
    "ladder_end": ("nobody acknowledges", "call the leads"),
    "tampered": ("something in the database is not what was kept", "stop Hark, keep a copy, restore a backup"),
}
_WRONG: Final = frozenset({"silence", "conflict", "database", "disk", "tampered"})


async def look_at_alarms(store: Store) -> list[Finding]:
    """Every alert that stands for everybody who answers for Hark, and how much is in quarantine."""
    return [*_alerts(await store.alerts.standing()), *_kept(await store.quarantine.count())]


def _alerts(standing: tuple[Alert, ...]) -> Iterator[Finding]:
    for alert in standing:
        what, do = _WHAT[alert.kind]
        yield (wrong if alert.kind in _WRONG else look)(f"{what} (last {alert.last_at:%Y-%m-%d %H:%M} UTC)", do)


def _kept(count: int) -> Iterator[Finding]:
    if count:
        updates = "1 update" if count == 1 else f"{count} updates"
        yield look(f"{updates} that could not be read in quarantine", "nothing: they go after three days")
