"""An unacknowledged case climbs its rungs, again and again, until a human acknowledges; a hold stops it for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from flows.duty.rota import Rota
from flows.values.deeds import AddAnswer, Answered
from flows.values.draft import Chose
from flows.values.text import Text
from storage.database.schema.cases import cases
from storage.database.schema.notices import outbox
from storage.database.schema.sites import rota
from storage.deeds.ownership import Acknowledge, Claim
from storage.deeds.status import CloseCase
from storage.deeds.triage import SetUrgency
from storage.values import Clocks
from storage.values.errors import Tampered
from tests.raw_database import fetch, tamper


@pytest.fixture
async def leads(school: Any) -> list[Any]:
    found = [await school.join(name, chat=500 + n) for n, name in enumerate(("Ada", "Bea", "Cleo"))]
    await told(school)
    return found


async def told(school: Any) -> list[str]:
    """Everybody who is told now, by name."""
    names = {card.id: card.name for card in await school.store.leads.roster()}
    found = []
    while notice := await school.store.outbox.next():
        if notice.kinds & {"new", "raised"}:
            found.append(names[notice.lead])
        in_vain = await school.store.outbox.done(notice)
        if in_vain:
            await school.store.alerts.note("ladder_end", only=in_vain)
    return sorted(found)


async def over(school: Any, minutes: int, step: int = 1) -> list[tuple[int, str]]:
    """Who is told within so many minutes, and after how many."""
    found = [(0, name) for name in await told(school)]
    for minute in range(step, minutes + 1, step):
        school.later(minutes=step)
        found += [(minute, name) for name in await told(school)]
    return found


async def test_an_immediate_case_goes_round_until_somebody_acknowledges(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    assert await over(school, 30) == [
        (0, "Ada"),
        (5, "Bea"),
        (10, "Cleo"),
        (15, "Ada"),
        (20, "Bea"),
        (25, "Cleo"),
        (30, "Ada"),
    ]
    ada = await school.unlock("Ada")
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Acknowledge())
    assert await over(school, 60, 5) == []


async def test_a_calmer_case_climbs_once_it_is_overdue_and_then_goes_round(school: Any, leads: list[Any]) -> None:
    await school.send((leads[0],), (leads[1],), urgency="same_day")
    due = (school.clocks.acknowledge_by - school.now).total_seconds() // 60
    found = await over(school, 300, 5)
    assert found[0] == (0, "Ada")
    assert all(minute >= due for minute, _ in found[1:])
    assert {name for _, name in found[1:]} == {"Ada", "Bea"}
    assert len(found) > 4


@pytest.mark.parametrize("answers", [False, True])
async def test_a_closed_case_that_is_written_to_climbs_until_somebody_acknowledges(
    school: Any, leads: list[Any], *, answers: bool
) -> None:
    sent = await school.send((leads[0],), (leads[1],), urgency="same_day")
    view = await school.reads(leads[0], sent.talk.found.case)
    await school.store.desk.act(
        leads[0], school.arrival(500), view.row.id, view.row.version, CloseCase(outcome="early_help", reason="done")
    )
    await told(school)
    if answers:
        where = Answered("C12", Text("Where did it happen?"), Chose(("home",)), (Text("At home"),))
        await school.store.talks.add(school.arrival(1), sent.talk, [AddAnswer(where, None, (), ())], school.clocks)
    else:
        await school.say(sent.talk, "It happened again.")
    assert {name for _, name in await over(school, 300, 5)} == {"Ada", "Bea"}


async def test_it_goes_on_after_a_restart(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    assert [name for _, name in await over(school, 5)] == ["Ada", "Bea"]
    await school.store.close()
    await school.open()
    assert await over(school, 10) == [(5, "Cleo"), (10, "Ada")]


async def test_everybody_told_in_vain_is_an_alert_for_the_recipients_alone_until_it_is_over(
    school: Any, leads: list[Any]
) -> None:
    ada, bea, cleo = leads
    await school.send((ada,), (bea,), urgency="immediate")
    await over(school, 10)
    assert await school.store.alerts.standing(ada.lead.id) == ()
    await over(school, 10)
    for lead in (ada, bea):
        assert [one.kind for one in await school.store.alerts.standing(lead.lead.id)] == ["ladder_end"]
    assert await school.store.alerts.standing(cleo.lead.id) == await school.store.alerts.standing() == ()
    ada = await school.unlock("Ada")
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Claim())
    await school.store.alerts.clear_ladders()
    assert await school.store.alerts.standing(ada.lead.id) == ()


async def test_who_says_that_she_opens_it_holds_the_others_for_ten_minutes_once(school: Any, leads: list[Any]) -> None:
    ada = leads[0]
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    assert await told(school) == ["Ada"]
    due = (await school.store.desk.queues.page(ada)).rows[0].due_at
    school.later(minutes=1)
    assert await school.store.notice_times.hold(school.arrival(500), ada.lead.id) == "held"
    assert await over(school, 9) == []
    assert await school.store.notice_times.hold(school.arrival(500), ada.lead.id) == "already"
    assert (1, "Bea") in await over(school, 1)
    ada = await school.unlock("Ada")
    assert (await school.store.desk.queues.page(ada)).rows[0].due_at == due


async def test_a_hold_with_nothing_to_hold_holds_nothing(school: Any, leads: list[Any]) -> None:
    await school.send((leads[1],), urgency="immediate")
    await told(school)
    assert await school.store.notice_times.hold(school.arrival(500), leads[0].lead.id) == "nothing"
    assert await over(school, 15) == [(15, "Bea")]


async def test_who_cannot_be_reached_is_passed_over_at_once_and_tried_again(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    first = await school.store.outbox.next()
    assert not await school.store.outbox.mark_undelivered(first, blocked=True)
    assert await told(school) == ["Bea"]
    assert await over(school, 15) == [(10, "Cleo"), (15, "Ada"), (15, "Bea")]


async def test_a_messenger_that_is_away_for_minutes_puts_off_no_case_for_a_day(school: Any, leads: list[Any]) -> None:
    await school.send((leads[0],), (leads[1],), urgency="soon")
    for _ in range(20):
        while notice := await school.store.outbox.next():
            await school.store.outbox.mark_undelivered(notice, blocked=False)
        school.later(seconds=30)
    assert [name for _, name in await over(school, 5)] == ["Ada", "Bea"]
    assert await over(school, 60) == []
    assert await school.store.alerts.standing(leads[0].lead.id) == (), "nobody was told in vain"


async def test_two_who_cannot_be_reached_do_not_call_each_other_for_ever(school: Any, leads: list[Any]) -> None:
    await school.send((leads[0],), (leads[1],), urgency="immediate")
    tries = 0
    while (notice := await school.store.outbox.next()) and tries < 10:
        await school.store.outbox.mark_undelivered(notice, blocked=False)
        tries += 1
    assert tries == 2


async def test_a_case_whose_rungs_were_taken_away_climbs_anew_until_somebody_acknowledges(
    school: Any, leads: list[Any]
) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    assert await school.store.recheck.look() == 0
    await tamper(school.url, delete(outbox))
    assert await told(school) == []
    await school.store.leads.team.disable(leads[0].lead.id)
    assert await school.store.recheck.look() == 1
    assert await school.store.recheck.look() == 0
    assert await over(school, 10) == [(0, "Bea"), (5, "Cleo")]
    bea = await school.unlock("Bea")
    row = (await school.store.desk.queues.page(bea)).rows[0]
    await school.store.desk.act(bea, school.arrival(501), row.id, row.version, Acknowledge())
    assert await school.store.recheck.look() == 0
    assert await over(school, 60) == []


async def test_rungs_that_were_put_off_beyond_reason_are_no_ladder_and_an_overdue_case_keeps_its_own(
    school: Any, leads: list[Any]
) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    await school.send(*((lead,) for lead in leads), urgency="soon", chat=2)
    await told(school)
    assert await school.store.recheck.look() == 0
    put_off = update(outbox).where(outbox.c.rank == 0).values(rank=1, told=1, not_before=99_999_999_999)
    await tamper(school.url, put_off)
    assert await school.store.recheck.look() == 1
    assert await over(school, 10) == [(0, "Ada"), (5, "Bea"), (10, "Cleo")]
    school.later(days=20)
    assert await school.store.recheck.look() == 0


async def test_who_is_on_duty_is_told_first_of_a_case_that_is_put_back(school: Any, leads: list[Any]) -> None:
    ada, cleo = leads[0], leads[2]
    plan = Rota("Europe/London", (frozenset({cleo.lead.id}),) * 7)
    await school.store.rota.put(ada, school.arrival(500), ada.lead.site, plan)
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    await tamper(school.url, delete(outbox))
    assert await school.store.recheck.look() == 1
    assert await told(school) == ["Cleo"]


async def test_rows_that_somebody_made_up_keep_nobody_from_being_told(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    [(case,)] = await fetch(school.url, select(cases.c.id))
    made_up = insert(outbox).values(rung=0, not_before=1)
    for kind, rank in (("new", 99), ("new", -7), ("junk", 0)):
        for lead, about in ((leads[0], case), (leads[2], "nobody")):
            row = made_up.values(lead_id=lead.lead.id, case_id=about, kind=kind, rank=rank)
            await tamper(school.url, row)
    assert "Ada" in await told(school)
    assert (5, "Bea") in await over(school, 10)


async def test_a_clock_that_jumps_ahead_tells_everybody_once(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    school.later(days=400)
    assert await told(school) == ["Ada", "Bea", "Cleo"]
    assert await told(school) == []


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    await told(school)
    school.later(days=-1)
    assert await told(school) == []
    assert await school.store.notice_times.correct() == 3
    assert await told(school) == ["Ada", "Bea", "Cleo"]
    assert await school.store.notice_times.correct() == 0


async def test_what_a_fast_clock_stamped_is_told_once_the_clock_is_right(school: Any, leads: list[Any]) -> None:
    school.later(hours=5)
    sent = await school.send(*((lead,) for lead in leads), urgency="soon")
    await told(school)
    ada = await school.unlock("Ada")
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Claim())
    while notice := await school.store.outbox.next():
        await school.store.outbox.done(notice)
    await school.say(sent.talk, "more")
    await school.send(*((lead,) for lead in leads), urgency="soon", chat=2)
    school.later(hours=-5)
    assert await school.store.outbox.next() is None
    assert await school.store.notice_times.correct() == 2
    notice = await school.store.outbox.next()
    assert notice.kinds == {"message", "new"}


async def test_a_case_that_has_risen_goes_round_as_fast_as_one_that_was_sent_so(school: Any, leads: list[Any]) -> None:
    sent = await school.send(*((lead,) for lead in leads), urgency="soon")
    assert await told(school) == ["Ada"]
    for urgency in ("same_day", "immediate"):
        school.later(minutes=2)
        await school.say(sent.talk, "more", urgency)
        assert await told(school) == ["Ada"]
    assert await over(school, 120) == [
        (minute, ("Ada", "Bea", "Cleo")[minute // 5 % 3]) for minute in range(5, 121, 5)
    ], "each rung once in a round, long after what was sent is overdue too"


@pytest.mark.parametrize(
    ("sent", "given", "told_then"),
    [
        ("routine", "immediate", [(0, "Ada"), (5, "Bea"), (10, "Cleo"), (15, "Ada"), (20, "Bea")]),
        ("immediate", "routine", [(14, "Ada")]),
    ],
)
async def test_the_ladder_goes_by_the_urgency_that_a_lead_gave_while_nobody_has_acknowledged(
    school: Any, leads: list[Any], sent: Any, given: Any, told_then: list[tuple[int, str]]
) -> None:
    await school.send(*((lead,) for lead in leads), urgency=sent)
    assert await told(school) == ["Ada"]
    ada = await school.unlock("Ada")
    row = (await school.store.desk.queues.page(ada)).rows[0]
    minutes = {"immediate": 15, "routine": 24 * 60}
    clocks = Clocks(school.now + timedelta(minutes=minutes[given]), school.now + timedelta(days=5))
    await school.store.desk.act(
        ada, school.arrival(500), row.id, row.version, SetUrgency(urgency=given, clocks=clocks, reason="as I see it")
    )
    assert await over(school, 20) == told_then
    rest = [name for _, name in await over(school, 26 * 60, 30)]
    assert set(rest) == {"Ada", "Bea", "Cleo"}, "the clock ran on"


async def test_a_clock_that_was_ahead_leaves_no_lead_untold(school: Any, leads: list[Any]) -> None:
    school.later(days=300)
    for chat in range(4):
        await school.send((leads[0],), urgency="immediate", chat=chat)
        await told(school)
    school.later(days=-300)
    await school.send((leads[0],), urgency="immediate", chat=9)
    assert await told(school) == []
    school.later(seconds=30)
    assert await told(school) == ["Ada"]


async def test_who_is_on_duty_is_told_first_and_nobody_is_added(school: Any, leads: list[Any]) -> None:
    ada, bea, cleo = leads
    today = frozenset({bea.lead.id})
    plan = Rota("Europe/London", (today, *(frozenset() for _ in range(6))))
    await school.store.rota.put(ada, school.arrival(500), ada.lead.site, plan)
    assert await school.store.rota.read(ada.lead.site) == plan
    assert await school.store.rota.on_duty(ada.lead.site, school.now) == today
    await school.send((ada,), (bea,), (cleo,), urgency="immediate")
    assert [name for _, name in await over(school, 14)] == ["Bea", "Ada", "Cleo"]
    await school.send((ada,), (cleo,), urgency="immediate", chat=2)
    assert "Ada" in await told(school)
    bea = await school.unlock("Bea", chat=501)
    assert (await school.store.desk.queues.page(bea)).total == 1


async def test_a_forged_rota_is_told_and_keeps_no_concern_from_being_sent(school: Any, leads: list[Any]) -> None:
    ada, bea, _ = leads
    today = frozenset({bea.lead.id})
    await school.store.rota.put(ada, school.arrival(500), ada.lead.site, Rota("Europe/London", (today,) * 7))
    await tamper(school.url, update(rota).values(plan=func.replace(rota.c.plan, bea.lead.id, ada.lead.id)))
    with pytest.raises(Tampered):
        await school.store.rota.on_duty(ada.lead.site, school.now)
    sent = await school.send((ada,), (bea,), urgency="soon")
    assert await told(school) == ["Ada"]
    await school.say(sent.talk, "he is hurting me now", "immediate")
    assert "Ada" in await told(school)
