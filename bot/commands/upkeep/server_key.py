"""`hark key rotate`: a new server key in the place of the old one, which is destroyed; while Hark is stopped."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from bot.commands.upkeep.database import ProgressBar
from bot.deployment.data_directory.key_place import key_place
from bot.deployment.data_directory.single_instance import held, held_on_server
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from bot.monitoring.rounding import in_words
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.upkeep.rotation.rotate import Rotated, rotate

_NEXT: Final = """\
Copy the key file and the folder it lies in to where you keep them, and destroy the old copies, but for what old backups
need: a backup of before opens with the old key file only.
Make a backup now, with hark backup, and rehearse it.
Give hark audit key again, and keep what it prints with the checkpoints: it leads from the old public key to the new.
Every lead is told of it. The next sign-in of each counts as one on a new device."""


def main(_: argparse.Namespace) -> int:
    """Change the key, or go on with a change that was cut off, and say what is left to do.

    Returns:
        0, or 2 where it has not come to its end: then one sentence on standard error says why, and the same command
        goes on.

    Raises:
        SettingsError: A setting cannot be used.
        KeyFileUnusable: There is nothing to change: told on standard error.
    """
    settings = load(os.environ)
    with reporting_errors():
        _refuse_nothing(settings)
        _tell(asyncio.run(_rotate(settings)))
        return 0
    return UNUSABLE


async def _rotate(settings: Settings) -> Rotated:
    """Change it with all locks held. Raises `InUse` where a Hark runs."""
    bar = ProgressBar(sys.stdout, "binding")
    with held(settings):
        async with held_on_server(settings):
            try:
                return await rotate(key_place(settings), bar.show)
            finally:
                bar.end()


def _refuse_nothing(settings: Settings) -> None:
    """Raises `KeyFileUnusable` where there is no database; where there is no key, `rotate` does so."""
    if isinstance(settings.database, Path) and not settings.database.is_file():
        raise KeyFileUnusable("nothing is kept yet, so there is no server key to change")


def _tell(rotated: Rotated) -> None:
    what = "The change that was cut off has come to its end" if rotated.went_on else "The server key is another one"
    print(f"{what}: {in_words(rotated.verified.cases)} cases checked with it, and the old key is destroyed.")
    if not rotated.verified.holds:
        print("Something in the database was not what was kept before, and is not now: see hark doctor.")
    for name in rotated.uninvited:
        print(f"The invite for {name} has ended: give hark invite again.")
    print(_NEXT)
