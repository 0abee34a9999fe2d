"""Once a week reads are shown to a second person; whoever does not look is passed over for the head."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from storage.database.schema.notices import outbox
from storage.database.schema.sites import audit
from storage.values.errors import NotOffered
from tests.raw_database import tamper

REASON = "she asked me to look"


async def monday(school: Any) -> dict[str, list[str]]:
    """Let it be the next Monday morning; give whom the notices of reads are for, by kind."""
    days = -school.now.weekday() % 7 or 7
    school.later(days=days)
    school.now = school.now.replace(hour=8, minute=0)
    await school.store._core.commit(*await school.store.read_reviews.due())
    async with school.store._core.read() as connection:
        asked = select(outbox.c.kind, outbox.c.lead_id).where(outbox.c.kind.in_(("reads", "reads_late")))
        rows = (await connection.execute(asked)).all()
    roster = {card.id: card.name for card in await school.store.leads.roster()}
    return {kind: sorted(roster[lead] for of, lead in rows if of == kind) for kind in {row.kind for row in rows}}


@pytest.fixture
async def team(school: Any) -> dict[str, Any]:
    """Three leads of one site."""
    school.asks = True
    names = {"Ada": "lead", "Bea": "deputy", "Cleo": "head"}
    return {name: await school.join(name, role, 500 + n) for n, (name, role) in enumerate(names.items())}


async def opens(school: Any, lead: Any, case: str, reason: str = "") -> None:
    await school.store.desk.open_case(lead, school.arrival(lead.address.chat_id), case, reason)


async def test_one_other_lead_is_asked_sees_reader_case_and_reason_and_signs(school: Any, team: Any) -> None:
    sent = await school.send((team["Ada"],), (team["Bea"],))
    await opens(school, team["Ada"], sent.talk.found.case)
    await opens(school, team["Bea"], sent.talk.found.case, REASON)
    asked = await monday(school)
    assert asked == {"reads": ["Ada", "Bea"]}, "each is asked about the other, since nobody else can open it"
    row = (await school.store.desk.queues.page(await school.unlock("Ada"))).rows[0]
    shown = {}
    for name, chat in (("Ada", 500), ("Bea", 501), ("Cleo", 502)):
        lead = await school.unlock(name, chat)
        shown[name] = await school.store.read_reviews.shown(lead)
        if shown[name]:
            await school.store.read_reviews.sign(lead, school.arrival(chat))
            assert await school.store.read_reviews.shown(lead) == ()
        with pytest.raises(NotOffered):
            await school.store.read_reviews.sign(lead, school.arrival(chat))
    [of_bea] = shown["Ada"]
    [of_ada] = shown["Bea"]
    assert (of_bea.reader.name, of_bea.reference, of_bea.reason) == ("Bea", row.reference, REASON)
    assert (of_ada.reader.name, of_ada.reference, of_ada.reason) == ("Ada", row.reference, "")
    assert shown["Cleo"] == ()
    async with school.store._core.read() as connection:
        signed = (await connection.execute(select(audit.c.lead_id).where(audit.c.action == "reads_seen"))).scalars()
        assert set(signed) == {team["Ada"].lead.id, team["Bea"].lead.id}
    assert (await school.store.watch.verify()).holds


async def test_a_week_without_reads_is_a_week_without_a_notice(school: Any, team: Any) -> None:
    await school.send((team["Ada"],), (team["Bea"],))
    assert await monday(school) == {}
    assert await school.store.read_reviews.shown(await school.unlock("Ada")) == ()


async def test_where_nobody_looked_within_a_week_the_head_is_asked_who_then_sees_it(school: Any, team: Any) -> None:
    sent = await school.send((team["Ada"], team["Cleo"]), (team["Bea"],))
    await opens(school, team["Ada"], sent.talk.found.case)
    [first] = (await monday(school))["reads"]
    assert first in {"Bea", "Cleo"}
    asked = await monday(school)
    expected = "Cleo" if first == "Bea" else "Bea"
    assert asked == {"reads": [first], "reads_late": [expected]}
    lead = await school.unlock(expected, 502 if expected == "Cleo" else 501)
    [shown] = await school.store.read_reviews.shown(lead)
    assert shown.reader.name == "Ada"
    assert await school.store.read_reviews.shown(await school.unlock(first, 501 if first == "Bea" else 502)) == ()


async def test_who_cannot_open_the_case_is_asked_nothing_not_even_that_nobody_looked(school: Any, team: Any) -> None:
    """The head is who it is about: no notice and no line, in the week after and in the one after that."""
    sent = await school.send((team["Ada"],), (team["Bea"],), excluded=(team["Cleo"].lead.id,))
    await opens(school, team["Ada"], sent.talk.found.case)
    assert await monday(school) == {"reads": ["Bea"]}
    assert await monday(school) == {"reads": ["Bea"]}, "Ada read it herself, and nobody else is left"
    assert await school.store.read_reviews.shown(await school.unlock("Cleo", 502)) == ()


async def test_a_read_that_somebody_wrote_or_changed_is_shown_to_nobody_and_counted(school: Any, team: Any) -> None:
    sent = await school.send((team["Ada"],), (team["Bea"],))
    await opens(school, team["Ada"], sent.talk.found.case)
    await tamper(school.url, update(audit).where(audit.c.action == "read").values(lead_id=team["Bea"].lead.id))
    before = school.store.tampered
    assert await monday(school) == {}
    assert school.store.tampered > before


async def test_what_a_lead_is_shown_of_the_audit_is_of_cases_that_she_can_open(school: Any, team: Any) -> None:
    sent = await school.send((team["Ada"],), (team["Bea"],))
    await opens(school, team["Ada"], sent.talk.found.case)
    seen = {name: await school.store.latest_rows.read(lead) for name, lead in team.items()}
    assert [(row.what, row.by.name if row.by else None) for row in seen["Ada"]] == [("read", "Ada"), ("sent", None)]
    assert seen["Ada"] == seen["Bea"]
    assert seen["Cleo"] == ()
