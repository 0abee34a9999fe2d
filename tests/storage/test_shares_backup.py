"""What was shared and has ended since opens from no backup that is put back; nor does a partner who was suspended."""

from __future__ import annotations

from typing import Any

import pytest

from storage.values.errors import NoSuchCase, NotUnlocked
from tests.raw_database import read_tables
from tests.storage.test_backup import backed_up, put_back
from tests.storage.test_shares import ADA, BEA, NUR, opens, shares_it, sharing

pytestmark = pytest.mark.sqlite_only("what a restore obeys is the ledger, whatever the engine")


async def test_ended_since_it_opens_from_no_restored_backup_and_the_others_do(school: Any) -> None:
    ada, bea = await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    case = (await school.send((ada, bea))).talk.found.case
    ended = await shares_it(school, ada, case, sharing(school, nurse))
    await shares_it(school, ada, case, sharing(school, nurse))
    [kept] = {row["id"] for row in (await read_tables(school.url))["shares"]} - {ended}
    backup = await backed_up(school)
    row = (await school.reads(ada, case)).row
    await school.store.desk.shares.take_back(ada, school.arrival(ADA), case, row.version, ended)
    await put_back(school, backup)
    nurse = await school.unlock("Nurse Okafor", NUR)
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, ended)
    assert (await opens(school, nurse, kept)).content.partner == "Nurse Okafor"
    [gone] = [row for row in (await read_tables(school.url))["shares"] if row["id"] == ended]
    assert (gone["wrapped"], gone["sealed"], gone["state"]) == (b"", b"", "ended")
    assert (await school.store.watch.verify()).rows


async def test_a_partner_who_was_suspended_since_is_out_after_a_restore(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=ADA)
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    case = (await school.send((ada,))).talk.found.case
    await shares_it(school, ada, case, sharing(school, nurse))
    backup = await backed_up(school)
    shown = (await school.store.leads.rosters.read()).leads[nurse.lead.id].fingerprint
    await school.store.leads.partners.suspend(ada, school.arrival(ADA), nurse.lead.id, shown)
    restored = await put_back(school, backup)
    assert restored.settled.shut_out == ("Nurse Okafor",)
    with pytest.raises(NotUnlocked):
        await school.unlock("Nurse Okafor", NUR)
    await school.store.watch.sweep()
    [row] = (await read_tables(school.url))["shares"]
    assert (row["wrapped"], row["sealed"]) == (b"", b"")
