"""A round table where sharing with its partner takes two: she reads what two leads have said, and her own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.duty.working_days import Reminders
from storage.deeds.sharing.round_table import SayAtTable
from storage.deeds.words import AddNote
from storage.values.errors import CodeMissing, NotOffered, Stale
from storage.values.shares import Answer
from tests.raw_database import all_bytes
from tests.storage.test_share_tables import VIEW, day, held, of_lead, of_partner, says  # noqa: F401 - a fixture
from tests.storage.test_shares import ADA, BEA, acts, answers, four, opens, shares_it, sharing  # noqa: F401 - a fixture


@pytest.fixture
async def named(school: Any, held: Any) -> tuple[Any, Any, Any, Any, str]:  # noqa: F811 - the fixture
    """The same as `held`, with a note that names the partner."""
    ada, bea, nurse, case, share = held
    await acts(school, ada, case, AddNote("Nurse Okafor is her aunt."))
    return ada, bea, nurse, case, share


async def word(school: Any, lead: Any, case: Any, share: str, first: int = 0, **said: str) -> None:
    """Say one of two words, with a fresh code."""
    await school.confirm(lead)
    await acts(school, lead, case, await deed_of(school, lead, case, share, first, **said))


async def deed_of(school: Any, lead: Any, case: Any, share: str, first: int = 0, **said: str) -> SayAtTable:
    await school.reads(lead, case)
    found = await school.store.desk.shares.table(lead, case, share)
    soon = school.now + timedelta(days=1)
    return SayAtTable(found.share, said, Reminders(soon, soon + timedelta(days=2)), two=True, first=first)


async def proposed(school: Any, lead: Any, case: Any, share: str) -> list[Any]:
    await school.reads(lead, case)
    return list((await school.store.desk.shares.table(lead, case, share)).proposed)


async def test_what_one_lead_would_say_is_read_by_a_second_before_it_is_by_the_partner(school: Any, named: Any) -> None:
    ada, bea, nurse, case, share = named
    found = await school.store.desk.shares.table(ada, case, share)
    assert found.two
    before = await of_partner(school, nurse, share)
    with pytest.raises(NotOffered):
        await says(school, ada, case, share, kind="view", note="Axolotl, said by one.")
    deed = await deed_of(school, ada, case, share, kind="view", note="The quagga thinks so.")
    with pytest.raises(CodeMissing):
        await acts(school, ada, case, deed)
    await word(school, ada, case, share, kind="view", note="The quagga thinks so.")
    [waits] = await proposed(school, bea, case, share)
    assert (waits.one.by, dict(waits.one.said)) == (ada.lead.id, {"kind": "view", "note": "The quagga thinks so."})
    assert await of_partner(school, nurse, share) == before, "she is shown nothing by one"
    with pytest.raises(NotOffered):
        await word(school, ada, case, share, waits.number, **waits.one.said)  # the same person is no second one
    with pytest.raises(NotOffered):
        await word(school, bea, case, share, waits.number, kind="view", note="Something else.")
    with pytest.raises(CodeMissing):
        await acts(school, bea, case, await deed_of(school, bea, case, share, waits.number, **waits.one.said))
    await word(school, bea, case, share, waits.number, **waits.one.said)
    table = await of_partner(school, nurse, share)
    assert table.views == {"Ada Byron": "The quagga thinks so."}, "it is hers who said it first"
    assert table == await of_lead(school, bea, case, share)
    assert await proposed(school, bea, case, share) == []
    with pytest.raises(NotOffered):
        await word(school, bea, case, share, waits.number, **waits.one.said)  # once
    files = await all_bytes(school.folder, school.url)
    assert not [one for one in (b"quagga", b"Axolotl") if one in files]
    assert (await school.store.watch.verify()).rows


async def test_her_own_words_and_a_signature_take_one_and_what_is_agreed_is_planned_by_the_second(
    school: Any, named: Any
) -> None:
    ada, bea, nurse, case, share = named
    await answers(school, nurse, share, Answer("view", text=VIEW))
    agreed = {"kind": "agree", "due": day(school)}
    for owner, what in ((bea.lead.id, "Find a room"), (nurse.lead.id, "See her")):
        await word(school, ada, case, share, action=what, owner=owner, **agreed)
        [waits] = await proposed(school, bea, case, share)
        assert what not in str((await of_partner(school, nurse, share)).agreed)
        assert (await school.reads(ada, case)).row.actions == () or what == "See her"
        await word(school, bea, case, share, waits.number, **waits.one.said)
    assert [one.text for one in (await school.reads(ada, case)).row.actions] == ["Find a room"]
    assert [one.what for one in (await opens(school, nurse, share)).actions] == ["See her"]
    table = await of_lead(school, ada, case, share)
    await says(school, ada, case, share, kind="sign", answer="agrees", upto=str(table.changed))
    assert (await of_partner(school, nurse, share)).signed == {"Ada Byron": (True, True)}
    assert (await of_partner(school, nurse, share)).views == {"Nurse Okafor": VIEW}


@pytest.mark.parametrize("lapses", ["after a day", "with what she says"])
async def test_a_first_word_lapses_or_waits_for_what_is_unread(school: Any, named: Any, lapses: str) -> None:
    ada, bea, nurse, case, share = named
    await word(school, ada, case, share, kind="view", note="As I see it.")
    [waits] = await proposed(school, bea, case, share)
    if lapses == "after a day":
        school.later(days=1)
        bea = await school.unlock("Bea Potter", BEA)
        with pytest.raises(NotOffered):
            await word(school, bea, case, share, waits.number, **waits.one.said)
        assert (await of_lead(school, bea, case, share)).views == {}
        return
    version = (await school.reads(bea, case)).row.version
    await answers(school, nurse, share, Answer("view", text=VIEW))
    found = await school.store.desk.shares.table(bea, case, share)
    await school.confirm(bea)
    deed = SayAtTable(found.share, waits.one.said, two=True, first=waits.number)
    with pytest.raises(Stale):
        await school.store.desk.act(bea, school.arrival(BEA), case, version, deed)
    assert (await of_lead(school, bea, case, share)).views == {"Nurse Okafor": VIEW}


async def test_a_partner_among_families_has_a_table_of_two_and_one_who_is_not_one_of_one(
    school: Any,
    four: Any,  # noqa: F811 - the fixture
) -> None:
    ada, bea, nurse, pastor = four
    case = (await school.send((ada, bea))).talk.found.case
    await school.confirm(ada)
    await acts(school, ada, case, sharing(school, pastor, two=True))
    [waits] = (await school.store.desk.shares.read(bea, case)).proposed
    await school.confirm(bea)
    await acts(school, bea, case, waits.deed)
    of_nurse = await shares_it(school, ada, case, sharing(school, nurse))
    assert not (await school.store.desk.shares.table(ada, case, of_nurse)).two
    [of_pastor] = [one.id for one in await school.store.shares.listed(pastor)]
    await opens(school, pastor, of_pastor)
    await word(school, ada, case, of_pastor, kind="plan", on=day(school), time="")
    assert (await opens(school, pastor, of_pastor)).table is None
    [one] = await proposed(school, bea, case, of_pastor)
    await word(school, bea, case, of_pastor, one.number, **one.one.said)
    assert (await of_partner(school, pastor, of_pastor)).day.isoformat() == day(school)
    other = replace(await deed_of(school, bea, case, of_nurse, one.number, **one.one.said), two=True)
    await school.confirm(bea)
    with pytest.raises(NotOffered):
        await acts(school, bea, case, other)  # a word for one partner is none for another


async def test_whom_the_reporter_leaves_out_later_has_no_table_by_two_either(school: Any, named: Any) -> None:
    ada, _, nurse, case, share = named
    deed = await deed_of(school, ada, case, share, kind="view", note="Late.")
    row = (await school.reads(ada, case)).row
    await school.store.desk.shares.take_back(ada, school.arrival(ADA), case, row.version, share)
    await school.confirm(ada)
    with pytest.raises(NotOffered):
        await acts(school, ada, case, deed)
    assert await school.store.shares.listed(nurse) == ()
