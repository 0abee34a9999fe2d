"""Why a lead opens a case that is for others first: asked once a session, kept sealed, and in the audit without it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from flows.duty.rota import Rota
from storage.database.schema.sites import audit
from storage.deeds.ownership import Claim
from storage.values.errors import NoSuchCase, ReasonNeeded
from tests.raw_database import read_tables
from tests.storage.conftest import SITE

REASON = "canary otter reason"


@pytest.fixture
async def asked(school: Any) -> Any:
    """A case that Ada is told of first, and Bea if Ada does not answer; and their sessions."""
    school.asks = True
    ada = await school.join("Ada Byron", chat=500)
    bea = await school.join("Bea Potter", "deputy", chat=501)
    sent = await school.send((ada,), (bea,))
    return ada, bea, sent.talk.found.case


async def actions(school: Any, case: str) -> list[str]:
    async with school.store._core.read() as connection:
        rows = await connection.execute(select(audit.c.action).where(audit.c.case_id == case).order_by(audit.c.number))
        return list(rows.scalars())


async def test_nothing_is_shown_or_logged_without_a_reason_and_each_session_gives_its_own(
    school: Any, asked: Any
) -> None:
    ada, bea, case = asked
    await school.store.desk.open_case(ada, school.arrival(500), case)
    for _ in range(2):
        with pytest.raises(ReasonNeeded):
            await school.store.desk.open_case(bea, school.arrival(501), case)
        with pytest.raises(ReasonNeeded):
            await school.store.desk.copy_case(bea, school.arrival(501), case)
        with pytest.raises(ReasonNeeded):
            await school.store.desk.open_case(bea, school.arrival(501), case, "  ")
    assert await actions(school, case) == ["sent", "read"]
    view = await school.store.desk.open_case(bea, school.arrival(501), case, REASON)
    assert [(entry.by.name, entry.action.detail) for entry in view.entries[1:]] == [("Bea Potter", {"reason": REASON})]
    await school.store.desk.open_case(bea, school.arrival(501), case)
    await school.store.desk.copy_case(bea, school.arrival(501), case)
    assert await actions(school, case) == ["sent", "read", "reason", "read", "read", "copy"]
    bea = await school.unlock("Bea Potter", chat=501)
    with pytest.raises(ReasonNeeded):
        await school.store.desk.open_case(bea, school.arrival(501), case)


async def test_the_reason_is_sealed_for_recipients_alone_and_keeps_nobodys_deed_from_being_done(
    school: Any, asked: Any
) -> None:
    ada, bea, case = asked
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.open_case(bea, school.arrival(501), case, REASON)
    assert REASON.encode() not in repr(await read_tables(school.url)).encode()
    await school.store.desk.act(ada, school.arrival(500), case, row.version, Claim())
    view = await school.store.desk.open_case(ada, school.arrival(500), case)
    assert REASON in {entry.action.detail.get("reason") for entry in view.entries if entry.action}
    assert (await school.store.watch.verify()).holds


async def test_the_same_update_twice_keeps_one_reason(school: Any, asked: Any) -> None:
    _, bea, case = asked
    arrival = school.arrival(501)
    await school.store.desk._give_reason(bea, arrival, case, REASON)
    bea.reasoned.clear()  # as if the process had ended before the case was shown
    view = await school.store.desk.open_case(bea, arrival, case, REASON)
    assert len(view.entries) == 2


@pytest.mark.parametrize("who", ["has it", "is offered it", "is on duty", "is the first who is left"])
async def test_whose_work_it_is_gives_no_reason(school: Any, asked: Any, who: str) -> None:
    ada, bea, case = asked
    row = (await school.store.desk.queues.page(ada)).rows[0]
    if who == "has it":
        await school.store.desk.act(bea, school.arrival(501), case, row.version, Claim())
    elif who == "is offered it":
        await school.store.desk.act(ada, school.arrival(500), case, row.version, Claim())
        await school.store.desk.handing.offer(ada, school.arrival(500), bea.lead.id)
    elif who == "is on duty":
        plan = Rota("Europe/London", (frozenset({bea.lead.id}),) * 7)
        await school.store.rota.put(ada, school.arrival(500), SITE, plan)
    else:
        await school.store.leads.team.disable(ada.lead.id)
    await school.store.desk.open_case(bea, school.arrival(501), case)


async def test_who_is_no_recipient_is_told_that_there_is_no_such_case_and_not_asked(school: Any, asked: Any) -> None:
    _, _, case = asked
    eve = await school.join("Eve Moneypenny", chat=502)
    for reason in ("", REASON):
        with pytest.raises(NoSuchCase):
            await school.store.desk.open_case(eve, school.arrival(502), case, reason)
