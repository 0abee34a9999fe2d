"""`hark recovery create` and `hark recovery read`, as a head types them when no lead is left."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.demo.sample_school import SITE, gather_leads, write_settings
from bot.deployment.open_store import now, open_store
from bot.deployment.settings import load
from flows.values.deeds import Answered, SendConcern
from flows.values.draft import Chose, Wrote
from flows.values.text import Text
from storage.values import Address, Arrival, Clocks
from tests.bot.test_commands import hark

WORDS = "Somebody waits for me at the gate.\nEvery\x1b[2J\x07 day."
_NUMBERS = count(1000)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory with a school whose leads have joined, and its recovery key as it was printed once."""
    made = tmp_path_factory.mktemp("school") / "data"
    made.mkdir(mode=0o700)
    write_settings(made)
    (made / "hark.toml").chmod(0o600)
    [key] = re.findall(r"^AGE-SECRET-KEY-PQ-1[A-Z0-9]+$", hark(made, "recovery", "create").stdout, re.MULTILINE)
    asyncio.run(_store(made, send=False))
    return made, str(key)


@pytest.fixture
def folder(school: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return shutil.copytree(school[0], tmp_path / "data")


@pytest.fixture
def key(school: tuple[Path, str]) -> str:
    """The key that opens what is sent there."""
    return school[1]


async def _store(folder: Path, *, send: bool) -> None:
    store = await open_store(load({"HARK_DATA_DIR": str(folder)}))
    if not send:
        await gather_leads(store)
    else:
        rungs = tuple((reader.lead,) for reader in await store.leads.readers(SITE))
        answers = (
            Answered("C8", Text("Tell us what is worrying you."), Wrote((WORDS,))),
            Answered("C4", Text("Are you safe right now?"), Chose(("no",)), (Text("No"),)),
        )
        deed = SendConcern(
            SITE, "12_17", "en", "web", answers, rungs, (), (), "immediate", ("R1",), ("bullying.online",)
        )
        clocks = Clocks(now() + timedelta(hours=1), now() + timedelta(hours=6))
        await store.talks.send(Arrival(Address("web", next(_NUMBERS)), next(_NUMBERS)), deed, None, clocks)
    await store.close()


def test_with_the_key_alone_what_was_sent_is_read_whole(folder: Path, key: str) -> None:
    asyncio.run(_store(folder, send=True))
    listed = hark(folder, "recovery", "read", typed=f"{key}\n")
    assert listed.returncode == 0, listed.stderr
    [reference] = re.findall(r"/case_([A-Z0-9]{6})", listed.stdout)
    assert "gate" not in listed.stdout
    read = hark(folder, "recovery", "read", f"/case_{reference}", typed=f"{key}\n")
    assert read.returncode == 0, read.stderr
    for words in (
        "  | Somebody waits for me at the gate.\n  | Every[2J day.",
        "Safe now: NO",
        "Online bullying",
        "Ms Carter",
    ):
        assert words in read.stdout, read.stdout
    assert key not in listed.stdout + read.stdout + read.stderr
    assert "the recovery key was used" in hark(folder, "doctor").stdout


def test_a_slip_in_the_key_another_key_and_an_unknown_case_are_told_kindly(folder: Path, key: str) -> None:
    slip = hark(folder, "recovery", "read", typed=f"{key[:-1]}{'Q' if key[-1] != 'Q' else 'P'}\n")
    assert (slip.returncode, slip.stdout) == (2, "")
    assert "a slip in it" in slip.stderr
    for arguments in ((), ("K7QM3D",)):
        none = hark(folder, "recovery", "read", *arguments, typed=f"{key}\n")
        assert (none.returncode, none.stdout) == (1, "")
        assert none.stderr == "hark: no case of that kind was sealed for this key\n"
    assert "the recovery key was used" not in hark(folder, "doctor").stdout
