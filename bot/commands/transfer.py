"""`hark transfer key` and `hark transfer put FILE`: what other schools seal whole files to, and a file that came.

Neither opens anything: the key's seed is wrapped for the leads who read, and only their open desks take a file in.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from bot.deployment.data_directory.open_store import open_store
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import Settings, load
from storage.desk.partnership.transfer.waiting_files import FOLDER, WaitingFiles
from storage.sealing.keys.transfer_key import TransferKey
from storage.values.errors import NoTransferFile, NoTransferKey


def print_key(arguments: argparse.Namespace) -> int:
    """Print the transfer key and the eight words by which it is compared aloud; the first time, it is made.

    Raises:
        SettingsError: A setting cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        try:
            key = asyncio.run(_key(settings, new=arguments.new))
        except NoTransferKey:
            print("Nobody reads here yet, so nobody could open what comes: invite a lead first.")
            return 1
        print(key.text, f"words: {key.words}", sep="\n")
        print("Leads find both with /receive. Who joins later needs a new key: hark transfer key --new")
        return 0
    return UNUSABLE


async def _key(settings: Settings, *, new: bool) -> TransferKey:
    store = await open_store(settings)
    try:
        own = store.desk.transfer_key
        known = None if new else own.read()
        return known or await own.make()
    finally:
        await store.close()


def put(arguments: argparse.Namespace) -> int:
    """Copy a file that came from another school to where `/receive` finds it; nothing of it is opened.

    Raises:
        SettingsError: A setting cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        try:
            name = WaitingFiles(settings.data_dir / FOLDER).put(Path(arguments.file).read_bytes())
        except NoTransferFile:
            print("That is no file that another Hark sealed: an age file of 20 MB at most. Nothing was put there.")
            return 1
        print(f"It waits as {name}. A lead takes it in with /receive.")
        return 0
    return UNUSABLE
