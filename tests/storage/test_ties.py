"""What is said of two cases at once: whoever opens both sees it, and whoever opens one sees nothing, not by a byte."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from flows.cases.people import TIES, Person, Tie
from storage.cases.entries import Opened
from storage.cases.people.ties import TIED, Half, Tying, half_in, joined, split
from storage.database.schema.cases import cases, entries
from storage.database.schema.sites import audit
from storage.deeds.readers.exclude import Exclude
from storage.deeds.readers.grant import Grant
from storage.deeds.words import AddNote
from storage.desk.names.tying import Pair
from storage.values.errors import NoSuchCase, NotOffered
from tests.raw_database import fetch
from tests.storage.conftest import School
from tests.storage.test_names import alone
from tests.storage.test_people import NAME, adds, sends, takes_away
from tests.storage.test_team import ADA, BEA, EVE

AUTHOR = "ab" * 16


@pytest.fixture
async def three(school: School) -> tuple[Any, Any, Any]:
    ada = await school.join("Ada Byron", chat=ADA)
    bea = await school.join("Bea Potter", "deputy", chat=BEA)
    return ada, bea, await school.join("Eve Moneypenny", "head", chat=EVE)


async def ties(school: Any, by: Any, pair: Pair, tie: Tie) -> None:
    await school.store.desk.tie(by, school.arrival(by.address.chat_id), pair, tie)


async def linked(school: Any, lead: Any, case: Any) -> list[tuple[str, tuple[str, ...]]]:
    found = await school.store.desk.names.together(lead, case, ())
    return [(one.case, one.ties) for one in found.linked]


async def seen(school: Any, lead: Any, case: Any) -> str:
    """All that a lead is given of a case, and of her queue, as text; each look is one more line among who read it."""
    view = await school.reads(lead, case)
    view = replace(view, reads=tuple(dict.fromkeys(view.reads)))
    page = await school.store.desk.queues.page(lead)
    page = replace(page, rows=tuple(replace(row, entries=0) for row in page.rows))  # of a queue nobody shows it
    lately = tuple(dict.fromkeys(await school.store.latest_rows.read(lead)))
    return repr((view, page, lately, await school.store.desk.names.together(lead, case, ())))


async def test_who_reads_both_sees_how_they_belong_together_from_either_side(school: School, three: Any) -> None:
    ada, bea, eve = three
    one, other = await sends(school, ada, bea, eve, chat=1), await sends(school, ada, bea, chat=2)
    await ties(school, ada, Pair(one, other), "child")
    await ties(school, bea, Pair(other, one), "event")
    for lead in (ada, bea):
        assert await linked(school, lead, one) == [(other, ("child", "event"))]
        assert await linked(school, lead, other) == [(one, ("child", "event"))]
    assert await linked(school, eve, one) == []
    await ties(school, bea, Pair(one, other), "apart")
    assert await linked(school, ada, one) == await linked(school, ada, other) == []
    assert (await school.store.watch.verify()).holds


async def test_who_reads_one_alone_is_given_the_very_same_as_if_nothing_had_been_said(
    school: School, three: Any
) -> None:
    ada, bea, eve = three
    one, hidden = await sends(school, ada, bea, eve, chat=1), await sends(school, ada, bea, chat=2)
    here, there = await adds(school, ada, one), await adds(school, ada, hidden)
    await school.reads(eve, one)
    before = await seen(school, eve, one)
    version = (await school.reads(eve, one)).row.version
    await ties(school, ada, Pair(one, hidden), "sibling")
    await ties(school, ada, Pair(one, hidden, here, there), "same")
    assert await seen(school, eve, one) == before
    row = await school.store.desk.act(eve, school.arrival(EVE), one, version, AddNote("Rang the school."))
    assert row.version == version + 1, "nothing was in her way"
    assert [hit.case for hit in await school.store.desk.names.find(eve, NAME)] == [one]


@alone
async def test_a_half_tells_nothing_of_the_other_case_and_no_line_of_the_audit_names_either(
    school: School, three: Any
) -> None:
    ada, bea, eve = three
    one, hidden = await sends(school, ada, bea, eve, chat=1), await sends(school, ada, bea, chat=2)
    await ties(school, ada, Pair(one, hidden), "child")
    held = (await school.store.desk.names.index(eve)).case(one).halves
    [(reference,)] = await fetch(school.url, select(cases.c.reference).where(cases.c.id == hidden))
    assert len(held) == 1
    assert bytes.fromhex(hidden) not in held[0].half + held[0].number
    assert reference.encode() not in held[0].half
    logged = await fetch(school.url, select(audit.c.case_id).where(audit.c.action == TIED))
    assert [case for (case,) in logged] == [None]


@alone
async def test_it_comes_and_goes_with_whoever_comes_to_read_both_or_is_kept_out_of_one(
    school: School, three: Any
) -> None:
    ada, bea, eve = three
    one, other = await sends(school, ada, bea, eve, chat=1), await sends(school, ada, bea, chat=2)
    await ties(school, ada, Pair(one, other), "adult")
    row = (await school.reads(ada, other)).row
    await school.store.desk.act(ada, school.arrival(ADA), other, row.version, Grant(eve.lead.id, "She asked."))
    assert await linked(school, eve, one) == [(other, ("adult",))]
    await school.store.desk.act(ada, school.arrival(ADA), other, None, Exclude(eve.lead.id, "His aunt."))
    assert await linked(school, eve, one) == []
    assert await linked(school, bea, one) == [(other, ("adult",))]


@alone
async def test_whether_somebody_is_the_same_is_asked_once_and_said_in_both(school: School, three: Any) -> None:
    ada, bea, _ = three
    one, other = await sends(school, ada, bea, chat=1), await sends(school, ada, bea, chat=2)
    here, there = await adds(school, ada, one), await adds(school, bea, other, "Mr Quagmire", "adult")
    names = school.store.desk.names
    who = [Person(here, NAME, "child")]
    assert [hit.case for _, hit in (await names.together(bea, one, who)).open] == [other]
    await ties(school, ada, Pair(one, other, here, there), "different")
    for lead in (ada, bea):
        together = await names.together(lead, one, who)
        assert (together.open, together.same) == ((), ())
    before = len(await fetch(school.url, select(entries.c.number)))
    await ties(school, bea, Pair(other, one, there, here), "same")
    assert len(await fetch(school.url, select(entries.c.number))) == before, "it was said already"
    await takes_away(school, ada, one, here)
    again = await adds(school, ada, one)
    await ties(school, ada, Pair(one, other, again, there), "same")
    together = await names.together(bea, one, [Person(again, NAME, "child")])
    assert [(number, hit.case, hit.number) for number, hit in together.same] == [(again, other, there)]


@alone
async def test_only_two_cases_of_ones_own_and_people_who_are_there_are_taken(school: School, three: Any) -> None:
    ada, bea, _ = three
    one, other, hers = await sends(school, ada), await sends(school, ada, chat=2), await sends(school, bea, chat=3)
    number = await adds(school, ada, one)
    for pair, refusal in (
        (Pair(one, one), NotOffered),
        (Pair(one, hers), NoSuchCase),
        (Pair(hers, one), NoSuchCase),
    ):
        with pytest.raises(refusal):
            await ties(school, ada, pair, "child")
    with pytest.raises(NotOffered):
        await ties(school, ada, Pair(one, other, number, 99), "same")
    await ties(school, ada, Pair(one, other), "apart")
    stored = await fetch(school.url, select(entries.c.case_id))
    assert Counter(case for (case,) in stored) == {one: 2, other: 1, hers: 1}


@given(st.sampled_from(TIES), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_two_halves_give_back_what_was_said_and_one_is_as_good_as_drawn(tie: Tie, low: int, high: int) -> None:
    said = Tying(tie, low, high)
    one, other = (half_in(_opened(detail)) for detail in split(said))
    assert one is not None
    assert other is not None
    assert joined(one, other) == joined(other, one) == said
    assert split(said)[0]["half"] != one.half.hex()
    assert split(said)[1]["half"] != other.half.hex()


def test_halves_of_different_authors_numbers_or_wholes_say_nothing() -> None:
    whole = [half_in(_opened(detail)) for detail in split(Tying("child"))]
    foreign = half_in(_opened(split(Tying("child"))[1], author="cd" * 16))
    assert whole[0] is not None
    assert foreign is not None
    assert joined(whole[0], foreign) is None
    own = Half(1, AUTHOR, whole[0].number, bytes(16))
    assert joined(whole[0], own) is None
    assert joined(own, Half(1, AUTHOR, own.number, b"\xff" + bytes(15))) is None
    for detail in ({}, {"number": "zz", "half": ""}, {"number": "ab" * 16, "half": "ab"}):
        assert half_in(_opened(detail)) is None


def test_what_stands_in_two_cases_is_read_for_decades() -> None:
    number = "00112233445566778899aabbccddeeff"
    one = half_in(_opened({"number": number, "half": "ffffffffffffffffffffffffffffffff"}))
    other = half_in(_opened({"number": number, "half": "fcfffffffbfffffff8ffffffffffffff"}))
    assert one is not None
    assert other is not None
    assert joined(one, other) == Tying("sibling", 4, 7)


def _opened(detail: dict[str, str], author: str = AUTHOR) -> Opened:
    return Opened(5, author, "desk", {"kind": "action", "what": TIED, "detail": {**detail}})
