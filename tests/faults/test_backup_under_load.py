"""A backup that is made while people write is whole, and opens on another machine: the whole way, with programs."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.demo.sample_school import write_settings
from bot.deployment.data_directory.open_store import CHECKPOINT, now
from bot.webchat.server import WebChat
from storage.sealing.keys.server_key import load_server_key
from storage.upkeep.backup.restore_backup import Place, find_backup, restore
from tests.faults.lives import Lives, lives
from tests.faults.people import Lead, Reporter, says_until
from tests.person import Person

pytestmark = pytest.mark.slow

WRITING = 3  # people who are at it, again and again, while the backup is made
_HEAD = 2
_ANOTHER_CODE = 60.0  # seconds: a code opens once


async def _tells(page: str, words: str) -> Reporter:
    async with await Person.arrive(page) as person:
        reporter = Reporter(person, words)
        await reporter.tell()
        return reporter


async def _goes_on(page: str, until: asyncio.Event) -> int:
    told = 0
    while not until.is_set():
        await _tells(page, "Somebody else is at it.")
        told += 1
    return told


async def _only_case(here: Lives) -> str:
    """The reference of the case, while there is one, from the queue of the head."""
    async with await Person.arrive(here.chat.page_url) as person:
        await Lead(person, here.leads[_HEAD]).unlocks(here.now())
        await says_until(person, "/queue", "/case_")  # before the answer there may be word of the new case
        [reference] = re.findall(r"/case_(\w+)", person.last.text)
    return str(reference)


async def _backed_up_meanwhile(here: Lives, to: Path) -> None:
    """Make a backup as an operator does, with turns in flight before, during and after."""
    done = asyncio.Event()
    writing = [asyncio.create_task(_goes_on(here.chat.page_url, done)) for _ in range(WRITING)]
    try:
        environ = {**os.environ, **here.environ}
        made = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "backup", "--to", str(to), env=environ)
        assert await made.wait() == 0
    finally:
        done.set()
        told = await asyncio.gather(*writing)
    assert sum(told) >= WRITING


async def test_a_backup_made_under_load_opens_elsewhere_for_its_lead_and_its_reporter(tmp_path: Path) -> None:
    first, second, backups = tmp_path / "first", tmp_path / "second", tmp_path / "backups"
    first.mkdir(mode=0o700)
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(lives(first))
        await here.begin()
        mine = await _tells(here.chat.page_url, "Zebrafish-canary behind the bus stop.")
        reference = await _only_case(here)
        await _backed_up_meanwhile(here, backups)
        await here.stop()

        # Another machine: nothing but the backup, the server key, and the settings.
        (second / "keys").mkdir(parents=True, mode=0o700)
        shutil.copy(first / "keys" / "server.key", second / "keys" / "server.key")
        write_settings(second)
        key = load_server_key(second / "keys" / "server.key")
        await restore(find_backup(backups), Place(second / "hark.db", second / "keys" / CHECKPOINT, key), now)
        here.chat = WebChat("Elsewhere", "127.0.0.1", 0, secret=os.urandom(32))
        await here.chat.start()
        stack.push_async_callback(here.chat.close)
        shutil.rmtree(first)
        first.mkdir()
        here.ahead += _ANOTHER_CODE
        here.environ |= {
            "HARK_DATA_DIR": str(second),
            "HARK_DATABASE_URL": f"sqlite+aiosqlite:///{second / 'hark.db'}",
            "HARK_TOKEN": here.chat.token,
            "HARK_API_URL": here.chat.api_url,
        }
        await here.begin()

        lead = Lead(await stack.enter_async_context(await Person.arrive(here.chat.page_url)), here.leads[_HEAD])
        await lead.unlocks(here.now())
        await lead.opens(reference)
        await lead.person.tap("Read the words")
        await lead.person.wait_to_see(mine.words)
        back = Reporter(
            await stack.enter_async_context(await Person.arrive(here.chat.page_url)), "", receipt=mine.receipt
        )
        await back.comes_back()
