"""Offers of a handover end with what they were about, and a case that was offered can be offered again."""

from __future__ import annotations

from typing import Any

import pytest

from storage.deeds.ownership import Assign, Claim
from storage.deeds.status import CloseCase, SetStatus


async def test_one_case_can_be_chosen_and_one_that_is_kept_from_the_other_is_only_counted(school: Any) -> None:
    ada, bea = [await school.join(name, chat=500 + n) for n, name in enumerate(("Ada", "Bea"))]
    desk, arrival = school.store.desk, school.arrival
    for number, rungs in enumerate((((ada,), (bea,)), ((ada,), (bea,)), ((ada,),))):
        await school.send(*rungs, chat=number + 1)
    for row in (await desk.queues.page(ada)).rows:
        await desk.act(ada, arrival(500), row.id, row.version, Claim())
    passed, stay = await desk.handing.passable(ada, bea.lead.id)
    assert (len(passed), stay) == (2, 1)
    chosen, other = passed
    kept = {row.reference for row in (await desk.queues.page(ada)).rows} - set(passed)
    assert await desk.handing.offer(ada, arrival(500), bea.lead.id, kept.pop()) == 0
    assert await desk.handing.offer(ada, arrival(500), bea.lead.id, chosen) == 1
    assert [one.cases for one in await desk.handing.offered(bea)] == [(passed[chosen],)]
    assert set((await desk.handing.passable(ada, bea.lead.id))[0]) == {other}


@pytest.mark.parametrize("deed", ["claim", "assign", "close_case", "transferred"])
async def test_an_offer_ends_once_the_case_is_somebody_elses_or_closed(school: Any, deed: str) -> None:
    ada, bea, cleo = [await school.join(name, chat=500 + n) for n, name in enumerate(("Ada", "Bea", "Cleo"))]
    await school.send((ada,), (bea,), (cleo,))
    desk, arrival = school.store.desk, school.arrival
    (row,) = (await desk.queues.page(ada)).rows
    await school.reads(ada, row.id)
    row = await desk.act(ada, arrival(500), row.id, row.version, Claim())
    assert await desk.handing.offer(ada, arrival(500), bea.lead.id) == 1
    assert [one.giver for one in await desk.handing.offered(bea)] == [ada.lead.id]
    (row,) = (await desk.queues.page(cleo)).rows
    if deed == "claim":
        await desk.act(cleo, arrival(502), row.id, row.version, Claim())
    elif deed == "assign":
        await desk.act(ada, arrival(500), row.id, row.version, Assign(to=cleo.lead.id))
    elif deed == "close_case":
        await desk.act(ada, arrival(500), row.id, row.version, CloseCase(outcome="early_help", reason="done"))
    else:
        await desk.act(ada, arrival(500), row.id, row.version, SetStatus(status="transferred"))
    assert await desk.handing.offered(bea) == ()
    assert await desk.handing.waiting(ada) == 0
    assert await desk.handing.answer(bea, arrival(501), ada.lead.id, accepted=True) == 0
    if deed in {"claim", "assign"}:
        assert await desk.handing.offer(cleo, arrival(502), bea.lead.id) == 1
        assert await desk.handing.answer(bea, arrival(501), cleo.lead.id, accepted=True) == 1
