"""The data directory of the sample school, whose leads join once a process; copied for each test that needs no more.

Their passphrases cost next to nothing to try, also where Hark itself runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.demo.sample_school import SampleLead, gather_leads, write_settings
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.settings import load
from storage.sealing.keys.server_key import create_server_key
from storage.sealing.primitives.argon2 import Cost
from tests.newest import Engine, copy_laid, lasting_folder, lay_database
from tests.team import CHEAP

_JOINED: Final[dict[Engine, tuple[Path, tuple[SampleLead, ...]]]] = {}  # empty until somebody asks


async def lay_school(folder: Path, engine: Engine = "sqlite") -> tuple[SampleLead, ...]:
    """Write a data directory with the sample school into `folder`, and return its four leads, who have joined."""
    if engine not in _JOINED:
        made = lasting_folder("hark-sample-")
        _JOINED[engine] = made, await join_school(made, await lay_database(made, engine))
    made, leads = _JOINED[engine]
    await copy_laid(made, folder, engine)
    return leads


async def join_school(folder: Path, url: str, cost: Cost = CHEAP) -> tuple[SampleLead, ...]:
    """Do the same without copying, where the database at `url` is; it has the newest schema, and nothing in it."""
    write_settings(folder)
    settings = load({"HARK_DATA_DIR": str(folder), "HARK_DATABASE_URL": url})
    settings.keys_dir.mkdir(mode=0o700)
    create_server_key(settings.key_file)  # beside a database with tables Hark makes none
    store = await open_store(settings, lead_cost=cost)
    leads = await gather_leads(store)
    await store.close()
    return leads
