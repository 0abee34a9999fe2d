"""The offline key reads what was sent for it, and never unnoticed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from storage.database.schema.cases import cases
from storage.sealing.primitives.xwing import public_key
from storage.values.errors import NoSuchCase, NotOffered, NotUnlocked, Tampered
from tests.raw_database import read_tables, tamper
from tests.storage.conftest import CANARY
from tests.team import set_recovery

SEED = b"r" * 32


@pytest.fixture
async def ada(school: Any) -> Any:
    """A lead with two cases, the first of before there was a key."""
    lead = await school.join("Ada Byron")
    await school.send((lead,), chat=1)
    await set_recovery(school.store, public_key(SEED))
    sent = await school.send((lead,), chat=2)
    await school.say(sent.talk, "and one thing more", chat=2)
    return lead


async def test_it_reads_a_case_whole_with_every_word_that_came_later(school: Any, ada: Any) -> None:
    [row] = (await school.store.recovering.cases(SEED)).rows
    view = await school.store.recovering.open(SEED, row.reference.lower())
    assert CANARY in str(view.entries[0].answers)
    assert [entry.text for entry in view.entries if entry.kind == "message"] == ["and one thing more"]
    assert [card.name for card in view.recipients] == [ada.lead.name]


async def test_whoever_has_the_case_sees_that_and_those_who_answer_for_hark_are_told(school: Any, ada: Any) -> None:
    [row] = (await school.store.recovering.cases(SEED)).rows
    await school.store.recovering.open(SEED, row.reference)
    assert [alert.kind for alert in await school.store.alerts.standing()] == ["recovery"]
    view = await school.store.desk.open_case(ada, school.arrival(500), row.id)
    assert [(read.lead, read.what) for read in view.reads] == [(None, "recovered")]
    assert (await school.store.watch.verify()).audit


async def test_another_key_opens_nothing_and_nobody_is_told(school: Any, ada: Any) -> None:
    other = b"s" * 32
    assert (await school.store.recovering.cases(other)).rows == ()
    assert await school.store.alerts.standing() == ()
    new, old = (await school.store.desk.queues.page(ada)).rows
    if new.reference not in {row.reference for row in (await school.store.recovering.cases(SEED)).rows}:
        new, old = old, new
    for seed, reference in ((other, new.reference), (SEED, old.reference), (SEED, "ZZZZZZ")):
        with pytest.raises(NoSuchCase):
            await school.store.recovering.open(seed, reference)


async def test_what_is_not_genuine_is_left_out_and_counted_and_hides_nothing_else(school: Any, ada: Any) -> None:
    await school.send((ada,), chat=3)
    forged, genuine = (await school.store.recovering.cases(SEED)).rows
    await tamper(school.url, update(cases).where(cases.c.id == forged.id).values(rank=3))
    page = await school.store.recovering.cases(SEED)
    assert ([row.id for row in page.rows], page.forged) == ([genuine.id], 1)
    with pytest.raises(Tampered):
        await school.store.recovering.open(SEED, forged.reference)


async def test_every_lead_reads_why_it_was_used_and_who_was_there(school: Any, ada: Any) -> None:
    chair = await school.join("Sam Chair", "chair", 501)
    await school.store.recovering.begin(SEED, "  Ada is ill. ", ("Jo Head", "Sam  Chair"))
    [use] = school.store.recovering.uses(timedelta(days=1))
    assert (use.reason, use.people, use.rehearsal) == ("Ada is ill.", ("Jo Head", "Sam Chair"), False)
    told = {row["lead_id"] for row in (await read_tables(school.url))["outbox"] if row["kind"] == "alert"}
    assert told == {ada.lead.id, chair.lead.id}
    assert b"ill" not in school.store._core.checkpoint.with_name("roster.version.register").read_bytes()


@pytest.mark.usefixtures("ada")
async def test_a_rehearsal_calls_nobody_and_counts_for_the_key_that_was_tried(school: Any) -> None:
    assert await school.store.recovering.rehearsed() is None
    await school.store.recovering.begin(SEED, "Yearly.", ("Jo Head", "Sam Chair"), rehearsal=True)
    assert await school.store.recovering.rehearse(SEED)
    assert await school.store.alerts.standing() == ()
    assert await school.store.recovering.rehearsed() is not None
    await set_recovery(school.store, public_key(b"n" * 32))
    assert await school.store.recovering.rehearsed() is None


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("seed", "reason", "people", "refused"),
    [
        (b"o" * 32, "Ada is ill.", ("Jo Head", "Sam Chair"), NotUnlocked),
        (SEED, " ", ("Jo Head", "Sam Chair"), NotOffered),
        (SEED, "Ada is ill.", ("Jo Head", "JO  HEAD"), NotOffered),
    ],
)
async def test_without_the_key_a_reason_and_two_people_nothing_begins(
    school: Any, seed: bytes, reason: str, people: tuple[str, str], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        await school.store.recovering.begin(seed, reason, people)
    assert school.store.recovering.uses(timedelta(days=1)) == ()
