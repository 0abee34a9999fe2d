"""`hark restore`: puts a checked backup where the database belongs, or only tries whether that would work."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path
from typing import Final

from bot.deployment.data_directory.open_store import CHECKPOINT, now, place_of
from bot.deployment.data_directory.rehearsal import rehearse
from bot.deployment.data_directory.single_instance import held, held_on_server
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from bot.monitoring.rounding import in_words
from storage.sealing.keys.server_key import load_server_key
from storage.upkeep.backup.restore_backup import Place, Restored, find_backup, restore

#: What nobody else tells the leads: the site is as live as before, and those who were told by e-mail hear of nothing.
_REACH: Final = (
    "Each lead has to type /pager again, or to unlock in a chat with the Telegram bot: e-mail addresses for notices are"
    " in no backup. Until then count on nobody being reached outside the web page."
)


def main(arguments: argparse.Namespace) -> int:
    """Restore, or rehearse it; what was found and what the leads have to do is printed.

    Returns:
        0, or 2 where nothing was restored: then one sentence on standard error says why.

    Raises:
        SettingsError: A setting cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        backup = find_backup(Path(arguments.backup))
        if arguments.rehearse:
            _tell(asyncio.run(_rehearse(settings, backup)), "Rehearsed: it would be restored whole.")
        else:
            _tell(asyncio.run(_restore(settings, backup, replace=arguments.replace)), "Restored.")
            print(_REACH)
        return 0
    return UNUSABLE


async def _rehearse(settings: Settings, backup: Path) -> Restored:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return await rehearse(settings, backup, load_server_key(settings.key_file), now)


async def _restore(settings: Settings, backup: Path, *, replace: bool) -> Restored:
    """Restore; raises `InUse` where a Hark runs on the same data."""
    database, key = place_of(settings.database), load_server_key(settings.key_file)
    place = Place(database, settings.keys_dir / CHECKPOINT, key, settings.data_dir)
    if isinstance(database, Path):
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(settings):
        async with held_on_server(settings):
            return await restore(backup, place, now, replace=replace)


def _tell(restored: Restored, done: str) -> None:
    made, settled = restored.manifest, restored.settled
    print(f"{done} The backup is of {made.made:%Y-%m-%d %H:%M} UTC: {in_words(made.rows['cases'])} cases, all genuine.")
    if settled.cases or settled.addresses:
        gone = f"{in_words(settled.cases)} cases, {in_words(settled.addresses)} return addresses"
        print(f"Destroyed since, and not brought back: {gone}.")
    for name in settled.shut_out:
        print(f"Shut out, since the roster was changed after the backup: {name}. If that is wrong, invite them again.")
    if settled.recovery:
        print("The recovery key was changed after the backup: make a new one with hark recovery create.")
    if not restored.checkpoint:
        print("No roster version stands beside the key file: if a lead was shut out after the backup, do it again now.")
    if restored.kept is not None:
        print(f"The database that was there lies aside: {restored.kept}")
