"""Who is told of what, when: neutral notices, one for an addressee, up the ladder until somebody acknowledges."""

from __future__ import annotations

from typing import Any

import pytest

from flows.values.deeds import AddAnswer, AddMessage, Answered
from flows.values.draft import Chose
from flows.values.text import Text
from storage.database.schema.notices import outbox
from storage.database.turn import Insert
from storage.deeds.ownership import Acknowledge, Claim
from storage.deeds.status import CloseCase
from storage.deeds.words import SendReply
from storage.values import Address


async def told(school: Any) -> list[tuple[str, frozenset[str], int]]:
    """Take everything that is due."""
    names = {card.id: card.name for card in await school.store.leads.roster()}
    found = []
    while notice := await school.store.outbox.next():
        if kinds := notice.kinds - {"team"}:
            found.append((names.get(notice.lead, "reporter"), kinds, notice.count))
        await school.store.outbox.done(notice)
    return sorted(found, key=str)


@pytest.fixture
async def leads(school: Any) -> list[Any]:
    return [await school.join(name, chat=500 + n) for n, name in enumerate(("Ada", "Bea", "Cleo"))]


async def test_an_immediate_case_pages_the_next_rung_after_five_and_ten_minutes(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    new = frozenset({"new"})
    assert await told(school) == [("Ada", new, 1)]
    school.later(minutes=4)
    assert await told(school) == []
    school.later(minutes=1)
    assert await told(school) == [("Bea", new, 1)]
    school.later(minutes=5)
    assert await told(school) == [("Cleo", new, 1)]


async def test_an_acknowledgement_stops_the_ladder(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    await told(school)
    row = (await school.store.desk.queues.page(leads[0])).rows[0]
    await school.store.desk.act(leads[0], school.arrival(500), row.id, row.version, Acknowledge())
    school.later(hours=30)
    assert await told(school) == []


async def test_the_next_rung_of_a_calmer_case_is_told_when_it_is_overdue(school: Any, leads: list[Any]) -> None:
    await school.send((leads[0],), (leads[1],))
    assert [name for name, *_ in await told(school)] == ["Ada"]
    school.later(minutes=59)
    assert await told(school) == []
    school.later(minutes=1)
    assert [name for name, *_ in await told(school)] == ["Bea"]


async def test_notices_are_neutral_and_one_for_each_addressee(school: Any, leads: list[Any]) -> None:
    for chat, urgency in ((1, "routine"), (2, "immediate"), (3, "soon")):
        sent = await school.send((leads[0],), chat=chat, urgency=urgency)
        await school.say(sent.talk, "zebrafish-canary", chat=chat)
    notice = await school.store.outbox.next()
    assert (notice.count, notice.urgency, notice.kinds) == (3, "immediate", frozenset({"new", "message"}))
    assert notice.address == Address("web", 500)
    assert "canary" not in repr(notice)
    assert await school.store.outbox.next() == notice, "what is not done is given again"
    assert await school.store.outbox.next({notice.addressee}) is None, "somebody is just telling it"


async def test_who_cannot_be_reached_is_passed_over_at_once(school: Any, leads: list[Any]) -> None:
    await school.send(*((lead,) for lead in leads), urgency="immediate")
    first = await school.store.outbox.next()
    await school.store.outbox.mark_undelivered(first, blocked=True)
    second = await school.store.outbox.next()
    assert second.lead == leads[1].lead.id
    await school.store.outbox.mark_undelivered(second, blocked=False)
    third = await school.store.outbox.next()
    assert third.lead == leads[2].lead.id
    await school.store.outbox.mark_undelivered(third, blocked=False)
    assert await school.store.outbox.next() is None


@pytest.mark.parametrize("blocked", [True, False])
async def test_a_message_that_does_not_reach_the_owner_is_told_to_the_next_who_reads_it(
    school: Any, leads: list[Any], *, blocked: bool
) -> None:
    ada, bea, cleo = leads
    sent = await school.send((ada,), (bea,), (cleo,))
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Claim())
    await told(school)
    await school.say(sent.talk, "more")
    for lead in leads:
        notice = await school.store.outbox.next()
        assert (notice.lead, notice.kinds) == (lead.lead.id, frozenset({"message"}))
        await school.store.outbox.mark_undelivered(notice, blocked=blocked)
    assert await school.store.outbox.next() is None, "each once"
    school.later(minutes=1)
    assert [name for name, *_ in await told(school)] == ["Ada", "Bea", "Cleo"], "and each is tried again"
    assert await told(school) == []


async def test_a_message_is_told_to_the_owner_alone(school: Any, leads: list[Any]) -> None:
    sent = await school.send((leads[0], leads[1]))
    row = (await school.store.desk.queues.page(leads[1])).rows[0]
    await school.store.desk.act(leads[1], school.arrival(501), row.id, row.version, Claim())
    await told(school)
    await school.say(sent.talk, "more")
    assert await told(school) == [("Bea", frozenset({"message"}), 1)]


async def test_what_is_said_to_an_owner_who_is_shut_out_is_told_to_those_who_are_there(
    school: Any, leads: list[Any]
) -> None:
    sent = await school.send(*((lead,) for lead in leads))
    row = (await school.store.desk.queues.page(leads[1])).rows[0]
    await school.store.desk.act(leads[1], school.arrival(501), row.id, row.version, Claim())
    await told(school)
    await school.say(sent.talk, "more")
    for lead in leads[:2]:  # the owner, and the first rung
        await school.store.leads.team.disable(lead.lead.id)
    assert await told(school) == [("Cleo", frozenset({"message"}), 1)]
    await school.say(sent.talk, "and more")
    school.later(minutes=6)
    assert await told(school) == [("Cleo", frozenset({"message"}), 1)]
    await school.store.leads.team.disable(leads[2].lead.id)
    await school.say(sent.talk, "is anybody there")
    assert await told(school) == []


async def test_answers_after_sending_tell_nobody_unless_they_raise(school: Any, leads: list[Any]) -> None:
    sent = await school.send((leads[0],))
    await told(school)
    for urgency in (None, "immediate"):
        deed = AddAnswer(Answered("hurt", Text("Is anyone hurt?"), Chose(("yes",)), (Text("Yes"),)), urgency, ("R8",))
        await school.store.talks.add(school.arrival(1), sent.talk, [deed], school.clocks)
        assert await told(school) == ([("Ada", frozenset({"raised"}), 1)] if urgency else [])
    shown = await school.store.talks.view(sent.talk)
    assert shown.answers["hurt"] == Chose(("yes",))
    assert shown.rules == {"R16", "R8"}


async def test_an_answer_that_pages_tells_all_rungs_in_minutes_also_where_the_urgency_stays(
    school: Any, leads: list[Any]
) -> None:
    sent = await school.send(*((lead,) for lead in leads), urgency="same_day")
    await told(school)
    row = (await school.store.desk.queues.page(leads[0])).rows[0]
    row = await school.store.desk.act(leads[0], school.arrival(500), row.id, row.version, Claim())
    school.later(minutes=5)
    last = Answered("s_last", Text("When did it last happen?"), Chose(("week",)), (Text("This week"),))
    heard = await school.store.talks.add(
        school.arrival(1), sent.talk, [AddAnswer(last, None, ("R6",), page=True)], school.clocks
    )
    assert heard.raised is None
    row = (await school.store.desk.queues.page(leads[0])).rows[0]
    assert (row.urgency, row.due, row.due_at) == ("same_day", "acknowledge", school.clocks.acknowledge_by)
    raised = frozenset({"raised"})
    for minutes, name in ((0, "Ada"), (5, "Bea"), (5, "Cleo")):
        school.later(minutes=minutes)
        assert await told(school) == [(name, raised, 1)]
    bea = await school.unlock("Bea", chat=501)
    await school.store.desk.act(bea, school.arrival(501), row.id, row.version, Acknowledge())
    await told(school)
    school.later(hours=30)
    assert await told(school) == []


async def test_words_of_danger_in_an_acknowledged_case_call_everybody_again_and_only_once_at_a_time(
    school: Any, leads: list[Any]
) -> None:
    sent = await school.send(*((lead,) for lead in leads), urgency="immediate")
    await told(school)
    row = (await school.store.desk.queues.page(leads[1])).rows[0]
    await school.store.desk.act(leads[1], school.arrival(501), row.id, row.version, Claim())
    school.later(minutes=4)
    for _ in range(5):
        deed = AddMessage("he is hitting me now", "immediate", ("R1",), page=True)
        await school.store.talks.add(school.arrival(1), sent.talk, [deed], school.clocks)
    first = [name for name, kinds, _ in await told(school) if "raised" in kinds]
    assert sorted(first) == ["Ada", "Bea"], "the first rung, and who has the case"
    school.later(minutes=10)
    assert [name for name, kinds, _ in await told(school) if "raised" in kinds] == ["Cleo"]
    bea = await school.unlock("Bea", chat=501)
    row = (await school.store.desk.queues.page(bea)).rows[0]
    assert row.due == "acknowledge"
    await school.store.desk.act(bea, school.arrival(501), row.id, row.version, Acknowledge())
    await told(school)
    school.later(hours=2)
    assert await told(school) == []


async def test_a_reporter_is_told_only_if_asked_for_and_never_after_it_was_stopped(
    school: Any, leads: list[Any]
) -> None:
    sent = await school.send((leads[0],), chat=7)
    await told(school)
    row = (await school.store.desk.queues.page(leads[0])).rows[0]

    async def reply() -> list[Any]:
        nonlocal row
        row = await school.store.desk.act(leads[0], school.arrival(500), row.id, row.version, SendReply(text="hello"))
        return await told(school)

    assert await reply() == []
    await school.store.talks.notice(school.arrival(7), sent.talk, on=True)
    await school.store.talks.notice(school.arrival(7), sent.talk, on=True)
    assert (await school.store.talks.view(sent.talk)).notice_on
    assert await reply() == [("reporter", frozenset({"reply"}), 1)]
    await school.store.talks.notice(school.arrival(7), sent.talk, on=False)
    assert await reply() == []
    assert not (await school.store.talks.view(sent.talk)).notice_on


async def test_closing_destroys_the_return_address(school: Any, leads: list[Any]) -> None:
    sent = await school.send((leads[0],), chat=7)
    await school.store.talks.notice(school.arrival(7), sent.talk, on=True)
    row = (await school.store.desk.queues.page(leads[0])).rows[0]
    await school.reads(leads[0], row.id)
    await school.store.desk.act(
        leads[0], school.arrival(500), row.id, row.version, CloseCase(outcome="early_help", reason="done")
    )
    assert not (await school.store.talks.view(sent.talk)).notice_on


async def test_a_disabled_lead_is_told_nothing_more(school: Any, leads: list[Any]) -> None:
    await school.send((leads[0],), (leads[1],), urgency="immediate")
    await school.store.leads.team.disable(leads[0].lead.id)
    assert await told(school) == []
    school.later(minutes=5)
    assert [name for name, *_ in await told(school)] == ["Bea"]


async def test_a_lead_is_told_of_five_thousand_immediate_ones_in_a_few_notices_that_count_them(
    school: Any, leads: list[Any]
) -> None:
    talk = (await school.send((leads[0],), urgency="immediate")).talk
    row = {"lead_id": leads[0].lead.id, "return_id": None, "kind": "new", "rank": 0, "rung": 0}
    cases = [talk.found.case, *(f"{number:032x}" for number in range(4_999))]
    counts = []
    for second in range(100):
        now = int(school.now.timestamp())
        some = [Insert(outbox, {**row, "case_id": case, "not_before": now}) for case in cases[second::100]]
        await school.store._core.commit(*some)
        counts += [count for _, _, count in await told(school)]
        school.later(seconds=1)
    school.later(seconds=30)
    counts += [count for _, _, count in await told(school)]
    assert sum(counts) == 5_000, "each once"
    assert 3 < len(counts) <= 3 + 130 / 30 + 1


async def test_something_immediate_pages_within_seconds_from_a_chat_that_floods(school: Any, leads: list[Any]) -> None:
    sent = await school.send((leads[0],))
    for number in range(30):
        await school.say(sent.talk, f"message {number}")
        await told(school)
        school.later(seconds=1)
    await school.say(sent.talk, "he is hurting me now", urgency="immediate")
    school.later(seconds=1)
    [(name, kinds, _)] = await told(school)
    assert (name, "raised" in kinds) == ("Ada", True)
    await school.say(sent.talk, "more")
    assert await told(school) == [], "but for a message more of an immediate case, nobody is paged again at once"
    school.later(minutes=5)
    assert await told(school) == [("Ada", frozenset({"message"}), 1)]


async def test_a_case_that_is_acknowledged_while_a_notice_is_on_its_way_calls_nobody_more(
    school: Any, leads: list[Any]
) -> None:
    for chat, arrives in ((1, True), (2, False)):
        await school.send(*((lead,) for lead in leads), urgency="immediate", chat=chat)
        on_its_way = await school.store.outbox.next()
        row = next(row for row in (await school.store.desk.queues.page(leads[0])).rows if row.due == "acknowledge")
        await school.store.desk.act(leads[0], school.arrival(500), row.id, row.version, Claim())
        if arrives:
            assert await school.store.outbox.done(on_its_way) == frozenset()
        else:
            assert await school.store.outbox.mark_undelivered(on_its_way, blocked=False) == ()
        assert await told(school) == []
    school.later(hours=30)
    assert await told(school) == []


async def test_one_leads_flood_keeps_no_notice_from_another(school: Any, leads: list[Any]) -> None:
    for chat in range(6):
        await school.send((leads[0],), chat=chat)
        await told(school)
    await school.send((leads[0],), (leads[1],))
    school.later(hours=1)
    assert [name for name, *_ in await told(school)] == ["Ada", "Bea"]
    await school.send((leads[1],), chat=9)
    assert [name for name, *_ in await told(school)] == ["Bea"]


async def test_what_does_not_arrive_is_tried_ever_more_seldom_for_a_day_and_then_its_recipients_are_alerted(
    school: Any, leads: list[Any]
) -> None:
    ada, bea, cleo = leads
    sent = await school.send((ada,), (bea,))
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Claim())
    await told(school)
    await school.say(sent.talk, "more")
    begun, tried, given_up = school.now, 0, ()
    while not given_up:
        notice = await school.store.outbox.next()
        if notice is None:
            school.later(minutes=5)
            continue
        assert notice.kinds == frozenset({"message"})
        if notice.lead == bea.lead.id:  # who is told in Ada's place, once
            await school.store.outbox.done(notice)
            continue
        assert notice.lead == ada.lead.id
        given_up = await school.store.outbox.mark_undelivered(notice, blocked=False)
        tried += 1
    assert given_up == ({ada.lead.id, bea.lead.id},)
    assert cleo.lead.id not in given_up[0]
    assert 24 <= (school.now - begun).total_seconds() / 3600 <= 25
    assert 20 < tried < 60
    assert await school.store.outbox.next() is None


