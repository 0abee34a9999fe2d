"""The server's clock: one-time codes, due times and the life of drafts depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.checks.finding import Finding, good, wrong
from storage.steady import last_written

#: Before this day Hark was not written, and long after it nobody will run this version.
_WRITTEN: Final = datetime(2026, 11, 1, tzinfo=UTC)
_LAST: Final = _WRITTEN + timedelta(days=365 * 15)
_DO: Final = "set the clock, by NTP if the network has it, then start Hark anew"


def look_at_clock(now: datetime, database: Path) -> Iterator[Finding]:
    """Whether the time can be true: after this version was written, and after everything that is kept."""
    if not _WRITTEN <= now <= _LAST:
        yield wrong("the clock cannot be right", _DO)
        return
    newest = last_written(database)
    if newest is not None and newest > now + timedelta(minutes=5):
        yield wrong("the clock is behind the last change of the database", _DO)
    else:
        yield good("the clock can be right")
