"""The data directory of the sample school, whose leads join once a process; copied for each test that needs no more."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.demo.sample_school import SampleLead, gather_leads, write_settings
from bot.deployment.open_store import open_store
from bot.deployment.settings import load

_JOINED: Final[list[tuple[TemporaryDirectory[str], tuple[SampleLead, ...]]]] = []  # empty until somebody asks


async def lay_school(folder: Path) -> tuple[SampleLead, ...]:
    """Write a data directory with the sample school into `folder`, and return its four leads, who have joined."""
    if not _JOINED:
        made: TemporaryDirectory[str] = TemporaryDirectory()
        _JOINED.append((made, await _join(Path(made.name))))
    [(made, leads)] = _JOINED
    shutil.copytree(made.name, folder, dirs_exist_ok=True)
    return leads


async def _join(folder: Path) -> tuple[SampleLead, ...]:
    write_settings(folder)
    store = await open_store(load({"HARK_DATA_DIR": str(folder)}))
    leads = await gather_leads(store)
    await store.close()
    return leads
