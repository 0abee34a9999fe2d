"""`hark invite NAME --role ROLE --site SITE`: a one-time code, on a line of its own, then links that carry it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.invitation import lines
from bot.keeping import open_store
from bot.reading import SettingsError
from bot.settings import Settings, load
from bot.telling import UNUSABLE, told
from bot.webchat.page_address import page_address
from flows.ids import SiteId
from storage.values import Invite


def main(arguments: argparse.Namespace) -> int:
    """Make the invite and print it; a name that is on the roster already gets one that moves it to another chat.

    Raises:
        SettingsError: a setting, or the site, is not known.
    """
    settings = load(os.environ)
    with told():
        invite = asyncio.run(_draw(settings, arguments))
        print(*lines(invite.code, page_url(settings), settings), sep="\n", file=sys.stdout)
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
        return await store.leads.invite(arguments.name, arguments.role, site.id, title, arguments.language)
    finally:
        await store.close()


def page_url(settings: Settings) -> str | None:
    """Where the web chat of these settings listens; None where it is shut, or where the system chooses its port."""
    if not settings.web_host or not settings.web_port:
        return None
    return page_address(settings.web_host, settings.web_port)
