"""Thanks: sealed for one, by nobody's name in the rows, read once, and gone after three months."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from storage.database.schema.together import letters
from storage.deeds.record.people import AddPerson
from storage.values.errors import NotOffered
from tests.raw_database import all_bytes, count_rows, read_tables, tamper

ADA, BEA, NUR = 500, 501, 510
WORDS = "For the quokka of an idea, and for Ms Potter's patience"


@pytest.fixture
async def three(school: Any) -> tuple[Any, Any, Any]:
    return (
        await school.join("Ada Byron", chat=ADA),
        await school.join("Bea Potter", "deputy", chat=BEA),
        await school.join("Nurse Okafor", "partner", chat=NUR),
    )


async def say(school: Any, by: Any, to: Any, text: str = WORDS) -> None:
    await school.store.together.thanks.say(by, school.arrival(by.address.chat_id), to.lead.id, text)


async def waiting(school: Any, who: Any) -> list[tuple[str, str]]:
    return sorted((one.by, one.text) for one in await school.store.together.thanks.waiting(who))


async def test_whom_it_is_for_reads_it_once_and_no_row_names_her_or_the_author(school: Any, three: Any) -> None:
    ada, bea, nurse = three
    await say(school, ada, nurse)
    assert await waiting(school, nurse) == [("Ada Byron", WORDS)]
    assert await waiting(school, bea) == await waiting(school, ada) == []
    rows = repr((await read_tables(school.url))["letters"])
    assert ada.lead.id not in rows
    assert nurse.lead.id not in rows
    assert b"quokka" not in await all_bytes(school.folder, school.url)
    [shown] = await school.store.together.thanks.waiting(nurse)
    await school.store.together.thanks.read(bea, school.arrival(BEA), [shown.id])
    assert await waiting(school, nurse) == [("Ada Byron", WORDS)], "it is not Bea's"
    await school.store.together.thanks.read(nurse, school.arrival(NUR), [shown.id])
    assert await waiting(school, nurse) == []
    assert await count_rows(school.url, letters) == 0


async def test_nobody_of_a_case_is_named_and_a_partner_thanks_leads_alone(school: Any, three: Any) -> None:
    ada, bea, nurse = three
    pastor = await school.join("Pastor Quill", "partner", chat=511)
    case = (await school.send((ada,))).talk.found.case
    row = (await school.reads(ada, case)).row
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, AddPerson("Zelda Axolotl", "child"))
    for text in ("For what you did for Axolotl", "", "x" * 301):
        with pytest.raises(NotOffered):
            await say(school, ada, bea, text)
    for to in (pastor, nurse):
        with pytest.raises(NotOffered):
            await say(school, nurse, to)
    await say(school, nurse, ada)
    assert await waiting(school, ada) == [("Nurse Okafor", WORDS)]


async def test_twenty_wait_at_most_and_what_nobody_reads_goes(school: Any, three: Any) -> None:
    ada, bea, _ = three
    for number in range(20):
        await say(school, ada, bea, f"Thank you, {number}")
    with pytest.raises(NotOffered):
        await say(school, ada, bea)
    school.later(days=80)
    await school.store.watch.sweep()
    assert await count_rows(school.url, letters) == 20
    school.later(days=45)
    await school.store.watch.sweep()
    assert await count_rows(school.url, letters) == 0


async def test_what_is_changed_is_counted_and_not_shown(school: Any, three: Any) -> None:
    ada, bea, nurse = three
    await say(school, ada, bea)
    before = school.store.tampered
    await tamper(school.url, update(letters).values(period="2030-01"))
    assert await waiting(school, bea) == []
    assert school.store.tampered > before
    assert await waiting(school, nurse) == []
