"""Evaluations: once a person and term, by nobody's name, and read together from five answers on, next term."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from flows.measures.terms import CALENDAR
from flows.together.evaluation import Evaluation, result_of
from storage.database.schema.together import letters
from storage.values.errors import NotOffered, Tampered
from tests.raw_database import all_bytes, read_tables, tamper

TERM = CALENDAR.term_of(date(2026, 11, 23))
NEXT = CALENDAR.term_of(TERM.end)
CHANGE = "Answer partners within a quokka day"
NAMES = ("Ada Byron", "Bea Potter", "Cyd Marsh", "Dee Wren", "Eve Holt")


@pytest.fixture
async def five(school: Any) -> list[Any]:
    """Four leads and a partner."""
    leads = [await school.join(name, "deputy", chat=500 + number) for number, name in enumerate(NAMES[:4])]
    return [*leads, await school.join(NAMES[4], "partner", chat=504)]


async def give(school: Any, who: Any, *steps: int, change: str = "") -> None:
    evaluation = Evaluation(steps or (5, 5, 5, 5, 5, 5), change)
    await school.store.together.evaluations.give(who, school.arrival(who.address.chat_id), evaluation, TERM)


async def next_term(school: Any) -> list[Any]:
    school.later(days=60)
    return [await school.unlock(name, 500 + number) for number, name in enumerate(NAMES)]


async def test_five_answers_are_read_together_in_the_next_term_by_leads(school: Any, five: Any) -> None:
    for number, who in enumerate(five):
        await give(school, who, number + 1, 5, 5, 5, 5, 1, change=CHANGE if number == 2 else "")
    assert await school.store.together.evaluations.result(five[0], TERM) is None, "the term is not over"
    *leads, partner = await next_term(school)
    results = [await school.store.together.evaluations.result(lead, TERM) for lead in leads]
    assert {(one.answers, one.middle, one.changes) for one in results} == {(5, (3, 5, 5, 5, 5, 1), (CHANGE,))}
    with pytest.raises(NotOffered):
        await school.store.together.evaluations.result(partner, TERM)
    assert not await school.store.together.evaluations.is_given(partner, NEXT)


async def test_four_answers_are_none_and_nobody_answers_twice_or_in_part(school: Any, five: Any) -> None:
    for who in five[1:]:
        await give(school, who)
    assert await school.store.together.evaluations.is_given(five[1], TERM)
    refused = [(five[1], Evaluation((1,) * 6)), (five[0], Evaluation((1,) * 5)), (five[0], Evaluation((0,) * 6))]
    refused += [(five[0], Evaluation((1,) * 6, "Ms Potter is late")), (five[0], Evaluation((1,) * 6, "x" * 301))]
    for who, evaluation in refused:
        with pytest.raises(NotOffered):
            await school.store.together.evaluations.give(who, school.arrival(who.address.chat_id), evaluation, TERM)
    lead, *_ = await next_term(school)
    assert await school.store.together.evaluations.result(lead, TERM) is None


async def test_nothing_that_is_kept_tells_who_gave_it(school: Any, five: Any) -> None:
    before = len((await read_tables(school.url))["audit"])
    for who in five:
        await give(school, who, change=CHANGE)
    tables = await read_tables(school.url)
    assert len(tables["audit"]) == before, "the log has no line of it"
    assert not [one for one in five if one.lead.id in repr(tables["letters"])]
    assert b"quokka" not in await all_bytes(school.folder, school.url)
    assert len({len(row["sealed"]) for row in tables["letters"]}) == 1


async def test_an_answer_that_is_taken_away_or_changed_is_noticed(school: Any, five: Any) -> None:
    for who in five:
        await give(school, who)
    lead, *_ = await next_term(school)
    assert await school.store.together.evaluations.result(lead, TERM) is not None
    one = (await read_tables(school.url))["letters"][0]["id"]
    await tamper(school.url, update(letters).where(letters.c.id == one).values(site="elsewhere"))
    with pytest.raises(Tampered):
        await school.store.together.evaluations.result(lead, TERM)
    await tamper(school.url, delete(letters).where(letters.c.id == one))
    with pytest.raises(Tampered):
        await school.store.together.evaluations.result(lead, TERM)
    assert not (await school.store.watch.verify()).holds


@given(st.lists(st.lists(st.integers(1, 5), min_size=6, max_size=6), max_size=12), st.randoms())
def test_the_order_of_answers_changes_nothing_and_the_middle_is_one(answers: list[list[int]], chance: Any) -> None:
    given_so = [Evaluation(tuple(one), f"change {number % 3}") for number, one in enumerate(answers)]
    shuffled = list(given_so)
    chance.shuffle(shuffled)
    result = result_of(given_so)
    assert result == result_of(shuffled)
    assert (result is None) == (len(answers) < 5)
    columns = list(zip(*answers, strict=True))
    assert result is None or all(step in columns[number] for number, step in enumerate(result.middle))
