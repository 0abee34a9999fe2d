"""What is wrong with Hark itself is kept until it is over, and told once an hour to those who answer for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage.values import Notice


async def told(school: Any) -> list[Notice]:
    found = []
    while notice := await school.store.outbox.next():
        found.append(notice)
        await school.store.outbox.done(notice)
    return found


@pytest.fixture
async def ada(school: Any) -> Any:
    return await school.join("Ada")


@pytest.mark.usefixtures("ada")
async def test_an_alert_stands_until_it_is_cleared(school: Any) -> None:
    await school.store.alerts.note("disk")
    school.later(minutes=5)
    await school.store.alerts.note("disk")
    (alert,) = await school.store.alerts.standing()
    assert (alert.kind, alert.times, (alert.last_at - alert.first_at).total_seconds()) == ("disk", 2, 300)
    await school.store.alerts.clear("disk")
    await school.store.alerts.clear("disk")
    assert await school.store.alerts.standing() == ()


@pytest.mark.usefixtures("ada")
async def test_it_is_told_once_an_hour_without_urgency_or_case(school: Any) -> None:
    for _ in range(3):
        await school.store.alerts.note("silence")
        school.later(minutes=10)
    (notice,) = await told(school)
    assert (notice.kinds, notice.urgency, notice.count) == (frozenset({"alert"}), None, 0)
    school.later(minutes=31)
    await school.store.alerts.note("silence")
    assert len(await told(school)) == 1


async def test_those_who_only_audit_or_chair_are_not_told(school: Any, ada: Any) -> None:
    await school.join("Olga", role="auditor", chat=501)
    await school.join("Carl", role="chair", chat=502)
    await told(school)  # of the others' signing in
    await school.store.alerts.note("database")
    assert [notice.lead for notice in await told(school)] == [ada.lead.id]


async def test_what_has_to_do_with_a_case_is_for_its_recipients_alone(school: Any, ada: Any) -> None:
    bea = await school.join("Bea", chat=501)
    await told(school)
    await school.store.alerts.note("ladder_end", only=[ada.lead.id])
    assert [notice.lead for notice in await told(school)] == [ada.lead.id]
    assert [alert.kind for alert in await school.store.alerts.standing(ada.lead.id)] == ["ladder_end"]
    assert await school.store.alerts.standing(bea.lead.id) == await school.store.alerts.standing() == ()


async def test_that_it_is_over_for_everybody_takes_nothing_from_the_recipients_of_a_case(school: Any, ada: Any) -> None:
    await school.store.alerts.note("undelivered")
    await school.store.alerts.note("undelivered", only=[ada.lead.id])
    await school.store.alerts.clear("undelivered")
    assert await school.store.alerts.standing() == ()
    assert [alert.kind for alert in await school.store.alerts.standing(ada.lead.id)] == ["undelivered"]


@pytest.mark.usefixtures("ada")
async def test_noted_many_times_at_once_it_is_told_once(school: Any) -> None:
    await asyncio.gather(*(school.store.alerts.note("quarantined") for _ in range(3)))
    (alert,) = await school.store.alerts.standing()
    assert alert.times == 3
    assert len(await told(school)) == 1
