"""`hark lead disable` and `enable`, and whose yes a recovery key needs, as an operator types it and while Hark runs."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest

from bot.demo.sample_school import SampleLead
from bot.deployment.data_directory.open_store import open_store
from bot.deployment.settings import load
from storage.sealing.age.age_keys import identity_text, new_identity_seed
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import public_key
from storage.store import Store
from tests.person import Person
from tests.programs.run import program
from tests.programs.start import hark
from tests.sample import lay_school
from tests.team import set_recovery


async def _opened(folder: Path) -> Store:
    return await open_store(load({"HARK_DATA_DIR": str(folder)}))


@pytest.fixture
async def school(tmp_path: Path) -> tuple[Path, tuple[SampleLead, ...]]:
    """A data directory with a school whose four leads have joined."""
    made = tmp_path / "data"
    return made, await lay_school(made)


async def test_a_lead_is_shut_out_of_a_running_hark_within_seconds(school: tuple[Path, tuple[SampleLead, ...]]) -> None:
    folder, leads = school
    bell = next(one for one in leads if one.name == "Mr Bell")
    settings = {"HARK_WEB_PORT": "0"}
    async with (
        program("run", folder, settings) as running,
        await Person.arrive(running.told("chat"), start=None) as tab,
    ):
        await tab.type("/unlock Mr Bell")
        await tab.wait_to_see("Passphrase and code")
        await tab.type(f"{bell.passphrase}\n{bell.code(time.time())}", secret=True)
        await tab.wait_to_see("Your desk is open")
        done = await asyncio.to_thread(hark, folder, "lead", "disable", "mr bell")
        assert (done.returncode, done.stderr) == (0, "")
        assert "Mr Bell is shut out" in done.stdout
        async with asyncio.timeout(5):
            await tab.wait_for(lambda: [one.text[:24] for one in tab.messages] == ["The desk is locked here."])
        again = await asyncio.to_thread(hark, folder, "lead", "enable", "Mr Bell")
        assert "reads nothing until two leads say yes" in again.stdout
        assert "Mr Bell waits, and reads nothing yet" in (await asyncio.to_thread(hark, folder, "doctor")).stdout


async def test_the_last_who_reads_stays_unless_it_has_to_be(school: tuple[Path, tuple[SampleLead, ...]]) -> None:
    folder, leads = school
    await _shut_out(folder, *(lead.name for lead in leads[1:]))
    refused = hark(folder, "lead", "disable", leads[0].name)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "the last who reads" in refused.stderr
    assert hark(folder, "lead", "disable", "--last", leads[0].name).returncode == 0
    unknown = hark(folder, "lead", "enable", "Nobody")
    assert (unknown.returncode, unknown.stderr) == (1, "hark: no lead of that name has joined\n")


async def test_a_recovery_key_that_is_made_once_leads_have_joined_waits_for_two_of_them(
    school: tuple[Path, tuple[SampleLead, ...]],
) -> None:
    folder, _ = school
    made = await asyncio.to_thread(hark, folder, "recovery", "create")
    assert made.returncode == 0, made.stderr
    [shown] = re.findall(r"^fingerprint: ((?:\d{5} ){7}\d{5})$", made.stdout, re.MULTILINE)
    assert "It waits: two leads compare this fingerprint" in made.stdout
    told = (await asyncio.to_thread(hark, folder, "doctor")).stdout
    assert "a new recovery key waits" in told
    assert "There is no recovery key" in told
    store = await _opened(folder)
    waiting = (await store.leads.rosters.read()).waiting.recovery
    await store.close()
    assert waiting is not None
    assert fingerprint(waiting) == shown


async def test_with_the_recovery_key_a_reader_is_let_in_where_there_are_not_two(
    school: tuple[Path, tuple[SampleLead, ...]],
) -> None:
    folder, leads = school
    seed = new_identity_seed()
    store = await _opened(folder)
    await set_recovery(store, public_key(seed))
    await store.close()
    await _shut_out(folder, *(lead.name for lead in leads[:3]))
    assert "reads nothing" in hark(folder, "lead", "enable", "Dr Osei").stdout
    typed = f"Both others are gone.\nJo Head\nSam Chair\n{identity_text(seed)}\n"
    nobody = hark(folder, "recover", "--let-in", "Mrs Lund", typed=typed)
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "a lead who waits" in nobody.stderr
    done = hark(folder, "recover", "--let-in", "Dr Osei", typed=typed)
    assert (done.returncode, done.stdout) == (0, "Dr Osei reads from now on. All leads are told.\n")


async def _shut_out(folder: Path, *names: str) -> None:
    store = await _opened(folder)
    roster = await store.leads.rosters.read()
    for lead in roster.leads.values():
        if lead.name in names:
            await store.leads.team.disable(lead.id)
    await store.close()