async def test_a_reporter_who_has_blocked_hears_no_more_and_the_owner_is_told(school: Any, leads: list[Any]) -> None:
    ada, bea, _ = leads
    sent = await school.send((ada,), (bea,))
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    view = await school.store.desk.open_case(
        ada, school.arrival(500), (await school.store.desk.queues.page(ada)).rows[0].id
    )
    assert not view.unheard
    await school.store.desk.act(
        ada, school.arrival(500), view.row.id, view.row.version, SendReply(text="I have read this.")
    )
    await told_but_the_reporter(school)
    assert await told(school) == [("Ada", frozenset({"unheard"}), 1)]
    assert (await school.store.desk.open_case(ada, school.arrival(500), view.row.id)).unheard


async def told_but_the_reporter(school: Any) -> None:
    waiting = []
    while notice := await school.store.outbox.next(waiting):
        waiting.append(notice.addressee)
        if notice.lead is None:
            assert await school.store.outbox.mark_undelivered(notice, blocked=True) == ()
            return
        await school.store.outbox.done(notice)


@pytest.mark.parametrize("kind", ["sign_in", "golive", "team", "heartbeat", "alert"])
async def test_a_notice_without_a_case_that_is_given_up_alerts_everybody_but_an_alert_or_a_sign_in_makes_no_other(
    school: Any, leads: list[Any], kind: str
) -> None:
    await told(school)
    now = int(school.now.timestamp())
    row = {"lead_id": leads[0].lead.id, "return_id": None, "case_id": None, "kind": kind, "rank": 3, "rung": 0}
    await school.store._core.commit(Insert(outbox, {**row, "not_before": now}))
    assert await school.store.outbox.mark_undelivered(await school.store.outbox.next(), blocked=True) == ()
    school.later(hours=24)
    given_up = await school.store.outbox.mark_undelivered(await school.store.outbox.next(), blocked=True)
    assert given_up == (() if kind in {"alert", "sign_in"} else (None,))
    assert await school.store.outbox.next() is None
