"""A data directory as it is after the leads have joined, and the settings with which a program runs on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.demo.sample_school import gather_leads, write_settings
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.settings import load


@contextmanager
def school() -> Iterator[dict[str, str]]:
    """The settings of a fresh school; its data is gone afterwards."""
    with TemporaryDirectory(prefix="hark-bench-") as folder:
        settings = {"HARK_DATA_DIR": folder}
        write_settings(Path(folder))
        asyncio.run(_join(settings))
        yield settings


async def _join(settings: dict[str, str]) -> None:
    store = await open_store(load(settings))
    await gather_leads(store)
    await store.close()
