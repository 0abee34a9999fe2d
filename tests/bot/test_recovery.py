"""`hark recovery create` and `hark recover`, as a head and a chair type them when no lead is left."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.demo.sample_school import SITE, gather_leads, write_settings
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.settings import load
from flows.values.deeds import Answered, SendConcern
from flows.values.draft import Chose, Wrote
from flows.values.text import Text
from storage.values import Address, Arrival, Clocks
from tests.programs.start import hark
from tests.team import CHEAP

WHY = "Both leads are ill.\nJo Head\nSam Chair\n"
WORDS = "Somebody waits for me at the gate.\nEvery\x1b[2J\x07 day."
_NUMBERS = count(1000)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory with a school whose leads have joined, and its recovery key as it was printed once."""
    made = tmp_path_factory.mktemp("school") / "data"
    made.mkdir(mode=0o700)
    write_settings(made)
    (made / "hark.toml").chmod(0o600)
    [key] = re.findall(
        r"^AGE-SECRET-KEY-PQ-1[A-Z0-9]+$", hark(made, "recovery", "create", "--whole").stdout, re.MULTILINE
    )
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
    store = await open_store(load({"HARK_DATA_DIR": str(folder)}), lead_cost=CHEAP)
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
    listed = hark(folder, "recover", typed=f"{WHY}{key}\n")
    assert listed.returncode == 0, listed.stderr
    [reference] = re.findall(r"/case_([A-Z0-9]{6})", listed.stdout)
    assert "gate" not in listed.stdout
    read = hark(folder, "recover", f"/case_{reference}", typed=f"{WHY}{key}\n")
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
    slip = hark(folder, "recover", typed=f"{WHY}{key[:-1]}{'Q' if key[-1] != 'Q' else 'P'}\n")
    assert (slip.returncode, slip.stdout) == (2, "")
    assert "a slip in it" in slip.stderr
    for arguments in ((), ("K7QM3D",)):
        none = hark(folder, "recover", *arguments, typed=f"{WHY}{key}\n")
        assert (none.returncode, none.stdout) == (1, "")
        assert none.stderr.endswith("hark: no case of that kind was sealed for this key\n")


def sheets_of(printed: str) -> list[str]:
    """The words of each sheet as it was printed, in order."""
    found = []
    for sheet in printed.split("RECOVERY SHEET ")[1:]:
        numbered = {int(place): word for place, word in re.findall(r"(\d+) ([a-z]+)", sheet)}
        found.append(" ".join(numbered[place] for place in range(1, 34)))
    return found


def test_two_of_three_sheets_read_what_was_sent_and_one_alone_does_not(tmp_path: Path) -> None:
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    write_settings(made)
    (made / "hark.toml").chmod(0o600)
    printed = hark(made, "recovery", "create").stdout
    assert "AGE-SECRET-KEY" not in printed
    first, second, third = sheets_of(printed)
    asyncio.run(_store(made, send=False))
    asyncio.run(_store(made, send=True))
    # Four letters of each word are enough, in lines of any length, and a word that is none costs its line alone.
    short = [word[:4] for word in third.upper().split()]
    lines = "\n".join((" ".join(short[:10]), "xyzzy", " ".join(short[10:])))
    tried = hark(made, "recover", "--rehearse", typed=f"{WHY}{first}\n{lines}\n")
    assert tried.returncode == 0, tried.stderr
    assert "opens what was sent last" in tried.stdout
    assert "word 11 is not on the list" in tried.stderr
    assert "gate" not in tried.stdout
    read = hark(made, "recover", typed=f"{WHY}{second}\n{third}\n")
    assert "/case_" in read.stdout, read.stderr
    assert not {*third.split()[:4]} & {*(read.stdout + read.stderr).split()}
    one = hark(made, "recover", typed=f"{WHY}{second}\n")
    assert (one.returncode, one.stdout) == (2, "")
    slipped = second.split()
    slipped[3], slipped[4] = slipped[4], slipped[3]
    wrong = hark(made, "recover", typed=f"{WHY}{' '.join(slipped)}\n{first}\n{first}\n")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "a slip in that sheet" in wrong.stderr
    assert "was typed already" in wrong.stderr


@pytest.mark.parametrize("why", ["\nJo Head\nSam Chair\n", "Ill.\nJo Head\n jo  HEAD\n", "Ill.\nJo Head\n\n"])
def test_it_takes_a_reason_and_two_people(folder: Path, key: str, why: str) -> None:
    asyncio.run(_store(folder, send=True))
    refused = hark(folder, "recover", typed=f"{why}{key}\n")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "a reason and two people" in refused.stderr


@pytest.mark.parametrize("split", ["1of3", "3of2", "2of17", "two of three"])
def test_a_split_that_protects_nothing_or_cannot_be_printed_makes_no_key(folder: Path, split: str) -> None:
    refused = hark(folder, "recovery", "create", "--split", split)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "2of3" in refused.stderr
