"""`hark invite NAME --role ROLE --site SITE`: a one-time code, on a line of its own, then links that carry it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.deployment.data_directory.open_store import open_store
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.invite_links import invite_lines
from bot.deployment.settings import Settings, load
from bot.deployment.value_checks import SettingsError
from bot.webchat.base.protocol import page_address
from flows.values.ids import SiteId
from storage.values import Invite


def main(arguments: argparse.Namespace) -> int:
    """Make the invite and print it; a name that is on the roster already gets one that moves it to another chat.

    Raises:
        SettingsError: a setting, or the site, is not known.
    """
    settings = load(os.environ)
    with reporting_errors():
        invite = asyncio.run(_draw(settings, arguments))
        print(*invite_lines(invite.code, page_url(settings), settings), sep="\n", file=sys.stdout)
        if invite.shut_out:
            print("This name was shut out: the code lets it in again, and both factors are asked for.")
        elif invite.existing:
            print("This name is on the roster: the code moves it to another chat, and both factors are asked for.")
        return 0
    return UNUSABLE


async def _draw(settings: Settings, arguments: argparse.Namespace) -> Invite:
    site = settings.sites.get(SiteId(arguments.site))
    if site is None:
        raise SettingsError("--site", f"one of {', '.join(settings.sites)}")
    store = await open_store(settings)
    try:
        title = arguments.title or site.titles[arguments.role]
        return await store.leads.invites.draw(arguments.name, arguments.role, site.id, title, arguments.language)
    finally:
        await store.close()


def page_url(settings: Settings) -> str | None:
    """Return the address of the web chat of these settings.

    None where it is off, or where the system chooses its port.
    """
    if not settings.web_host or not settings.web_port:
        return None
    return page_address(settings.web_host, settings.web_port)
