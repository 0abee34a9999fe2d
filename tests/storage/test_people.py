"""Leads write down who is in a case: signed entries, for its recipients, which show in its history and in no header."""

from __future__ import annotations

from typing import Any

import pytest

from flows.cases.people import MOST
from flows.names.matching import is_same_name
from storage.deeds.readers.grant import Grant
from storage.deeds.record.people import AddPerson, TakePersonAway
from storage.values.errors import NotOffered
from tests.raw_database import raw_bytes
from tests.storage.conftest import School
from tests.storage.test_team import ADA, BEA, EVE

NAME = "Ayo Quagmire"


async def sends(school: Any, *leads: Any, chat: int = 1, **changes: Any) -> Any:
    return (await school.send(leads, chat=chat, **changes)).talk.found.case


async def adds(school: Any, by: Any, case: Any, name: str = NAME, part: Any = "child") -> int:
    """Write somebody down; the number."""
    row = await school.store.desk.act(by, school.arrival(by.address.chat_id), case, None, AddPerson(name, part))
    return int(row.entries)


async def takes_away(school: Any, by: Any, case: Any, number: int) -> Any:
    return await school.store.desk.act(by, school.arrival(by.address.chat_id), case, None, TakePersonAway(number))


@pytest.fixture
async def two(school: School) -> tuple[Any, Any]:
    return await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)


async def test_who_is_in_a_case_stands_signed_in_its_history_and_is_taken_away_by_a_further_entry(
    school: School, two: Any
) -> None:
    ada, bea = two
    case = await sends(school, ada, bea)
    number = await adds(school, ada, case)
    await takes_away(school, bea, case, number)
    view = await school.reads(bea, case)
    done = [(one.by.name, one.action.what, dict(one.action.detail)) for one in view.entries if one.action]
    assert done == [
        ("Ada Byron", "person", {"name": NAME, "as": "child"}),
        ("Bea Potter", "person_gone", {"person": str(number), "name": NAME, "as": "child"}),
    ]
    with pytest.raises(NotOffered):
        await takes_away(school, bea, case, number)
    assert NAME.encode() not in await raw_bytes(school.url)
    assert (await school.store.watch.verify()).holds


async def test_what_is_no_name_no_part_or_there_already_is_refused_and_changes_nothing(
    school: School, two: Any
) -> None:
    ada, bea = two
    case = await sends(school, ada, bea)
    await adds(school, ada, case)
    for name, part in (("", "child"), ("x" * 10_000, "child"), ("Ayo Bell", "accused"), (NAME, "child")):
        with pytest.raises(NotOffered):
            await adds(school, ada, case, name, part)
    for name in ("王", "B", "أ. محمد علي", "\u202eevil\u202c", "😀", "\ud800 Bell"):
        await adds(school, ada, case, name, "witness")
    view = await school.reads(ada, case)
    assert len([one for one in view.entries if one.action]) == 7


async def test_a_hundred_people_are_enough(school: School, two: Any) -> None:
    ada, _ = two
    case = await sends(school, ada)
    for number in range(MOST):
        await adds(school, ada, case, f"Child {number}", "witness")
    with pytest.raises(NotOffered):
        await adds(school, ada, case, "One More", "witness")


async def test_a_case_in_which_a_colleague_was_written_down_is_given_to_that_colleague_by_nobody(
    school: School, two: Any
) -> None:
    ada, bea = two
    eve = await school.join("Eve Moneypenny", chat=EVE)
    case = await sends(school, ada, bea)
    await adds(school, ada, case, "Eve Moneypenny", "adult")
    assert is_same_name("Eve Moneypenny", eve.lead.name)
    row = (await school.reads(ada, case)).row
    with pytest.raises(NotOffered):
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, Grant(eve.lead.id, "She asked."))
