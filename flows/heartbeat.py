"""When leads are told what waits for a fixed hour, and when too long was nothing heard; times are aware, UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

#: The day of the week (Monday is 0) and the hour, UTC, from which on the leads are told once that Hark works.
DAY: Final = 0
HOUR: Final = 8
#: Telegram keeps updates no longer than this: what came before is lost.
KEPT: Final = timedelta(hours=24)
#: How long a door may be silent; a long poll takes less than one minute.
SILENT: Final = timedelta(minutes=5)
#: Checking everything that is kept needs no haste.
CHECKED: Final = timedelta(hours=24)


def beats(last: datetime, now: datetime) -> bool:
    """Whether a weekly word to the leads is due, if the last one went out in the hour of `last`."""
    return last < week_end(now)


def week_end(now: datetime) -> datetime:
    """When the week ended of which the weekly word tells: the latest such hour that is not to come."""
    monday = now - timedelta(days=(now.weekday() - DAY) % 7)
    due = monday.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=7)


def next_morning(now: datetime) -> datetime:
    """When leads are told next of what waits for the fixed hour of a day, the same for everybody."""
    due = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return due if now < due else due + timedelta(days=1)


def lost(fetched: datetime, now: datetime) -> bool:
    """Whether Telegram may have dropped updates since the hour in which some were last fetched."""
    return now - fetched > KEPT
