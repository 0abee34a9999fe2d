"""`hark demo`: the same bot on a throw-away data directory with a sample school, all phones on one page."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.commands.run import stop_on_signals
from bot.demo.phones import Phones
from bot.demo.sample_school import gather_leads, write_settings
from bot.deployment import logs
from bot.deployment.errors import UNUSABLE, reporting_errors
from bot.deployment.settings import load
from bot.wiring import put_together

#: Settings that a demo takes from its surroundings; everything else is the sample school's.
_KEPT = ("HARK_WEB_HOST", "HARK_WEB_PORT", "HARK_LOG_LEVEL", "HARK_LOG_FORMAT", "HARK_COUNTRY")


def main(_: argparse.Namespace) -> int:
    """Run the demo until SIGTERM or SIGINT; its data are gone then.

    Returns:
        0 after an orderly end, 2 if it could not begin; what is wrong is printed.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with reporting_errors(), tempfile.TemporaryDirectory(prefix="hark-demo-") as folder:
        asyncio.run(_demo(Path(folder), kept))
        return 0
    return UNUSABLE


async def _demo(folder: Path, kept: Mapping[str, str]) -> None:
    write_settings(folder)
    settings = load({**kept, "HARK_DATA_DIR": str(folder)})
    logs.set_up(settings.log_level, settings.log_format)
    logs.quiet(asyncio.get_running_loop())
    phones = Phones(folder / "hark.db")
    async with put_together(settings, phones.routes(), embeddable=True) as hark:
        print("Hark is getting a sample school ready …", flush=True)
        phones.leads = await gather_leads(hark.store)
        print(f"phones: {hark.page_url}phones/")
        print(f"chat: {hark.page_url}")
        print("All of it is thrown away when you stop it with Ctrl-C.", flush=True)
        await hark.serve(stop_on_signals())
