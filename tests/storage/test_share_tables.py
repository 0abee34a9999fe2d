"""A round table on a share: in the case for who reads that, and a copy for its partner, which ends with the share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from flows.duty.working_days import Reminders
from flows.together.share_table import ShareTable
from storage.cases.rows.share_row import read_share
from storage.core.destruction_ledger import Tombstone
from storage.database.schema.shares import shares
from storage.deeds.readers.exclude import Exclude
from storage.deeds.record.actions import PlanAction
from storage.deeds.sharing.round_table import SayAtTable
from storage.deeds.words import AddNote
from storage.sealing.keys.share_keys import open_table
from storage.upkeep.replay_ledger import LedgerReplay
from storage.values.errors import NoSuchCase, NotOffered, Stale
from storage.values.shares import Answer
from tests.raw_database import all_bytes, fetch, read_tables, write_tables
from tests.storage.test_shares import ADA, answers, four, opens, renews, shares_it, sharing  # noqa: F401 - `four` is a fixture

VIEW = "I think that she needs a quiet place at lunch."


@pytest.fixture
async def held(school: Any, four: Any) -> tuple[Any, Any, Any, Any, str]:  # noqa: F811 - the fixture
    """Two leads, a partner with an opened share on which a round table is planned, the case, and the share."""
    ada, bea, nurse, _ = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    await says(school, ada, case, share, kind="plan", on=day(school), time="14:30")
    return ada, bea, nurse, case, share


def day(school: Any) -> str:
    return str((school.now + timedelta(days=3)).date().isoformat())


async def says(school: Any, lead: Any, case: Any, share: str, **said: str) -> None:
    """Open the case, which takes in what the partner said, and say something at the table."""
    row = (await school.reads(lead, case)).row
    found = await school.store.desk.shares.table(lead, case, share)
    assert found is not None
    soon = school.now + timedelta(days=1)
    deed = SayAtTable(found.share, said, Reminders(soon, soon + timedelta(days=2)))
    await school.store.desk.act(lead, school.arrival(lead.address.chat_id), case, row.version, deed)


async def of_partner(school: Any, nurse: Any, share: str) -> ShareTable:
    table = (await opens(school, nurse, share)).table
    assert isinstance(table, ShareTable)
    return table


async def of_lead(school: Any, lead: Any, case: Any, share: str) -> ShareTable:
    await school.reads(lead, case)
    found = await school.store.desk.shares.table(lead, case, share)
    assert found is not None
    assert found.table is not None
    return found.table  # type: ignore[no-any-return]


async def plans(school: Any, lead: Any, case: Any, text: str) -> None:
    row = (await school.reads(lead, case)).row
    soon = school.now + timedelta(days=1)
    deed = PlanAction(text, lead.lead.id, soon.date(), Reminders(soon, soon + timedelta(days=2)))
    await school.store.desk.act(lead, school.arrival(lead.address.chat_id), case, row.version, deed)


async def test_both_read_the_same_table_and_what_is_agreed_is_an_action(school: Any, held: Any) -> None:
    ada, bea, nurse, case, share = held
    await says(school, bea, case, share, kind="view", note="She eats with her cousin.")
    await answers(school, nurse, share, Answer("view", text=VIEW))
    agreed = {"kind": "agree", "due": day(school)}
    await says(school, ada, case, share, action="Find a quiet room", owner=bea.lead.id, **agreed)
    await says(school, ada, case, share, action="See her on Thursday", owner=nurse.lead.id, **agreed)
    table = await of_partner(school, nurse, share)
    assert table == await of_lead(school, bea, case, share)
    assert table.views == {"Bea Potter": "She eats with her cousin.", "Nurse Okafor": VIEW}
    assert [(one.what, one.whose) for one in table.agreed] == [
        ("Find a quiet room", "Bea Potter"),
        ("See her on Thursday", "Nurse Okafor"),
    ]
    row = (await school.reads(bea, case)).row
    assert [(one.text, one.owner.name) for one in row.actions] == [("Find a quiet room", "Bea Potter")]
    upto = table.changed
    await answers(school, nurse, share, Answer("agrees", upto=upto))
    await says(school, bea, case, share, kind="sign", answer="differs", upto=str(upto))
    table = await of_partner(school, nurse, share)
    assert table.signed == {"Nurse Okafor": (True, True), "Bea Potter": (False, True)}
    assert table == await of_lead(school, ada, case, share)
    await says(school, ada, case, share, kind="item", action="The lunch hall")
    assert (await of_partner(school, nurse, share)).signed["Nurse Okafor"] == (True, False), "before the latest change"


async def test_she_is_given_what_was_said_at_the_table_and_nothing_else_of_the_case(school: Any, held: Any) -> None:
    ada, bea, nurse, case, share = held
    await plans(school, ada, case, "Axolotl: ring her father")
    await plans(school, ada, case, "Ask the cook")
    row = (await school.reads(ada, case)).row
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, AddNote("Quagga is a secret"))
    assert (await of_partner(school, nurse, share)).agenda == (), "nothing is ticked"
    await says(school, bea, case, share, kind="item", action="Ask the cook")
    [kept] = [one[0] for one in await fetch(school.url, select(shares.c.round_table))]
    text = open_table(nurse.private_keys, share, nurse.lead.id, kept)
    assert text is not None
    assert "Ask the cook" in text
    assert not [word for word in ("Axolotl", "father", "Quagga", case, row.reference) if word in text]
    files = await all_bytes(school.folder, school.url)
    assert not [word for word in (b"Ask the cook", b"Axolotl", b"14:30") if word in files]
    assert nurse.lead.id not in {one["holder"] for one in (await read_tables(school.url))["wraps"]}
    for lead in (ada, bea):
        assert open_table(lead.private_keys, share, nurse.lead.id, kept) is None


async def test_what_changed_since_it_was_shown_is_not_signed_and_a_partner_does_no_more(school: Any, held: Any) -> None:
    ada, _, nurse, case, share = held
    shown = (await of_partner(school, nurse, share)).changed
    await says(school, ada, case, share, kind="view", note="Another thing.")
    for refused in (
        Answer("agrees", upto=shown),
        Answer("agrees"),
        Answer("view", text=" "),
        Answer("view", text="x" * 1001),
    ):
        with pytest.raises(NotOffered):
            await answers(school, nurse, share, refused)
    for said in (
        {"kind": "sign", "answer": "agrees", "upto": str(shown)},
        {"kind": "sign", "answer": "perhaps", "upto": str(shown + 1)},
        {"kind": "plan", "on": day(school), "time": "25:00"},
        {"kind": "view", "note": ""},
        {"kind": "item", "action": "x" * 201},
        {"kind": "agree", "action": "To do", "owner": "0" * 16, "due": day(school)},
        {"kind": "rename"},
    ):
        with pytest.raises(NotOffered):
            await says(school, ada, case, share, **said)
    assert (await of_partner(school, nurse, share)).signed == {}


async def test_before_one_is_planned_nothing_is_said_at_it(school: Any, four: Any) -> None:  # noqa: F811
    ada, bea, nurse, pastor = four
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    assert (await opens(school, nurse, share)).table is None
    with pytest.raises(NotOffered):
        await answers(school, nurse, share, Answer("view", text=VIEW))
    with pytest.raises(NotOffered):
        await says(school, ada, case, share, kind="view", note=VIEW)
    with pytest.raises(NoSuchCase):
        await answers(school, pastor, share, Answer("view", text=VIEW))


async def test_who_is_kept_out_of_the_case_opens_it_no_more(school: Any, held: Any) -> None:
    ada, bea, nurse, case, share = held
    await school.join("Cyd Charisse", "deputy", chat=502)
    row = (await school.reads(ada, case)).row
    out = Exclude(bea.lead.id, "named by her")
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, out)
    await says(school, ada, case, share, kind="view", note="After she was out.")
    with pytest.raises(NoSuchCase):
        await school.store.desk.shares.table(bea, case, share)
    with pytest.raises(NoSuchCase):
        await school.store.desk.shares.table(bea, "0" * 32, share)
    assert (await of_partner(school, nurse, share)).views == {"Ada Byron": "After she was out."}


async def test_it_ends_with_the_share_for_good(school: Any, held: Any) -> None:
    ada, _, nurse, case, share = held
    found = await school.store.desk.shares.table(ada, case, share)
    before = await read_tables(school.url)
    row = (await school.reads(ada, case)).row
    await school.store.desk.shares.take_back(ada, school.arrival(ADA), case, row.version, share)
    assert [one[0] for one in await fetch(school.url, select(shares.c.round_table))] == [None]
    with pytest.raises(NoSuchCase):
        await answers(school, nurse, share, Answer("view", text=VIEW))
    assert await school.store.desk.shares.table(ada, case, share) is None
    row = (await school.reads(ada, case)).row
    for of in (found.share, await ended(school, share)):
        deed = SayAtTable(of, {"kind": "view", "note": "Late."})
        with pytest.raises(NotOffered):
            await school.store.desk.act(ada, school.arrival(ADA), case, row.version, deed)
    await write_tables(school.url, {"shares": before["shares"]})  # a backup of before
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, share)
    rosters = school.store.leads.rosters
    await LedgerReplay(school.store._core, rosters).settle((Tombstone("share", share),), (await rosters.read()).version)
    assert [one[0] for one in await fetch(school.url, select(shares.c.round_table))] == [None]


async def ended(school: Any, share: str) -> Any:
    async with school.store._core.read() as connection:
        row = (await connection.execute(select(shares).where(shares.c.id == share))).mappings().one()
    return read_share(school.store._core, row)


async def test_a_partner_who_renews_her_keys_keeps_it(school: Any, held: Any) -> None:
    ada, _, nurse, case, share = held
    await says(school, ada, case, share, kind="view", note="Before she renewed.")
    former = nurse.private_keys
    await renews(school, nurse)
    assert (await of_partner(school, nurse, share)).views == {"Ada Byron": "Before she renewed."}, "meanwhile"
    _ = [one async for one in school.store.renewals.go_on(nurse)]
    await answers(school, nurse, share, Answer("view", text=VIEW))
    assert await of_partner(school, nurse, share) == await of_lead(school, ada, case, share)
    [kept] = [one[0] for one in await fetch(school.url, select(shares.c.round_table))]
    assert open_table(former, share, nurse.lead.id, kept) is None
    assert (await school.store.watch.verify()).rows


async def test_a_table_of_before_that_is_put_back_counts_as_tampered_with(school: Any, held: Any) -> None:
    ada, _, _, case, share = held
    before = await read_tables(school.url)
    await says(school, ada, case, share, kind="view", note="Later.")
    await write_tables(school.url, {"shares": before["shares"]})
    count = school.store._core.forgeries.count
    await school.store.desk.shares.read(ada, case)
    assert school.store._core.forgeries.count == count + 1
    with pytest.raises(Stale):
        await says(school, ada, case, share, kind="view", note="On top of it.")
