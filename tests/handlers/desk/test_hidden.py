"""Somebody writes the database while Hark runs: no concern is hidden, nobody is told wrongly, and an alert is told."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest
from sqlalchemy import delete, insert, select, update

from bot.delivery import outage_notice
from bot.delivery.scheduler import Scheduler
from flows.values.deeds import AddAnswer
from storage.database.schema.cases import cases, entries, epochs, headers, readers, receipts, wraps
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox
from storage.leads.sign_in.session import LeadSession
from storage.reporters.session import TalkSession
from storage.values import Arrival
from storage.values.errors import NotUnlocked, Tampered
from tests.forged_rows import insert_like
from tests.handlers.desk.house import PASSPHRASE, House, Lead, chosen
from tests.raw_database import count_rows, fetch, tamper

_UPDATES = itertools.count(50_000)


async def minute(house: House, watch: Scheduler) -> None:
    """A minute goes by, and the watch loop looks twice: what it met it tells with the next look."""
    house.clock.pass_(minutes=1)
    for _ in range(2):
        await watch.look()


async def hears(lead: Lead, words: str) -> None:
    """Wait until somebody hears these words."""
    await lead.tab.wait_for(lambda: any(words in one.text for one in lead.tab.heard))


async def session_of(house: House, lead: Lead) -> LeadSession:
    chats = await house.store.leads.last_chats.all()
    session = house.store.leads.sessions.at(chats[await house.id_of(lead.name)])
    assert session is not None
    return session


def arrival(session: LeadSession) -> Arrival:
    return Arrival(session.address, next(_UPDATES))


@pytest.fixture
async def khan(house: House) -> Lead:
    return await house.lead("Ms Khan")


async def test_a_concern_whose_queue_and_notices_are_taken_away_is_told_and_stands_in_the_queue(
    house: House, khan: Lead
) -> None:
    watch = Scheduler(house.handlers, house.clock)
    await house.concern("He hurts me", "Ms Khan", urgency="immediate")
    await tamper(house.url, delete(readers), delete(outbox).where(outbox.c.case_id.is_not(None)))
    await minute(house, watch)
    assert await count_rows(house.url, readers) == 1
    await hears(khan, "Something new: immediate")
    assert [alert.kind for alert in await house.store.alerts.standing()] == ["tampered"]
    await hears(khan, "Hark itself needs a look.")
    await watch.end()


async def test_a_concern_that_is_taken_away_whole_is_an_alert_within_a_minute_also_to_who_only_reads(
    house: House, khan: Lead
) -> None:
    chair = await house.lead("Mr Chair", "chair")
    watch = Scheduler(house.handlers, house.clock)
    await house.concern("He hurts me", "Ms Khan", "Mr Chair", urgency="immediate")
    for table in (readers, outbox, wraps, epochs, receipts, headers, entries):
        await tamper(house.url, delete(table).where(table.c.case_id.is_not(None)))
    await tamper(house.url, delete(cases))
    await minute(house, watch)
    for lead in (khan, chair):
        await hears(lead, "Hark itself needs a look.")
    reader = await house.id_of("Mr Chair")
    assert [alert.kind for alert in await house.store.alerts.standing(reader)].count("tampered") >= 1
    await watch.end()


async def test_an_alert_whose_notice_is_taken_away_is_told_from_memory_and_stands_beside_the_key(
    house: House, khan: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Scheduler(house.handlers, house.clock)
    await watch.look()
    await house.store.alerts.note("tampered")
    await tamper(house.url, delete(outbox).where(outbox.c.kind == "alert"))
    monkeypatch.setattr(outage_notice, "_TELLING", 0.0)
    await minute(house, watch)
    await hears(khan, "Hark itself needs a look.")
    await house.restart()
    assert [alert.kind for alert in await house.store.alerts.standing()] == ["tampered"]
    await watch.end()


async def test_words_that_were_marked_as_read_by_hand_are_unread_and_keep_the_case_from_being_closed(
    house: House, khan: Lead
) -> None:
    watch = Scheduler(house.handlers, house.clock)
    receipt = await house.concern("He hurts me", "Ms Khan")
    [(case,)] = await fetch(house.url, select(cases.c.id))
    session = await session_of(house, khan)
    view = await house.store.desk.open_case(session, arrival(session), case)
    await house.store.desk.words_shown(session, view.row, whole=True)
    await house.adds(receipt, AddAnswer(chosen("C20", "no", "Please don't"), None, ()))
    await tamper(house.url, update(readers).values(unread=0, read_to=99))
    with pytest.raises(Tampered):
        await house.store.desk.open_case(session, arrival(session), case)
    await minute(house, watch)
    (row,) = (await house.store.desk.queues.page(session, "unread")).rows
    assert row.unread
    assert [alert.kind for alert in await house.store.alerts.standing()] == ["tampered"]
    await watch.end()


@pytest.mark.usefixtures("khan")
async def test_a_row_of_a_queue_that_was_made_up_tells_whom_it_is_about_nothing(house: House) -> None:
    head = await house.lead("Mr Head", "head")
    watch = Scheduler(house.handlers, house.clock)
    about = await house.id_of("Mr Head")
    receipt = await house.concern("It is the head", "Ms Khan", urgency="immediate", excluded=(about,))
    await house.notices()
    told = len(head.tab.heard)
    made_up = insert_like(readers, lead_id=about, version=0)
    [(case, mac)] = await fetch(house.url, select(cases.c.id, cases.c.mac))
    notice = {"lead_id": about, "case_id": case, "kind": "new", "rank": 0, "rung": 0, "not_before": 1, "mac": mac}
    await tamper(house.url, made_up, insert(outbox).values(notice))
    session = await session_of(house, head)
    brief = await house.store.desk.queues.brief(session, datetime(2030, 1, 1, tzinfo=house.clock.at.tzinfo))
    page = await house.store.desk.queues.page(session)
    assert (brief.open, brief.new, brief.unread, page.total, page.forged, page.rows) == (0, 0, 0, 0, 0, ())
    notices = await house.notices()
    assert about not in {notice.lead for notice in notices if notice.kinds != {"alert"}}
    number = 30_000
    talk = await house.store.talks.open(Arrival(house.address_of(number), number), receipt)
    assert isinstance(talk, TalkSession)
    assert about not in (await house.store.talks.view(talk)).recipients
    await minute(house, watch)
    assert await fetch(house.url, select(readers).where(readers.c.lead_id == about)) == []
    assert not any("Something new" in one.text for one in head.tab.heard[told:])
    await watch.end()


async def test_an_earlier_chat_of_a_lead_and_the_step_of_a_used_code_cannot_be_put_back(
    house: House, khan: Lead
) -> None:
    state = (leads.c.totp_step, leads.c.chat, leads.c.unlocked_day, leads.c.state_mac)
    [old] = await fetch(house.url, select(*state))
    house.clock.pass_(minutes=1)
    code = khan.code()
    unlocks, lead = house.store.leads, await house.id_of("Ms Khan")
    await unlocks.unlock(Arrival(house.address_of(77), 40_001), "Ms Khan", PASSPHRASE, code)
    assert (await unlocks.last_chats.all())[lead] == house.address_of(77)
    await tamper(house.url, update(leads).values(old._asdict()))
    await house.restart()
    unlocks = house.store.leads
    assert lead not in await unlocks.last_chats.all(), "a notice went to a chat of before"
    with pytest.raises(NotUnlocked):
        await unlocks.unlock(Arrival(house.address_of(77), 40_002), "Ms Khan", PASSPHRASE, code)
    await tamper(house.url, update(leads).values(chat=b"\0"))
    house.clock.pass_(minutes=1)
    session = await unlocks.unlock(Arrival(house.address_of(77), 40_003), "Ms Khan", PASSPHRASE, khan.code())
    assert session.lead.id == lead, "a broken value locked her out"
    assert (await unlocks.last_chats.all())[lead] == house.address_of(77)
    assert house.store.tampered


async def test_nobody_is_asked_to_tell_an_administrator_who_may_have_done_it(house: House, khan: Lead) -> None:
    watch = Scheduler(house.handlers, house.clock)
    await house.concern("He hurts me", "Ms Khan")
    await house.notices()
    await tamper(house.url, update(cases).values(rank=3))
    [(reference,)] = await fetch(house.url, select(cases.c.reference))
    await khan.says(f"/case {reference}")
    assert "Those who answer for Hark are told now." in khan.tab.last.text
    assert not any("administrator" in one.text for one in khan.tab.heard)
    await watch.look()
    await watch.look()
    assert [alert.kind for alert in await house.store.alerts.standing()] == ["tampered"]
    await watch.end()
