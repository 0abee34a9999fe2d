"""`hark recovery create` and `confirm`: the offline key, printed once, and letting in a reader by it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from getpass import getpass

from bot.deployment.errors import UNUSABLE, reporting_errors, tell
from bot.deployment.open_store import open_store
from bot.deployment.settings import Settings, load
from flows.values.ids import LeadId
from storage.leads.roster.roster import fold_name
from storage.sealing.age.age_keys import identity_text, new_identity_seed, read_identity, recipient_text
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import PublicKey, public_key
from storage.values.errors import NotOffered, NotUnlocked

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


def ask_for_key() -> bytes | None:
    """Read the identity from the terminal without echo and return its 32 bytes; None, with a message, if it is none.

    It is never taken from the command line, which every user of the machine can read.
    """
    typed = getpass("Recovery key: ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        return read_identity(typed.strip())
    except ValueError:
        tell("that is no recovery key, or it has a slip in it: it begins with AGE-SECRET-KEY-PQ-1")
        return None


def create(_: argparse.Namespace) -> int:
    """Draw a key, offer it to the leads, tell them, then print its secret half.

    While fewer than two leads have joined there is no one to confirm it, and it is a recipient at once.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    seed = new_identity_seed()
    public = public_key(seed)
    with reporting_errors():
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


def confirm(arguments: argparse.Namespace) -> int:
    """Ask for the key and let in the lead called `name`; 1 if no such lead waits, or it is another key.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    seed = ask_for_key()
    if seed is None:
        return UNUSABLE
    with reporting_errors():
        return asyncio.run(_confirm(settings, seed, arguments.name))
    return UNUSABLE


async def _confirm(settings: Settings, seed: bytes, name: str) -> int:
    store = await open_store(settings)
    try:
        lead = (await store.leads.rosters.read()).named(fold_name(name))
        await store.leads.team.confirm_with_key(seed, lead.id if lead else LeadId(""))
    except NotOffered:
        tell("nobody of that name waits")
        return 1
    except NotUnlocked:
        tell("that is not the recovery key that is in use")
        return 1
    finally:
        await store.close()
    sys.stdout.write(f"{name} reads from now on. All leads are told.\n")
    return 0
