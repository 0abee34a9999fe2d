"""`hark run`: opens every door and answers until it is told to stop; where no lead has joined, it prints an invite."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal

from bot.deployment import logs
from bot.deployment.data_directory.key_place import settle_key
from bot.deployment.data_directory.single_instance import held, held_on_server
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.invite_links import invite_lines
from bot.deployment.settings import Settings, load
from bot.wiring import Hark, put_together

log = logging.getLogger(__name__)


def main(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT. Returns 0 after an orderly end, 2 if Hark could not begin or another took over.

    Raises:
        SettingsError: a setting cannot be used.
    """
    settings = load(os.environ)
    logs.set_up(settings.log_level, settings.log_format)
    with reporting_errors(), held(settings):
        return asyncio.run(_run(settings, invites=arguments.invites))
    return UNUSABLE


async def _run(settings: Settings, *, invites: bool) -> int:
    """Run to the end; `UNUSABLE` where another Hark has taken the database, so that whoever starts it tries again."""
    logs.quiet(asyncio.get_running_loop())
    async with held_on_server(settings) as lost:
        await settle_key(settings)
        return await _serve(settings, lost, invites=invites)


async def _serve(settings: Settings, lost: asyncio.Event, *, invites: bool) -> int:
    async with put_together(settings) as hark:
        stop = stop_on_signals()  # before it says that it runs: whoever reads that may end it at once
        await _greet(hark, settings, invites=invites)
        log.info("Hark is running")
        yielding = asyncio.create_task(_stop_when(lost, stop))
        await hark.serve(stop)
        yielding.cancel()
    log.info("Hark has ended in order")
    return UNUSABLE if lost.is_set() else 0


async def _stop_when(lost: asyncio.Event, stop: asyncio.Event) -> None:
    await lost.wait()
    log.error("another Hark has taken the database: this one ends")
    stop.set()


async def _greet(hark: Hark, settings: Settings, *, invites: bool) -> None:
    print("Hark is running.")
    if hark.page_url:
        print(f"chat: {settings.public_url or hark.page_url}")
    for site in settings.sites.values():
        if site.practice or site.id not in hark.store.live.standing.sites:
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
    """Return an event that SIGTERM or SIGINT sets; a second one ends the process at once.

    It takes the signals over for the running loop, so it is called once, by what runs the process.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end(number: signal.Signals) -> None:
        log.info("asked to end: what is under way is finished first")
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end, number)
    return stop
