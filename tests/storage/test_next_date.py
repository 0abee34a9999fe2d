"""No open case is without a next date, whatever is done to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.deeds.deed import Deed
from storage.deeds.ownership import Acknowledge, Claim
from storage.deeds.status import CloseCase, ReopenCase, SetStatus
from storage.deeds.triage import SetLabel, SetUrgency
from storage.deeds.words import AddNote, SendReply
from storage.values import CaseRow, Clocks, Status

STATUSES: tuple[Status, ...] = ("acknowledged", "assessing", "action", "monitoring", "awaiting_info", "referred")
DEEDS: dict[str, Deed] = {
    "acknowledge": Acknowledge(),
    "claim": Claim(),
    "reply": SendReply("I have read this."),
    "note": AddNote("call home"),
    "label": SetLabel("blue"),
    "urgency": SetUrgency("routine", reason="read"),
    **{status: SetStatus(status) for status in STATUSES},
}

pytestmark = pytest.mark.sqlite_only("which date a case has is decided above the engine")


async def do(school: Any, lead: Any, row: CaseRow, deed: Deed) -> CaseRow:
    done: CaseRow = await school.store.desk.act(lead, school.arrival(500), row.id, row.version, deed)
    return done


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("clocks", [True, False], ids=["hours", "never open"])
async def test_after_each_deed_an_open_case_has_a_date(school: Any, name: str, clocks: bool) -> None:  # noqa: FBT001 - a parameter of the test
    ada = await school.join("Ada")
    given = school.clocks if clocks else Clocks(None, None)
    await school.store.talks.send(school.arrival(1), school.concern((ada,)), None, given)
    (row,) = (await school.store.desk.queues.page(ada)).rows
    assert row.due == "acknowledge"
    assert row.due_at is not None
    row = await do(school, ada, row, DEEDS[name])
    assert row.due_at is not None
    await do(school, ada, row, DEEDS["reply"])
    (row,) = (await school.store.desk.queues.page(ada)).rows
    assert (row.due, row.due_at is not None) == ("review", True)
    school.later(days=15)
    ada = await school.unlock("Ada")
    assert (await school.store.desk.queues.brief(ada, school.now)).overdue == 1


async def test_a_case_that_is_reopened_has_a_date_again(school: Any) -> None:
    ada = await school.join("Ada")
    await school.send((ada,))
    (row,) = (await school.store.desk.queues.page(ada)).rows
    await school.reads(ada, row.id)
    done = {"outcome": "early_help", "reason": "done"}
    row = await school.store.desk.act(ada, school.arrival(500), row.id, row.version, CloseCase(**done))
    assert row.due_at is None
    row = await school.store.desk.act(
        ada, school.arrival(500), row.id, row.version, ReopenCase(clocks=Clocks(None, None))
    )
    assert row.due_at is not None
    assert row.due_at > school.now + timedelta(hours=1)
    assert replace(row, due_at=None).due == "review"


async def test_who_makes_a_case_more_urgent_looks_at_it_again_sooner(school: Any) -> None:
    ada = await school.join("Ada")
    await school.send((ada,), urgency="soon")
    (row,) = (await school.store.desk.queues.page(ada)).rows
    row = await do(school, ada, row, DEEDS["reply"])
    assert row.due_at == school.now + timedelta(days=7)
    row = await do(school, ada, row, SetUrgency("immediate", school.clocks, "again today"))
    assert (row.due, row.due_at) == ("review", school.now + timedelta(days=1))
