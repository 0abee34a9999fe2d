"""`hark recovery create`: the offline key, printed once; its public half becomes a recipient of every case."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.keeping import open_store
from bot.settings import Settings, load
from bot.telling import UNUSABLE, tell, told
from storage.sealing.age_keys import identity_text, new_identity_seed, recipient_text
from storage.sealing.xwing import PublicKey, public_key

_EXPLAINED = """\
This is the recovery key. It opens every case that is sent from now on, without any lead.
It is for the safeguarding leads, not for whoever installs Hark. It is shown this once and kept nowhere.
Print it, or write it down, put it in two sealed envelopes, and keep them in two safes.
On the day that it is needed: hark recovery read.
"""


def main(_: argparse.Namespace) -> int:
    """Draw a key, make it a recipient, then print its secret half; the one before it opens no new case.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    seed = new_identity_seed()
    public = public_key(seed)
    with told():
        if asyncio.run(_set(settings, public)):
            tell("there was a recovery key before: it still opens the cases of its time, so keep it")
        sys.stdout.write(f"{_EXPLAINED}\n{identity_text(seed)}\n\nrecipient: {recipient_text(public)[:24]}…\n")
        return 0
    return UNUSABLE


async def _set(settings: Settings, public: PublicKey) -> bool:
    """Whether there was another one before."""
    store = await open_store(settings)
    try:
        before = await store.leads.recovery()
        await store.leads.set_recovery(public)
    finally:
        await store.close()
    return before is not None
