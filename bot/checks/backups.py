"""Backups: whether one was ever restored as a trial, and how long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.checks.finding import Finding, good, look
from bot.rehearsal import rehearsed
from bot.settings import Settings
from storage.sealing.errors import KeyFileUnusable
from storage.sealing.server_key import load_server_key

#: A rehearsal older than this is worth another one.
_OLD: Final = timedelta(days=45)
_DO: Final = "hark backup --to DIR, then hark restore --rehearse DIR"


def look_at_backups(settings: Settings, now: datetime) -> list[Finding]:
    """When a backup was last restored as a trial; nothing where there is no key file yet, or none that can be read."""
    try:
        at = rehearsed(settings, load_server_key(settings.key_file))
    except KeyFileUnusable:
        return []
    if at is None:  # going live is refused without one, and says so
        return []
    if now - at > _OLD:
        return [look(f"a backup was last restored as a trial on {at:%Y-%m-%d}", _DO)]
    return [good(f"a backup was restored as a trial on {at:%Y-%m-%d}")]
