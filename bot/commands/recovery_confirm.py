"""`hark recovery confirm NAME`: lets in a reader who waits, by the recovery key, where there are not two leads left."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.keeping import open_store
from bot.recovery_key import ask_for_key
from bot.settings import Settings, load
from bot.telling import UNUSABLE, tell, told
from flows.ids import LeadId
from storage.people.roster import fold_name
from storage.refusals import NotOffered, NotUnlocked


def main(arguments: argparse.Namespace) -> int:
    """Ask for the key and let in whom `name` names; 1 if nobody of that name waits, or it is another key.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    seed = ask_for_key()
    if seed is None:
        return UNUSABLE
    with told():
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
