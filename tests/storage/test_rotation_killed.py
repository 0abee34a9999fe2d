"""A change of the server key that is killed anywhere goes on, or is brought to its end by a start."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from storage.database.engines import reading
from storage.sealing.keys.key_exchange import is_begun, is_ending
from storage.sealing.keys.server_key import ServerKey, load_server_key, next_beside, read_server_key
from storage.upkeep.rotation.bind_rows import is_under
from storage.upkeep.rotation.cores import Place
from storage.upkeep.rotation.rotate import rotate, settle
from storage.values import Address
from tests.storage.conftest import CANARY, School
from tests.storage.killed_destruction import school_in, tell_school
from tests.storage.killed_rotation import KEY_FILE, place_in
from tests.storage.test_chats import a_draft
from tests.storage.test_rotation import OLD, place_of, quiet

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def stopped(school: School) -> School:
    """A small school with a key file, which nobody runs."""
    ada, bea = await school.join("Ada Byron"), await school.join("Bea Potter", "deputy", 501)
    sent = await school.send((ada,), (bea,))
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    await school.store.drafts.keep(school.arrival(7, 70), a_draft(school), "[step]", None)
    await school.store.kept_notices.look()
    await school.store.audit.checkpoint()
    tell_school(school, sent.talk.found.case)
    place_of(school)
    await school.store.close()
    return school


@pytest.mark.sqlite_only("a copy of the folder is left at each place: on a server there is one transaction as well")
async def test_killed_anywhere_it_goes_on_or_a_start_brings_it_to_its_end(stopped: School, tmp_path: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    source = tmp_path / "source"
    shutil.copytree(stopped.folder, source, ignore=shutil.ignore_patterns("source", "left"))
    await asyncio.to_thread(_kill_everywhere, source, left)
    met: Counter[str] = Counter()
    folders = sorted(left.iterdir(), key=lambda one: int(one.name))
    for folder in folders:
        met[await _goes_on(folder)] += 1
    await stopped.open()
    assert met["begun"] > 1
    assert met["committed"] > 1
    assert met["ending"] > 0
    assert met["done"] > 0


def _kill_everywhere(source: Path, left: Path) -> None:
    subprocess.run([sys.executable, "-m", "tests.storage.killed_rotation", source, left], cwd=ROOT, check=True)


def _hidden(folder: Path) -> list[str]:
    """What is left of keys under names of their own."""
    return [path.name for path in folder.glob(".server*")]


async def _goes_on(folder: Path) -> str:
    """Start as `hark run` does, or give the command again, by turns; tell how far it had come."""
    school, place, path = school_in(folder), place_in(folder), folder / KEY_FILE
    drawn = read_server_key(next_beside(path)) if is_begun(path) else None
    former = read_server_key(path)
    under = await _opens_with(place, [one for one in (former, drawn) if one])
    assert len(under) == 1, "one key opens the rows, whenever it is killed"
    state = "committed" if drawn in under else "begun" if drawn else "ending" if is_ending(path) else "done"
    if state == "done" and former == OLD:
        state = "before"
    if int(folder.name) % 2:
        await settle(place)
    else:
        await rotate(place, quiet)
    school.key = load_server_key(path)
    assert not is_ending(path)
    assert _hidden(folder) == []
    if school.key != OLD:
        assert await _opens_with(place, [OLD]) == []
    await school.open()
    assert (await school.store.watch.verify()).holds
    ada = await school.unlock("Ada Byron")
    assert await school.store.drafts.get(Address("web", 7)) is not None
    view = await school.reads(ada, json.loads((folder / "told.json").read_text())["case"])
    assert CANARY in str(view.entries[0].answers)
    assert school.store.tampered == 0
    await school.store.close()
    return state


async def _opens_with(place: Place, keys: list[ServerKey]) -> list[ServerKey]:
    async with reading(place.database) as connection:
        return [key for key in keys if await is_under(connection, key)]
