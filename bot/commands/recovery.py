"""`hark recovery create`: the offline key, printed once; two leads make its public half a recipient of every case."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.keeping import open_store
from bot.settings import Settings, load
from bot.telling import UNUSABLE, tell, told
from storage.sealing.age_keys import identity_text, new_identity_seed, recipient_text
from storage.sealing.fingerprint import fingerprint
from storage.sealing.xwing import PublicKey, public_key

_EXPLAINED = """\
This is the recovery key. Without any lead it opens every case that is sent once it is in use.
It is for the safeguarding leads, not for whoever installs Hark. It is shown this once and kept nowhere.
Print it, or write it down, put it in two sealed envelopes, and keep them in two safes.
On the day that it is needed: hark recovery read.
"""
_WAITS = """\
It waits: two leads compare this fingerprint and say yes with /team. Until then nothing is sealed for it, and the key of
before goes on.
"""


def main(_: argparse.Namespace) -> int:
    """Draw a key, offer it to the leads, who are told, then print its secret half.

    While no two leads have joined there is nobody to ask, and it is a recipient at once.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    seed = new_identity_seed()
    public = public_key(seed)
    with told():
        before, waits = asyncio.run(_offer(settings, public))
        if before:
            tell("there was a recovery key before: it still opens the cases of its time, so keep it")
        sys.stdout.write(f"{_EXPLAINED}\n{identity_text(seed)}\n\nrecipient: {recipient_text(public)[:24]}…\n")
        sys.stdout.write(f"fingerprint: {fingerprint(public)}\n")
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
