"""`hark run`: opens every door and answers until it is told to stop; where no lead has joined, it prints an invite."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal

from bot.deployment import logs
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.invite_links import invite_lines
from bot.deployment.settings import Settings, load
from bot.deployment.single_instance import held
from bot.wiring import Hark, put_together

log = logging.getLogger(__name__)


def main(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT. Returns 0 after an orderly end, 2 if Hark could not begin; what is wrong is printed.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    logs.set_up(settings.log_level, settings.log_format)
    with reporting_errors(), held(settings):
        asyncio.run(_run(settings, invites=arguments.invites))
        return 0
    return UNUSABLE


async def _run(settings: Settings, *, invites: bool) -> None:
    logs.quiet(asyncio.get_running_loop())
    async with put_together(settings) as hark:
        await _greet(hark, settings, invites=invites)
        log.info("Hark is running")
        await hark.serve(stop_on_signals())
    log.info("Hark has ended in order")


async def _greet(hark: Hark, settings: Settings, *, invites: bool) -> None:
    print("Hark is running.")
    if hark.page_url:
        print(f"chat: {settings.public_url or hark.page_url}")
    for site in settings.sites.values():
        if site.practice or not hark.store.live.is_live(site.id):
            print(f"{site.name} is in practice: nobody acts on what is written there.")
    if not invites:
        print("No invite is printed here: make one with hark invite.")
    elif not await hark.store.leads.roster():
        home = settings.sites[settings.home]
        print("No lead has joined yet. This is the first one's invite:")
        name = home.contact.name if home.contact else "Safeguarding lead"
        invite = await hark.store.leads.invites.draw(name, "lead", home.id, home.titles["lead"])
        print(*invite_lines(invite.code, hark.page_url, settings), sep="\n")
    print("Stop it with Ctrl-C.", flush=True)


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end(number: signal.Signals) -> None:
        log.info("asked to end: what is under way is finished first")
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end, number)
    return stop
