"""Where a day ends for the people of a site, and how long ago something was."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def day_end(now: datetime, timezone: str) -> datetime:
    """The end of the site's own day: the next midnight there, aware; `timezone` is an IANA name."""
    there = now.astimezone(ZoneInfo(timezone))
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=midnight.tzinfo)


def minutes(since: datetime, now: datetime) -> int:
    """Whole minutes from `since` to `now`; never negative."""
    return max(0, int((now - since).total_seconds() // 60))
