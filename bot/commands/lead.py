"""`hark lead disable NAME`, `hark lead enable NAME`: shut a lead out at once, also while Hark runs, or let back."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.deployment.data_directory.open_store import open_store
from bot.deployment.errors import UNUSABLE, reporting_errors, tell
from bot.deployment.settings import Settings, load
from storage.leads.roster.roster import Lead, fold_name
from storage.store import Store
from storage.values.errors import NotOffered

_DISABLED = """\
{name} is shut out: every open desk of that name ends within seconds, and no notice goes there any more.
Open cases of {name} come back to those who can read them. All other leads are told.
While Hark runs, all cases are then locked away from {name} for good.
"""
_WAITS = "{name} may unlock again, and reads nothing until two leads say yes with /team. All leads are told.\n"
_ENABLED = "{name} may unlock again. All leads are told.\n"
_LAST = (
    "{name} is the last who reads at {site}: concerns there would reach nobody. "
    "Invite somebody first, or say --last if it has to be"
)


def main(arguments: argparse.Namespace) -> int:
    """Shut out, or let in again, the lead called `name`; 1 if there is none, or it is the last reader of a site.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    with reporting_errors():
        return asyncio.run(_change(settings, arguments))
    return UNUSABLE


async def _change(settings: Settings, arguments: argparse.Namespace) -> int:
    store = await open_store(settings)
    try:
        lead = (await store.leads.rosters.read()).named(fold_name(arguments.name))
        if lead is None:
            tell("no lead of that name has joined")
            return 1
        if arguments.enable:
            return await _enable(store, lead)
        return await _disable(store, lead, last=arguments.last)
    finally:
        await store.close()


async def _disable(store: Store, lead: Lead, *, last: bool) -> int:
    readers = await store.leads.readers(lead.card.site)
    if not last and [reader.lead for reader in readers] == [lead.id]:
        tell(_LAST.format(name=lead.name, site=lead.site))
        return 1
    await store.leads.team.disable(lead.id)
    sys.stdout.write(_DISABLED.format(name=lead.name))
    return 0


async def _enable(store: Store, lead: Lead) -> int:
    try:
        await store.leads.team.enable(lead.id)
    except NotOffered:
        tell(f"{lead.name} is not shut out")
        return 1
    await store.wrap_removal.run()  # nobody can say yes before that is done, and perhaps no Hark runs
    card = (await store.leads.rosters.read()).card(lead.id)
    sys.stdout.write((_WAITS if card is not None and card.waiting else _ENABLED).format(name=lead.name))
    return 0
