"""Whatever is done about shares and partners is done or not, wherever Hark is killed, and goes on to its end."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from storage.values.errors import NoSuchCase, NotUnlocked
from tests.programs.start import run_module
from tests.raw_database import read_tables
from tests.storage.killed_shares import ADA, BEA, NUR, REPLY, WAYS, Known, reopened, wanted

pytestmark = pytest.mark.sqlite_only("what one turn holds is committed or not, whatever the engine")


async def test_killed_anywhere_it_is_done_or_not_and_nothing_ended_opens(tmp_path: Path) -> None:
    killed = await asyncio.to_thread(run_module, "tests.storage.killed_shares", str(tmp_path))
    assert killed.returncode == 0, killed.stderr
    known = Known(**json.loads((tmp_path / "known").read_text()))
    found: dict[str, set[bool]] = {how: set() for how in WAYS}
    for folder in sorted(tmp_path.glob("*-*")):  # noqa: ASYNC240 - a folder of a test
        how = folder.name.partition("-")[0]
        school = await reopened(folder, known)
        school.later(minutes=5)
        school.updates = 9_000
        assert (await school.store.watch.verify()).holds, folder.name
        found[how].add(await is_done(school, known, how))
        await school.store.watch.sweep()
        assert (await school.store.watch.verify()).holds, folder.name
        assert school.store.tampered == 0, folder.name
        await school.store.close()
    assert found == {how: {False, True} for how in WAYS}


async def is_done(school: Any, known: Known, how: str) -> bool:
    """Whether it was done, by all that can be seen of it, which has to agree."""
    rows = (await read_tables(school.url))["shares"]
    ada = await school.unlock("Ada Byron", ADA)
    view = await school.reads(ada, known.case)
    told = [(one.action.what, one.action.detail) for one in view.entries if one.action]
    match how:
        case "shares":
            entries = sum(what == "share" for what, _ in told)
            assert entries == len(rows)
            nurse = await school.unlock("Nurse Okafor", NUR)
            assert len(await school.store.shares.listed(nurse)) == len(rows)
            return entries == 2
        case "replies":
            words = [one.text for one in view.entries if one.action and one.action.detail.get("answer") == "replied"]
            assert words in ([], [REPLY])
            return bool(words)
        case "declines" | "takes_back":
            said = {what for what, _ in told} | {detail.get("answer") for _, detail in told}
            done = bool(said & {"declined", "end_share"})
            return await ended(school, known, rows, done=done)
        case "suspends":
            roster = await school.store.leads.rosters.read()
            return bool(roster.leads[known.nurse].shut_out)
        case "agrees":
            view_of = await school.store.leads.partners.read(await school.unlock("Bea Potter", BEA))
            invited = [one for one in (await read_tables(school.url))["invites"] if one["agreement"]]
            assert len(invited) + len(view_of.proposed) == 1
            assert all(one.wanted == wanted(school) or one.wanted.name == "Gus Gray" for one in view_of.proposed)
            return bool(invited)
        case _:
            return await renewed(school, known)


async def ended(school: Any, known: Known, rows: list[dict[str, Any]], *, done: bool) -> bool:
    """What the case tells to have ended is emptied and opens for nobody; what the ledger alone names opens neither."""
    [row] = rows
    assert (row["wrapped"] == b"") is done
    nurse = await school.unlock("Nurse Okafor", NUR)
    noted = known.share in {one.id for one in school.store._core.ledger.read()}
    assert noted or not done
    try:
        await school.store.shares.open(nurse, school.arrival(NUR), known.share)
    except NoSuchCase:
        assert noted
    else:
        assert not noted
    return done


async def renewed(school: Any, known: Known) -> bool:
    """She unlocks, goes on where it stopped, and reads what was shared with her."""
    before = (await school.store.leads.rosters.read()).leads[known.nurse]
    try:
        nurse = await school.unlock("Nurse Okafor", NUR)
    except NotUnlocked:
        pytest.fail("her passphrase opens her desk at every moment")
    _ = [one async for one in school.store.renewals.go_on(nurse)]
    opened = await school.store.shares.open(nurse, school.arrival(NUR), known.share)
    assert opened.content.question == "Could you see her?"
    assert nurse.former is None
    return before.former_verifying is not None
