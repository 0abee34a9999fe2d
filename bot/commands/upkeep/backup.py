"""`hark backup`: a checked copy of the database while Hark runs, without the keys."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path
from typing import Final

from bot.deployment.data_directory.open_store import now, place_of
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from bot.monitoring.rounding import in_words
from storage.core.destruction_ledger import LEDGER
from storage.sealing.keys.server_key import load_server_key
from storage.upkeep.backup.create_backup import make_backup

#: Where backups go if nothing else is said; on the same disk they help against mistakes, not against a broken disk.
FOLDER: Final = "backups"


def main(arguments: argparse.Namespace) -> int:
    """Make a backup, and print its folder on a line of its own.

    Returns:
        0, or 2 where none was made: then one sentence on standard error says why.

    Raises:
        SettingsError: A setting cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        asyncio.run(_backup(settings, Path(arguments.to) if arguments.to else settings.data_dir / FOLDER))
        return 0
    return UNUSABLE


async def _backup(settings: Settings, to: Path) -> None:
    database, key = place_of(settings.database), load_server_key(settings.key_file)
    made, manifest = await make_backup(database, settings.keys_dir / LEDGER, to, key, now)
    print(f"backup: {made}")
    print(f"Checked: {in_words(manifest.rows['cases'])} cases, {manifest.rows['leads']} leads, all genuine.")
    print("It opens with the server key file only, which is not in it: keep a copy of that somewhere else.")
