"""What is a partner's to do for a share: said by her, in the case; she is reminded; and it ends with the share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from flows.duty.working_days import Reminders
from storage.database.schema.notices import outbox
from storage.database.schema.shares import shares
from storage.deeds.readers.exclude import Exclude
from storage.deeds.sharing.round_table import SayAtTable
from storage.deeds.status import CloseCase
from storage.sealing.keys.share_keys import open_table
from storage.values.errors import NoSuchCase, NotOffered, Tampered
from storage.values.shares import MOST_ANSWERS, Answer
from tests.raw_database import all_bytes, fetch, read_tables, tamper, write_tables
from tests.storage.test_share_tables import held, of_lead, of_partner, says  # noqa: F401 - `held` is a fixture
from tests.storage.test_shares import (  # noqa: F401 - `four` is a fixture
    ADA,
    NUR,
    answers,
    came_back,
    four,
    opens,
    renews,
    shares_it,
    sharing,
)

WHAT = "Ring the quokka clinic."
WHY = "The axolotl clinic is shut."


@pytest.fixture
async def shared(school: Any, four: Any) -> tuple[Any, Any, Any, Any, str]:  # noqa: F811 - the fixture
    """Two leads, a partner with an opened share, the case, and the share."""
    ada, bea, nurse, _ = four
    case = (await school.send((ada,), (bea,))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    await opens(school, nurse, share)
    return ada, bea, nurse, case, share


def told_at(school: Any, days: int = 1) -> Reminders:
    first = school.now + timedelta(days=days)
    return Reminders(first, first + timedelta(days=2))


async def plans(school: Any, nurse: Any, share: str, what: str = WHAT, days: int = 1) -> None:
    planned = Answer("planned", text=what, by=(school.now + timedelta(days=days)).date())
    arrival = school.arrival(nurse.address.chat_id)
    await school.store.shares.answer(nurse, arrival, share, planned, told_at(school, days))


async def hers(school: Any, nurse: Any, share: str) -> list[tuple[int, str, date]]:
    return [(one.number, one.what, one.due) for one in (await opens(school, nurse, share)).actions]


async def told(school: Any, kind: str = "share_action") -> list[tuple[str, str | None]]:
    asked = select(outbox.c.lead_id, outbox.c.case_id).where(outbox.c.kind == kind).order_by(outbox.c.lead_id)
    return [tuple(row) for row in await fetch(school.url, asked)]


async def in_clear(school: Any) -> tuple[str, int]:
    [row] = await fetch(school.url, select(shares.c.actions, shares.c.remind_at))
    return tuple(row)


async def test_what_she_adds_is_hers_and_in_the_case_in_her_words_until_it_is_done(school: Any, shared: Any) -> None:
    ada, bea, nurse, case, share = shared
    due = (school.now + timedelta(days=1)).date()
    await plans(school, nurse, share)
    assert await hers(school, nurse, share) == [(1, WHAT, due)]
    assert (await school.store.shares.listed(nurse))[0].due == due
    assert (await came_back(school, bea, case))[1:] == [("planned", "Bea Potter", WHAT)]
    [one] = (await school.reads(ada, case)).of_partners[share]
    assert (one.what, one.due, one.standing) == (WHAT, due, "open")
    await answers(school, nurse, share, Answer("done", of=1))
    assert await hers(school, nurse, share) == []
    assert (await school.store.shares.listed(nurse))[0].due is None
    [one] = (await school.reads(ada, case)).of_partners[share]
    assert one.standing == "done"
    assert (await school.store.watch.verify()).rows


async def test_what_was_agreed_for_her_is_hers_and_not_done_says_why(school: Any, held: Any) -> None:  # noqa: F811
    ada, bea, nurse, case, share = held
    due = (school.now + timedelta(days=3)).date()
    agreed = {"kind": "agree", "due": due.isoformat()}
    await says(school, ada, case, share, action="Find a room", owner=bea.lead.id, **agreed)
    await says(school, ada, case, share, action="See her", owner=nurse.lead.id, **agreed)
    assert await hers(school, nurse, share) == [(3, "See her", due)], "what is a lead's is not"
    assert (await in_clear(school))[0].startswith(f"3:{nurse.lead.id}:{due.toordinal()}:")
    await answers(school, nurse, share, Answer("not_done", text=WHY, of=3))
    assert await in_clear(school) == ("", 0)
    assert (await came_back(school, bea, case))[-1] == ("not_done", "Bea Potter", WHY)
    table = await of_partner(school, nurse, share)
    assert table == await of_lead(school, ada, case, share)
    assert [(one.what, one.ended) for one in table.agreed] == [("Find a room", ""), ("See her", "undone")]


async def test_only_a_number_and_days_stand_in_the_clear(school: Any, shared: Any) -> None:
    ada, bea, nurse, case, share = shared
    await plans(school, nurse, share)
    await plans(school, nurse, share, "See the capybara.", days=2)
    await answers(school, nurse, share, Answer("not_done", text=WHY, of=1))
    files = await all_bytes(school.folder, school.url)
    assert not [word for word in (b"quokka clinic", b"axolotl clinic", b"capybara") if word in files]
    number, partner, *times = (await in_clear(school))[0].split(":")
    assert (number, partner) == ("2", nurse.lead.id)
    assert all(one.isdecimal() for one in times)
    [kept] = [one[0] for one in await fetch(school.url, select(shares.c.round_table))]
    for lead in (ada, bea):
        assert open_table(lead.private_keys, share, nurse.lead.id, kept) is None
    text = open_table(nurse.private_keys, share, nurse.lead.id, kept)
    assert text is not None
    assert case not in text


@pytest.mark.parametrize(
    "answer",
    [
        Answer("planned", text="x" * 201, by=date(2027, 1, 1)),
        Answer("planned", text=" ", by=date(2027, 1, 1)),
        Answer("planned", text=WHAT),
        Answer("replied", text=WHAT, by=date(2027, 1, 1)),
        Answer("done"),
        Answer("done", of=2),
        Answer("not_done", of=1),
        Answer("not_done", of=1, text="x" * 1_001),
        Answer("accepted", of=1),
    ],
)
async def test_what_lacks_something_is_refused(school: Any, shared: Any, answer: Answer) -> None:
    _, _, nurse, _, share = shared
    await plans(school, nurse, share)
    before = await hers(school, nurse, share)
    given = told_at(school) if answer.kind == "planned" else None
    with pytest.raises(NotOffered):
        await school.store.shares.answer(nurse, school.arrival(NUR), share, answer, given)
    assert await hers(school, nurse, share) == before


async def test_without_a_time_to_be_told_nothing_is_planned(school: Any, shared: Any) -> None:
    _, _, nurse, _, share = shared
    with pytest.raises(NotOffered):
        await answers(school, nurse, share, Answer("planned", text=WHAT, by=date(2027, 1, 1)))
    with pytest.raises(NotOffered):
        await school.store.shares.answer(nurse, school.arrival(NUR), share, Answer("accepted"), told_at(school))


async def test_what_is_open_can_be_ended_after_the_last_answer(school: Any, shared: Any) -> None:
    _, _, nurse, _, share = shared
    await plans(school, nurse, share)
    for _ in range(MOST_ANSWERS - 2):
        await answers(school, nurse, share, Answer("replied", text="Yes."))
    with pytest.raises(NotOffered):
        await answers(school, nurse, share, Answer("replied", text="Once more."))
    await answers(school, nurse, share, Answer("done", of=1))
    assert await hers(school, nurse, share) == []


async def test_a_foreign_an_ended_and_no_share_are_one_answer_and_nothing_is_left(
    school: Any,
    shared: Any,
    four: Any,  # noqa: F811
) -> None:
    ada, _, nurse, case, share = shared
    await plans(school, nurse, share)
    before = await read_tables(school.url)
    for of, other in ((four[3], share), (nurse, "0" * 32)):
        with pytest.raises(NoSuchCase):
            await answers(school, of, other, Answer("done", of=1))
    row = (await school.reads(ada, case)).row
    await school.store.desk.shares.take_back(ada, school.arrival(ADA), case, row.version, share)
    with pytest.raises(NoSuchCase):
        await answers(school, nurse, share, Answer("done", of=1))
    assert await in_clear(school) == ("", 0)
    [kept] = [one[0] for one in await fetch(school.url, select(shares.c.round_table))]
    assert kept is None
    school.later(days=3)
    assert await school.store.reminders.tell_partners() == 0
    await write_tables(school.url, {"shares": before["shares"]})  # a backup of before
    assert await school.store.reminders.tell_partners() == 0
    assert await told(school) == []


async def test_she_is_told_on_the_day_and_daily_and_from_two_days_on_whoever_has_the_case_too(
    school: Any, shared: Any
) -> None:
    ada, _, nurse, _, share = shared
    await plans(school, nurse, share)
    await plans(school, nurse, share, "See her.", days=1)
    assert await school.store.reminders.tell_partners() == 0
    school.later(days=1)
    assert await school.store.reminders.tell_partners() == 1
    assert await school.store.reminders.tell_partners() == 0, "once a day"
    assert await told(school) == [(nurse.lead.id, None)], "one a share, which names no case"
    assert await told(school, "action_late") == []
    school.later(days=1)
    assert await school.store.reminders.tell_partners() == 1
    assert await told(school, "action_late") == []
    school.later(days=1)
    assert await school.store.reminders.tell_partners() == 1
    assert [lead for lead, _ in await told(school, "action_late")] == [ada.lead.id], "and not the whole ladder"
    nurse = await school.unlock("Nurse Okafor", NUR)
    await answers(school, nurse, share, Answer("done", of=1))
    await answers(school, nurse, share, Answer("not_done", text=WHY, of=2))
    school.later(days=1)
    assert await school.store.reminders.tell_partners() == 0
    assert (await school.store.watch.verify()).rows


async def test_after_the_end_of_the_share_nobody_is_told(school: Any, shared: Any) -> None:
    _, _, nurse, _, share = shared
    await plans(school, nurse, share)
    school.later(days=14)
    assert await school.store.reminders.tell_partners() == 0, "also before the sweep has ended it"
    await school.store.watch.sweep()
    assert await in_clear(school) == ("", 0)


async def test_of_a_closed_case_leads_are_not_told_and_she_still_is(school: Any, shared: Any) -> None:
    ada, _, nurse, case, share = shared
    await plans(school, nurse, share)
    row = (await school.reads(ada, case)).row
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, CloseCase("early_help", "All is well."))
    school.later(days=5)
    assert await school.store.reminders.tell_partners() == 1
    assert [lead for lead, _ in await told(school)] == [nurse.lead.id]
    assert await told(school, "action_late") == []


async def test_who_was_kept_out_of_the_case_is_told_nothing_of_what_is_late(school: Any, shared: Any) -> None:
    ada, bea, nurse, case, share = shared
    await school.join("Cyd Charisse", "deputy", chat=502)
    await plans(school, nurse, share)
    row = (await school.reads(ada, case)).row
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, Exclude(bea.lead.id, "named by her"))
    school.later(days=4)
    assert await school.store.reminders.tell_partners() == 1
    assert bea.lead.id not in {lead for lead, _ in await told(school, "action_late")}


async def test_nobody_who_writes_the_database_has_an_action_forgotten(school: Any, shared: Any) -> None:
    ada, _, nurse, case, share = shared
    before = await read_tables(school.url)
    await plans(school, nurse, share)
    await came_back(school, ada, case)
    kept = await read_tables(school.url)
    for change in ({"actions": ""}, {"remind_at": 0}, {"actions": "", "remind_at": 0}):
        await tamper(school.url, update(shares).values(**change))
        with pytest.raises(Tampered):
            await school.store.shares.listed(nurse)
        assert not (await school.store.watch.verify()).rows, change
        await write_tables(school.url, {"shares": kept["shares"]})
    await write_tables(school.url, {"shares": before["shares"]})  # the row of before
    count = school.store._core.forgeries.count
    await school.store.desk.shares.read(ada, case)
    assert school.store._core.forgeries.count == count + 1


async def test_what_is_hers_follows_her_to_new_keys(school: Any, shared: Any) -> None:
    _, _, nurse, _, share = shared
    await plans(school, nurse, share)
    before = await hers(school, nurse, share)
    await renews(school, nurse)
    _ = [one async for one in school.store.renewals.go_on(nurse)]
    assert await hers(school, nurse, share) == before
    await answers(school, nurse, share, Answer("done", of=1))
    school.later(days=2)
    assert await school.store.reminders.tell_partners() == 0


async def test_without_days_to_be_told_on_nothing_is_agreed_for_her(school: Any, held: Any) -> None:  # noqa: F811
    ada, _, nurse, case, share = held
    row = (await school.reads(ada, case)).row
    found = await school.store.desk.shares.table(ada, case, share)
    said = {"kind": "agree", "action": "See her", "owner": nurse.lead.id, "due": "2027-01-01"}
    with pytest.raises(NotOffered):
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, SayAtTable(found.share, said))
