"""Check-ins: told once a week, said once a week and person, counted in lots of five, and linked to nobody."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.database.schema.notices import outbox
from storage.database.schema.together import checkins
from storage.values.errors import NotOffered
from tests.raw_database import count_rows, fetch, read_tables, tamper
from tests.storage.conftest import SITE
from tests.storage.test_goals import begins

ADA, BEA, NUR = 500, 501, 510
WEEK = date(2026, 11, 23)


@pytest.fixture
async def three(school: Any) -> tuple[Any, Any, Any]:
    return (
        await school.join("Ada Byron", chat=ADA),
        await school.join("Bea Potter", "deputy", chat=BEA),
        await school.join("Nurse Okafor", "partner", chat=NUR),
    )


async def notices(school: Any, kind: str) -> Counter[str]:
    named = {card.id: card.name for card in await school.store.leads.roster()}
    found = await fetch(school.url, select(outbox.c.lead_id).where(outbox.c.kind == kind))
    return Counter(named[row[0]] for row in found)


async def say(school: Any, who: Any, how: Any, week: date = WEEK) -> None:
    await school.store.together.checkins.say(who, school.arrival(who.address.chat_id), week, how)


async def test_a_site_is_told_once_a_week_from_its_first_goal_on(school: Any, three: Any) -> None:
    ada, _, _ = three
    await school.join("Olaf", "auditor", chat=520)
    assert not await school.store.together.checkins.tell(SITE, WEEK)
    await begins(school, ada, ada)
    told = await asyncio.gather(*(school.store.together.checkins.tell(SITE, WEEK) for _ in range(3)))
    assert sorted(told) == [False, False, True]
    once = dict.fromkeys(("Ada Byron", "Bea Potter", "Nurse Okafor"), 1)
    assert await notices(school, "checkin") == once
    assert await school.store.together.checkins.tell(SITE, WEEK + timedelta(days=7))
    for weeks in (2, 3):
        assert await school.store.together.checkins.tell(SITE, WEEK + timedelta(days=7 * weeks))
    assert await count_rows(school.url, checkins) == 3, "what is older than two weeks goes"


async def test_need_help_tells_the_other_leads_once_and_names_nobody(school: Any, three: Any) -> None:
    ada, _, nurse = three
    for how in ("on_track", "help", "help"):
        await say(school, ada, how)
    assert await notices(school, "help_wanted") == {"Bea Potter": 1}
    await say(school, nurse, "help")
    assert await notices(school, "help_wanted") == {"Bea Potter": 2, "Ada Byron": 1}
    rows = repr((await read_tables(school.url))["checkins"])
    assert not [one for one in three if one.lead.id in rows]
    assert await school.store.together.checkins.own(ada, WEEK) == "help"
    assert await school.store.together.checkins.own(ada, WEEK + timedelta(days=7)) is None


async def test_totals_are_lots_of_five_and_no_partners(school: Any, three: Any) -> None:
    ada, _, nurse = three
    people = [*three, *[await school.join(f"Lead {number}", "deputy", chat=600 + number) for number in range(3)]]
    for who in people[:4]:
        await say(school, who, "on_track")
    assert await school.store.together.checkins.totals(ada, WEEK) == {"on_track": 0, "help": 0, "not_now": 0}
    for who in people[3:]:
        await say(school, who, "on_track")
    await say(school, people[5], "not_now")
    assert await school.store.together.checkins.totals(ada, WEEK) == {"on_track": 5, "help": 0, "not_now": 0}
    assert await school.store.together.checkins.totals(nurse, WEEK) is None
    with pytest.raises(NotOffered):
        await say(school, ada, "splendid")


async def test_what_is_changed_is_counted_as_no_answer(school: Any, three: Any) -> None:
    ada, bea, _ = three
    await say(school, ada, "help")
    await tamper(school.url, update(checkins).values(answer="on_track"))
    before = school.store.tampered
    assert await school.store.together.checkins.own(ada, WEEK) is None
    assert school.store.tampered > before
    assert not (await school.store.watch.verify()).holds
    assert await school.store.together.checkins.own(bea, WEEK) is None
