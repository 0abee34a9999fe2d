"""`hark run`: opens every door and answers until it is told to stop; where no lead has joined, it prints an invite."""

from __future__ import annotations

import asyncio
import signal

from bot import logs
from bot.invitation import lines, site_without_leads
from bot.settings import Settings
from bot.wiring import Hark, put_together
from storage.sealing import process


def run(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT. Returns the exit status: 0 after an orderly end.

    Raises what `put_together` and `Hark.serve` raise.
    """
    logs.set_up(settings.log_level)
    process.harden()
    asyncio.run(_run(settings))
    return 0


async def _run(settings: Settings) -> None:
    logs.quiet(asyncio.get_running_loop())
    async with put_together(settings) as hark:
        await _greet(hark, settings)
        await hark.serve(stop_on_signals())


async def _greet(hark: Hark, settings: Settings) -> None:
    print("Hark is running.")
    if hark.page_url:
        print(f"chat: {settings.public_url or hark.page_url}")
    for site in settings.sites.values():
        if site.practice:
            print(f"{site.name} is in practice: nobody acts on what is written there.")
    site = await site_without_leads(hark.store, settings)
    if site is not None:
        print("No lead has joined yet. The first one opens this, or types /join and the code, within a week:")
        invite = await hark.store.leads.invite("Lead", "lead", site.id, site.titles["lead"])
        print(*lines(invite.code, hark.page_url, settings), sep="\n")
    print("Stop it with Ctrl-C.", flush=True)


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told, number)
    return stop
