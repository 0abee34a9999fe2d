"""What leads do to cases, and what they are told when somebody else was faster."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from flows.values.deeds import AddAnswer, Answered
from flows.values.draft import Chose
from flows.values.text import Text
from storage.database import instrumentation
from storage.database.schema.cases import headers
from storage.deeds.ownership import Claim
from storage.deeds.status import CloseCase, ReopenCase, SetStatus
from storage.deeds.triage import SetLabel, SetUrgency
from storage.deeds.words import AddNote, SendReply
from storage.desk.queue import header_refresh
from storage.sealing.keys.pin_lock import Curtain
from storage.values import Clocks
from storage.values.errors import NotOffered, SessionOver, Stale


@pytest.fixture
async def two(school: Any) -> tuple[Any, Any]:
    return await school.join("Ada Byron", chat=500), await school.join("Bea Potter", "deputy", chat=501)


async def headers_of(school: Any) -> list[Any]:
    async with school.store._core.read() as connection:
        return list((await connection.execute(select(headers))).all())


async def first_row(school: Any, session: Any, which: str = "open") -> Any:
    return (await school.store.desk.queues.page(session, which)).rows[0]


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(school: Any, two: Any) -> None:
    await school.send(two)
    row = await first_row(school, two[0])
    both = (
        school.store.desk.act(one, school.arrival(chat), row.id, row.version, Claim())
        for one, chat in zip(two, (500, 501), strict=True)
    )
    won, lost = sorted(await asyncio.gather(*both, return_exceptions=True), key=lambda one: isinstance(one, Stale))
    assert isinstance(lost, Stale)
    assert [(change.what, change.by) for change in lost.changes] == [("claim", won.owner)]


async def test_a_stale_action_changes_nothing(school: Any, two: Any) -> None:
    await school.send(two)
    row = await first_row(school, two[0])
    await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, AddNote(text="first"))
    for deed in (SendReply(text="x"), SetStatus(status="action"), SetLabel(label="x")):
        with pytest.raises(Stale):
            await school.store.desk.act(two[1], school.arrival(501), row.id, row.version, deed)
    view = await school.reads(two[1], row.id)
    assert [entry.kind for entry in view.entries] == ["concern", "note"]


async def test_a_session_that_ends_in_mid_command_leaves_that_deed_whole_and_the_next_one_undone(
    school: Any, two: Any
) -> None:
    await school.send(two)
    row = await first_row(school, two[0])
    ending: list[asyncio.Task[None]] = []

    def shut_out(point: instrumentation.Point) -> None:
        if point == "deed.sealed":
            ending.append(asyncio.create_task(school.store.leads.team.disable(two[0].lead.id)))

    instrumentation.arm(shut_out)
    try:
        row = await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, SendReply(text="whole"))
    finally:
        instrumentation.arm(None)
    await asyncio.gather(*ending)
    with pytest.raises(SessionOver):
        await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, AddNote(text="undone"))
    view = await school.reads(two[1], row.id)
    assert [entry.text for entry in view.entries[1:]] == ["whole"]
    assert (await school.store.watch.verify()).forged == 0


async def test_what_a_reporter_says_makes_no_action_stale(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    await school.say(sent.talk, "one thing more")
    row = await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, Claim())
    assert row.owner == two[0].lead


async def test_a_rise_makes_an_action_stale_and_starts_the_clock_again(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    row = await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, Claim())
    assert row.due == "act"
    school.later(minutes=5)
    heard = await school.say(sent.talk, "he is here now", urgency="immediate")
    assert heard.raised == "immediate"
    with pytest.raises(Stale) as stale:
        await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, SetUrgency(urgency="routine"))
    assert [(change.what, change.by) for change in stale.value.changes] == [("raised", None)]
    row = await first_row(school, two[0])
    assert (row.urgency, row.due) == ("immediate", "acknowledge")
    view = await school.reads(two[0], row.id)
    assert view.entries[-1].rules == ("R17",)


async def test_a_machine_never_lowers(school: Any, two: Any) -> None:
    sent = await school.send(two, urgency="immediate")
    assert (await school.say(sent.talk, "it was a joke", urgency="routine")).raised is None
    assert (await first_row(school, two[0])).urgency == "immediate"


async def test_a_lead_may_lower_and_the_clock_follows(school: Any, two: Any) -> None:
    await school.send(two, urgency="immediate")
    row = await first_row(school, two[0])
    clocks = Clocks(school.now + timedelta(days=1), school.now + timedelta(days=2))
    row = await school.store.desk.act(
        two[0],
        school.arrival(500),
        row.id,
        row.version,
        SetUrgency(urgency="soon", clocks=clocks, reason="spoke to her"),
    )
    assert (row.urgency, row.due_at) == ("soon", clocks.acknowledge_by)
    view = await school.reads(two[1], row.id)
    assert view.entries[-1].action.detail == {"from": "immediate", "to": "soon", "reason": "spoke to her"}


async def test_statuses_move_and_only_their_own_deeds_close_and_reopen(school: Any, two: Any) -> None:
    sent = await school.send(two)
    desk, ada = school.store.desk, two[0]
    row = await first_row(school, ada)
    for status in ("closed", "reopened", "new"):
        with pytest.raises(NotOffered):
            await desk.act(ada, school.arrival(500), row.id, row.version, SetStatus(status=status))
    row = await desk.act(ada, school.arrival(500), row.id, row.version, SetStatus(status="assessing"))
    assert (row.status, row.due) == ("assessing", "act")
    row = await desk.act(ada, school.arrival(500), row.id, row.version, SetStatus(status="referred"))
    assert row.due == "review"
    with pytest.raises(NotOffered):
        await desk.act(ada, school.arrival(500), row.id, row.version, ReopenCase())
    await school.reads(ada, row.id)
    with pytest.raises(NotOffered):
        await desk.act(ada, school.arrival(500), row.id, row.version, CloseCase(outcome="police", reason=" "))
    row = await desk.act(ada, school.arrival(500), row.id, row.version, CloseCase(outcome="police", reason="done"))
    with pytest.raises(NotOffered):
        await desk.act(ada, school.arrival(500), row.id, row.version, SetStatus(status="action"))
    assert (await school.store.talks.view(sent.talk)).status == "closed"
    row = await desk.act(ada, school.arrival(500), row.id, row.version, ReopenCase(clocks=school.clocks))
    assert (row.status, row.due) == ("reopened", "act")


@pytest.mark.parametrize("status", ["merged", "transferred"])
async def test_no_case_is_over_while_words_are_unread(school: Any, two: Any, status: str) -> None:
    sent = await school.send(two)
    desk, ada = school.store.desk, two[0]
    row = await first_row(school, ada)
    await school.reads(ada, row.id)
    await school.say(sent.talk, "one thing more")
    with pytest.raises(Stale):
        await desk.act(ada, school.arrival(500), row.id, row.version, SetStatus(status=status, note="same"))
    await school.reads(ada, row.id)
    row = await desk.act(ada, school.arrival(500), row.id, row.version, SetStatus(status=status, note="same"))
    assert row.status == status


async def test_a_message_to_a_closed_case_reopens_it(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    await school.reads(two[0], row.id)
    await school.store.desk.act(
        two[0], school.arrival(500), row.id, row.version, CloseCase(outcome="duplicate", reason="same")
    )
    await school.say(sent.talk, "it happened again")
    row = await first_row(school, two[0], "unread")
    assert (row.status, row.due) == ("reopened", "acknowledge")


async def test_what_is_told_after_sending_stands_in_the_queue_also_before_somebody_opens_the_case(
    school: Any, two: Any
) -> None:
    sent = await school.send(two, urgency="same_day")
    contact = Answered("C20", Text("How can we talk to you safely?"), Chose(("no",)), (Text("Please don't"),))
    about = Answered("C10", Text("What is it about?"), Chose(("bullying.online",)), (Text("Mean online"),))
    for deed in (AddAnswer(about, None, ("R0",), ("bullying.online",)), AddAnswer(contact, None, (), ())):
        await school.store.talks.add(school.arrival(1), sent.talk, [deed], school.clocks)
    sealed = await headers_of(school)
    row = await first_row(school, two[0])
    assert row.unread
    assert await headers_of(school) == sealed, "whoever looks at a queue has read nothing"
    view = await school.reads(two[0], row.id)
    assert await headers_of(school) != sealed
    seen = await first_row(school, two[0])
    assert not seen.unread
    assert row.glance == view.row.glance == seen.glance
    assert seen.glance.categories == ("bullying.online",)
    assert seen.glance.rules == ("R16", "R0")
    assert dict(seen.glance.chosen) == {"safe": ("yes",), "C10": ("bullying.online",), "C20": ("no",)}
    assert seen.version == row.version
    written = await headers_of(school)
    await school.reads(two[1], row.id)
    assert await headers_of(school) == written, "nothing is written where nothing is new"
    await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, Claim())
    assert (await first_row(school, two[1])).glance == seen.glance
    for number in range(80):
        await school.say(sent.talk, f"more, {number}")
    assert (await first_row(school, two[1])).glance == seen.glance
    assert (await school.store.watch.verify()).forged == 0


@pytest.mark.parametrize("lifted", [False, True])
@pytest.mark.parametrize("reads", ["queue", "figures"])
async def test_a_curtain_that_is_drawn_while_unread_words_are_read_ends_it_and_nothing_of_them_is_held(
    school: Any, two: Any, monkeypatch: pytest.MonkeyPatch, reads: str, *, lifted: bool
) -> None:
    sent = await school.send(two)
    about = Answered("C10", Text("What is it about?"), Chose(("bullying.online",)), (Text("Mean online"),))
    await school.store.talks.add(school.arrival(1), sent.talk, [AddAnswer(about, None, (), ())], school.clocks)
    ada, real = two[0], header_refresh.all_rows
    curtain, again = Curtain(ada.seed_copy(), "4071"), Curtain(ada.seed_copy(), "4071")

    async def drawn(*given: Any) -> list[dict[str, Any]]:
        rows = await real(*given)
        ada.draw()
        if lifted:
            ada.lift(curtain.lift("4071"), again, school.now)
        return rows

    monkeypatch.setattr(header_refresh, "all_rows", drawn)
    desk = school.store.desk
    with pytest.raises(SessionOver):
        await (desk.queues.page(ada) if reads == "queue" else desk.case_figures(ada, ada.lead.site))
    assert len(ada.learnt) == 0


async def test_labels_notes_and_the_rest_of_the_desk_stay_from_the_reporter(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    row = await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, SetLabel(label="year 9  bus"))
    assert row.glance.label == "year 9 bus"
    row = await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, AddNote(text="private"))
    row = await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, SendReply(ready="tomorrow"))
    shown = await school.store.talks.view(sent.talk)
    assert [(reply.text, reply.ready) for reply in shown.replies] == [("", "tomorrow")]
    assert "private" not in repr(shown)
    assert all(keys.desk is None for keys in sent.talk.found.keys.values())
    talk = await school.store.talks.open(school.arrival(9), sent.words)
    assert all(keys.desk is None for keys in talk.found.keys.values())


async def test_who_reads_and_copies_is_seen_by_the_others(school: Any, two: Any) -> None:
    await school.send(two)
    row = await first_row(school, two[0])
    await school.reads(two[0], row.id)
    assert await school.store.desk.others(two[1], row.id) == ()
    await school.store.desk.copy_case(two[1], school.arrival(501), row.id)
    assert await school.store.desk.others(two[1], row.id) == (two[0].lead,)
    view = await school.reads(two[0], row.id)
    assert [(read.lead.name, read.what) for read in view.reads] == [("Ada Byron", "read"), ("Bea Potter", "copy")]
    school.later(minutes=6)
    assert await school.store.desk.others(two[0], row.id) == ()


async def test_words_are_read_once_they_were_shown_and_the_reporter_is_told_no_sooner(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    view = await school.store.desk.open_case(two[0], school.arrival(500), row.id)
    row = await school.store.desk.act(two[0], school.arrival(500), row.id, view.row.version, Claim())
    assert row.unread
    assert (await school.store.talks.view(sent.talk)).status == "new"
    await school.say(sent.talk, "one thing more")
    await school.store.desk.words_shown(two[0], view.row, whole=False)
    shown = await school.store.talks.view(sent.talk)
    assert (shown.status, shown.behind) == ("acknowledged", True)
    assert (await first_row(school, two[0])).unread, "the first page is not the last"
    with pytest.raises(Stale):
        await school.store.desk.act(
            two[0], school.arrival(500), row.id, row.version, CloseCase(outcome="early_help", reason="done")
        )
    view = await school.reads(two[0], row.id)
    assert not (await school.store.talks.view(sent.talk)).behind
    await school.store.desk.words_shown(two[0], view.row, whole=False)
    assert not (await first_row(school, two[0])).unread, "to go back to the first page makes nothing unread"


async def test_what_comes_while_the_words_are_shown_stays_unread(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    view = await school.store.desk.open_case(two[0], school.arrival(500), row.id)
    await school.say(sent.talk, "one thing more")
    await school.store.desk.words_shown(two[0], view.row, whole=True)
    after = await first_row(school, two[0])
    assert after.unread
    with pytest.raises(Stale):
        await school.store.desk.act(
            two[0], school.arrival(500), row.id, after.version, CloseCase(outcome="early_help", reason="done")
        )
    await school.reads(two[0], row.id)
    assert not (await first_row(school, two[0])).unread


async def test_what_was_read_is_not_unread_again_by_an_older_page_nor_by_a_colleagues_note(
    school: Any, two: Any
) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    older = await school.store.desk.open_case(two[0], school.arrival(500), row.id)
    await school.say(sent.talk, "one thing more")
    newer = await school.store.desk.open_case(two[0], school.arrival(500), row.id)
    await school.store.desk.act(
        two[1], school.arrival(501), row.id, newer.row.version, AddNote(text="I know the family.")
    )
    for view in (newer, older):
        await school.store.desk.words_shown(two[0], view.row, whole=True)
        assert not (await first_row(school, two[0])).unread
    row = await first_row(school, two[0])
    await school.store.desk.act(
        two[0], school.arrival(500), row.id, row.version, CloseCase(outcome="early_help", reason="done")
    )


async def test_unread_is_each_leads_own(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    await school.reads(two[0], row.id)
    assert [(await school.store.desk.queues.page(one, "unread")).total for one in two] == [0, 1]
    await school.say(sent.talk, "more")
    assert [(await school.store.desk.queues.page(one, "unread")).total for one in two] == [1, 1]


async def test_the_brief_counts_and_names_the_first(school: Any, two: Any) -> None:
    for chat, urgency in ((1, "routine"), (2, "immediate"), (3, "soon")):
        await school.send(two, chat=chat, urgency=urgency)
    brief = await school.store.desk.queues.brief(two[0], school.now + timedelta(hours=8))
    assert (brief.new, brief.unread, brief.overdue, brief.due_today, brief.open) == (3, 3, 0, 3, 3)
    assert brief.first.urgency == "immediate"
    school.later(minutes=61)
    two[0].touched = school.now
    brief = await school.store.desk.queues.brief(two[0], school.now + timedelta(hours=8))
    assert (brief.overdue, brief.due_today) == (3, 0)
    assert (await school.store.desk.queues.page(two[0], "overdue")).total == 3
    row = brief.first
    await school.store.desk.act(two[0], school.arrival(500), row.id, row.version, Claim())
    assert [one.id for one in (await school.store.desk.queues.page(two[0], "mine")).rows] == [row.id]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(urgencies=st.lists(st.sampled_from(["immediate", "same_day", "soon", "routine"]), min_size=1, max_size=9))
async def test_pages_follow_on_without_gap_or_repetition(school: Any, urgencies: list[Any]) -> None:
    ada = await school.join(f"Ada {school.updates}", chat=school.updates)
    for chat, urgency in enumerate(urgencies):
        await school.send((ada,), chat=chat, urgency=urgency)
        school.later(seconds=7)
    seen, after = [], None
    while True:
        page = await school.store.desk.queues.page(ada, "open", after, 4)
        seen += page.rows
        after = page.next
        if after is None:
            break
    order = ["immediate", "same_day", "soon", "routine"]
    assert len({row.id for row in seen}) == len(urgencies) == page.total
    assert [row.urgency for row in seen] == sorted(urgencies, key=order.index)
    assert seen == sorted(seen, key=lambda row: (order.index(row.urgency), row.due_at, row.id))


async def test_leads_and_the_reporter_writing_at_once_lose_nothing(school: Any, two: Any) -> None:
    sent = await school.send(two)
    row = await first_row(school, two[0])
    said = [school.say(sent.talk, f"message {n}") for n in range(4)]
    noted = school.store.desk.act(two[0], school.arrival(500), row.id, row.version, AddNote(text="a note"))
    await asyncio.gather(*said, noted)
    view = await school.reads(two[0], row.id)
    assert sorted(entry.text for entry in view.entries[1:]) == ["a note", *(f"message {n}" for n in range(4))]
