"""Where a change of the server key takes place, by the settings; and bringing one to its end that was cut off."""

from __future__ import annotations

import logging
from pathlib import Path

from bot.deployment.data_directory.open_store import CHECKPOINT, DAY_KEYS, now, place_of
from bot.deployment.settings import Settings
from storage.database.engines import sqlite_url
from storage.sealing.keys.key_exchange import is_begun, is_ending
from storage.upkeep.rotation.cores import Place
from storage.upkeep.rotation.rotate import settle

log = logging.getLogger(__name__)


def key_place(settings: Settings) -> Place:
    """Give the database of the settings, their key file, and what stands beside it."""
    database = place_of(settings.database)
    url = sqlite_url(database) if isinstance(database, Path) else database
    keys = settings.keys_dir
    return Place(url, settings.key_file, keys / DAY_KEYS, keys / CHECKPOINT, now)


async def settle_key(settings: Settings) -> None:
    """Bring a change of the server key to its end, or take it back where no row is under the new key; nobody may run.

    Raises:
        Tampered: The database, or a file beside the key, is under neither key.
        Unfit: The ledger beside the key is.
        Unavailable: The database or a file cannot be read or written.
        KeyFileUnusable: One of the keys cannot be read.
        OSError: A key cannot be put in place or destroyed.
    """
    if not is_begun(settings.key_file) and not is_ending(settings.key_file):
        return
    ended = await settle(key_place(settings))
    log.warning("a change of the server key was cut off: it is %s", "at its end now" if ended else "taken back")
