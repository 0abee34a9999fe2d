"""`hark recovery create`: the offline key, printed once."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.commands.recovery.paper import print_key, split_of
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.errors import UNUSABLE, reporting_errors, tell
from bot.deployment.settings import Settings, load
from storage.sealing.age.age_keys import new_identity_seed, recipient_text
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import PublicKey, public_key

_EXPLAINED = """\
This is the recovery key. Without any lead it opens every case that is sent once it is in use.
It is for the safeguarding leads, not for whoever installs Hark. It is shown this once and kept nowhere.
Each sheet goes into an envelope of its own, and each envelope to somebody else. Try it now, with all who hold one:
hark recover --rehearse. On the day that it is needed: hark recover.
"""
_WAITS = """\
It waits: two leads compare this fingerprint and say yes with /team. Until then nothing is sealed for it, and the key of
before goes on.
"""


def create(arguments: argparse.Namespace) -> int:
    """Draw a key, offer it to the leads, tell them, then print its secret half.

    While fewer than two leads have joined there is no one to confirm it, and it is a recipient at once.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    try:
        split = None if arguments.whole else split_of(arguments.split)
    except ValueError:
        tell("--split takes how many sheets are needed, of how many: 2of3, at least two and at most 16")
        return UNUSABLE
    seed = new_identity_seed()
    public = public_key(seed)
    with reporting_errors():
        before, waits = asyncio.run(_offer(settings, public))
        if before:
            tell("there was a recovery key before: it still opens the cases of its time, so keep it")
        sys.stdout.write(f"{_EXPLAINED}\n")
        print_key(seed, split)
        sys.stdout.write(f"recipient: {recipient_text(public)[:24]}…\nfingerprint: {fingerprint(public)}\n")
        if waits:
            sys.stdout.write(_WAITS)
        return 0
    return UNUSABLE


async def _offer(settings: Settings, public: PublicKey) -> tuple[bool, bool]:
    """Whether there was another one before, and whether this one waits for two leads."""
    store = await open_store(settings)
    try:
        before = await store.leads.recovery()
        return before is not None, await store.leads.team.offer_recovery(public)
    finally:
        await store.close()
