"""`hark database copy FROM TO`: brings all that is kept over to another database, while Hark is stopped."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy import URL

from bot.deployment.data_directory.open_store import CHECKPOINT, DAY_KEYS, now, place_of
from bot.deployment.data_directory.single_instance import held, held_file, held_on_server
from bot.deployment.database_address import DatabaseServer, read_argument
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from bot.deployment.value_checks import SettingsError
from bot.monitoring.rounding import in_words
from storage.database.engines import sqlite_url
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.private_files import ensure_private
from storage.sealing.keys.server_key import load_server_key
from storage.upkeep.backup.copy_database import KeySide, copy_database

_FROM: Final = "FROM"
_TO: Final = "TO"
_WIDTH: Final = 30  # signs of the bar


def main(arguments: argparse.Namespace) -> int:
    """Copy, and say what is left to do.

    Returns:
        0, or 2 where it has not come to its end: then one sentence on standard error says why, and the same command
        goes on where it was.

    Raises:
        SettingsError: A setting, or one of the two databases, cannot be used.
    """
    settings = load(os.environ)
    source = read_argument(_FROM, arguments.source, settings.database)
    target = read_argument(_TO, arguments.target, settings.database)
    _refuse_unusable(source, target)
    with reporting_errors():
        copied = asyncio.run(_copy(settings, source, target))
        print(f"Copied and checked: {in_words(copied)} cases, all genuine.")
        print("Name the new database in HARK_DATABASE_URL, then start Hark.")
        print("The old one is as it was: remove it once you are sure, since what is destroyed from now on stays in it.")
        return 0
    return UNUSABLE


class ProgressBar:
    """Shows how far it is: a bar that moves on a terminal, a line for each table elsewhere."""

    def __init__(self, out: TextIO, doing: str = "copying") -> None:
        """Take where to write, and what is done with the tables."""
        self._out = out
        self._doing = doing
        self._moves = out.isatty()
        self._shown = ""

    def show(self, table: str, done: int, total: int) -> None:
        """Write what is new since the last call."""
        share = done * 100 // total if total else 100
        bar = "#" * (share * _WIDTH // 100)
        line = f"[{bar:<{_WIDTH}}] {share:3} %  {table:<18}" if self._moves else f"{self._doing} {table}"
        if line != self._shown:
            self._out.write(f"\r{line}" if self._moves else f"{line}\n")
            self._out.flush()
            self._shown = line

    def end(self) -> None:
        """Go to the next line, where the bar stands on one."""
        if self._moves and self._shown:
            self._out.write("\n")


async def _copy(settings: Settings, source: Path | DatabaseServer, target: Path | DatabaseServer) -> int:
    """Copy with all locks held; gives the number of cases. Raises `InUse` where a Hark runs on either database."""
    keys = KeySide(
        load_server_key(settings.key_file), DayKeys(settings.keys_dir / DAY_KEYS), settings.keys_dir / CHECKPOINT
    )
    bar = ProgressBar(sys.stdout)
    ours, other = (replace(settings, database=one) for one in (source, target))
    with ExitStack() as stack:
        stack.enter_context(held(ours))
        stack.enter_context(held_file(target))
        if isinstance(target, Path):
            ensure_private(target)
        async with held_on_server(ours), held_on_server(other):
            try:
                return (await copy_database(_url(source), _url(target), keys, now, bar.show))["cases"]
            finally:
                bar.end()


def _refuse_unusable(source: Path | DatabaseServer, target: Path | DatabaseServer) -> None:
    if isinstance(source, Path) and not source.is_file():
        raise SettingsError(_FROM, "names no database file")
    if isinstance(target, Path) and target.is_dir():
        raise SettingsError(_TO, "names a folder, and not a file in one")
    if _url(source) == _url(target):
        raise SettingsError(_TO, "is the same database as FROM")


def _url(database: Path | DatabaseServer) -> URL:
    place = place_of(database)
    return sqlite_url(place.resolve()) if isinstance(place, Path) else place
