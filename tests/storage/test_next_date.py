"""No open case is without a next date, whatever is done to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import pytest

from storage.values import CaseRow, Clocks

Deed: TypeAlias = Callable[[Any, Any, CaseRow], Awaitable[CaseRow]]


def deed(name: str, **arguments: Any) -> Deed:
    async def do(school: Any, lead: Any, row: CaseRow) -> CaseRow:
        act = getattr(school.store.desk, name)
        done: CaseRow = await act(lead, school.arrival(500), row.id, row.version, **arguments)
        return done

    return do


DEEDS = {
    "acknowledge": deed("acknowledge"),
    "claim": deed("claim"),
    "reply": deed("reply", text="I have read this."),
    "note": deed("note", text="call home"),
    "label": deed("set_label", label="blue"),
    "urgency": deed("set_urgency", urgency="routine", reason="read"),
    **{
        status: deed("set_status", status=status)
        for status in ("acknowledged", "assessing", "action", "monitoring", "awaiting_info", "referred")
    },
}


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("clocks", [True, False], ids=["hours", "never open"])
async def test_after_each_deed_an_open_case_has_a_date(school: Any, name: str, clocks: bool) -> None:  # noqa: FBT001 - a parameter of the test
    ada = await school.join("Ada")
    given = school.clocks if clocks else Clocks(None, None)
    await school.store.talks.send(school.arrival(1), school.concern((ada,)), None, given)
    (row,) = (await school.store.desk.queue(ada)).rows
    assert row.due == "acknowledge"
    assert row.due_at is not None
    row = await DEEDS[name](school, ada, row)
    assert row.due_at is not None
    await DEEDS["reply"](school, ada, row)
    (row,) = (await school.store.desk.queue(ada)).rows
    assert (row.due, row.due_at is not None) == ("review", True)
    school.later(days=15)
    ada = await school.unlock("Ada")
    assert (await school.store.desk.brief(ada, school.now)).overdue == 1


async def test_a_case_that_is_reopened_has_a_date_again(school: Any) -> None:
    ada = await school.join("Ada")
    await school.send((ada,))
    (row,) = (await school.store.desk.queue(ada)).rows
    await school.reads(ada, row.id)
    done = {"outcome": "early_help", "reason": "done"}
    row = await school.store.desk.close_case(ada, school.arrival(500), row.id, row.version, **done)
    assert row.due_at is None
    row = await school.store.desk.reopen(ada, school.arrival(500), row.id, row.version, clocks=Clocks(None, None))
    assert row.due_at is not None
    assert row.due_at > school.now + timedelta(hours=1)
    assert replace(row, due_at=None).due == "review"


async def test_who_makes_a_case_more_urgent_looks_at_it_again_sooner(school: Any) -> None:
    ada = await school.join("Ada")
    await school.send((ada,), urgency="soon")
    (row,) = (await school.store.desk.queue(ada)).rows
    row = await DEEDS["reply"](school, ada, row)
    assert row.due_at == school.now + timedelta(days=7)
    row = await deed("set_urgency", urgency="immediate", reason="again today", clocks=school.clocks)(school, ada, row)
    assert (row.due, row.due_at) == ("review", school.now + timedelta(days=1))
