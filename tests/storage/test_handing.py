"""Offers of a handover end with what they were about, and a case that was offered can be offered again."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("deed", ["claim", "assign", "close_case", "transferred"])
async def test_an_offer_ends_once_the_case_is_somebody_elses_or_closed(school: Any, deed: str) -> None:
    ada, bea, cleo = [await school.join(name, chat=500 + n) for n, name in enumerate(("Ada", "Bea", "Cleo"))]
    await school.send((ada,), (bea,), (cleo,))
    desk, arrival = school.store.desk, school.arrival
    (row,) = (await desk.queue(ada)).rows
    await desk.open_case(ada, arrival(500), row.id)
    row = await desk.claim(ada, arrival(500), row.id, row.version)
    assert await desk.handing.offer(ada, arrival(500), bea.lead.id) == 1
    assert [one.giver for one in await desk.handing.offered(bea)] == [ada.lead.id]
    (row,) = (await desk.queue(cleo)).rows
    if deed == "claim":
        await desk.claim(cleo, arrival(502), row.id, row.version)
    elif deed == "assign":
        await desk.assign(ada, arrival(500), row.id, row.version, to=cleo.lead.id)
    elif deed == "close_case":
        await desk.close_case(ada, arrival(500), row.id, row.version, outcome="early_help", reason="done")
    else:
        await desk.set_status(ada, arrival(500), row.id, row.version, status="transferred")
    assert await desk.handing.offered(bea) == ()
    assert await desk.handing.waiting(ada) == 0
    assert await desk.handing.answer(bea, arrival(501), ada.lead.id, accepted=True) == 0
    if deed in {"claim", "assign"}:
        assert await desk.handing.offer(cleo, arrival(502), bea.lead.id) == 1
        assert await desk.handing.answer(bea, arrival(501), cleo.lead.id, accepted=True) == 1
