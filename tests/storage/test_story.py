"""One concern from its sending to its closing, as everybody around it sees it."""

from __future__ import annotations

from typing import Any

import pytest

from storage.deeds.ownership import Claim
from storage.deeds.status import CloseCase
from storage.deeds.words import AddNote, SendReply
from storage.sealing.receipts.receipt import Slip
from storage.values.errors import AlreadySeen, NoSuchCase, Stale


async def test_a_concern_is_sent_read_answered_and_closed(school: Any) -> None:
    store = school.store
    ada = await school.join("Ada Byron", chat=500)
    bea = await school.join("Bea Potter", "deputy", chat=501)
    sent = await school.send((ada,), (bea,))
    assert len(sent.words.split()) == 8

    page = await store.desk.queues.page(ada)
    assert [row.status for row in page.rows] == ["new"]
    row = page.rows[0]
    assert row.unread
    assert row.glance.chosen == {"safe": ("yes",)}
    case = await store.desk.find(ada, row.reference.lower())

    view = await school.reads(ada, case)
    assert view.entries[0].answers[0].answer.words == ("zebrafish-canary words",)
    assert {card.name for card in view.recipients} == {"Ada Byron", "Bea Potter"}

    row = await store.desk.act(ada, school.arrival(500), case, view.row.version, Claim())
    assert (row.status, row.due, row.owner) == ("acknowledged", "act", ada.lead)
    row = await store.desk.act(ada, school.arrival(500), case, row.version, AddNote(text="call home first"))
    row = await store.desk.act(ada, school.arrival(500), case, row.version, SendReply(text="I have read this."))
    assert row.due == "review"

    shown = await store.talks.view(sent.talk)
    assert [(reply.text, reply.by.name, reply.fresh) for reply in shown.replies] == [
        ("I have read this.", "Ada Byron", True)
    ]
    assert not (await store.talks.view(sent.talk)).replies[0].fresh
    await school.say(sent.talk, "thank you")
    with pytest.raises(Stale):
        await store.desk.act(
            ada, school.arrival(500), case, row.version, CloseCase(outcome="early_help", reason="done")
        )
    view = await school.reads(ada, case)
    assert view.reporter_read
    assert [entry.kind for entry in view.entries] == ["concern", "action", "note", "reply", "message"]
    row = await store.desk.act(
        ada, school.arrival(500), case, view.row.version, CloseCase(outcome="early_help", reason="done")
    )
    assert not (await store.desk.queues.page(ada)).rows
    assert [one.id for one in (await store.desk.queues.page(bea, "closed")).rows] == [case]


async def test_the_receipt_brings_the_reporter_back_from_anywhere(school: Any) -> None:
    store = school.store
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    store.talks.leave(sent.talk.address)
    assert store.talks.at(sent.talk.address) is None
    talk = await store.talks.open(school.arrival(77), sent.words.upper())
    shown = await store.talks.view(talk)
    assert (shown.register, shown.language, shown.status) == ("12_17", "en", "new")
    assert set(shown.answers) == {"tell", "safe"}
    assert (await store.talks.open(school.arrival(78), sent.token)).found.case == talk.found.case
    slip = await store.talks.open(school.arrival(79), "these are not the words of any receipt here")
    assert isinstance(slip, Slip)


async def test_a_redelivered_update_changes_nothing(school: Any) -> None:
    ada = await school.join("Ada Byron")
    arrival = school.arrival(1)
    await school.store.talks.send(arrival, school.concern((ada,)), None, school.clocks)
    with pytest.raises(AlreadySeen):
        await school.store.talks.send(arrival, school.concern((ada,)), None, school.clocks)
    assert (await school.store.desk.queues.page(ada)).total == 1


async def test_a_lead_who_is_no_recipient_finds_nothing(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    eve = await school.join("Eve Moneypenny", chat=501)
    await school.send((ada,), excluded=(eve.lead.id,))
    row = (await school.store.desk.queues.page(ada)).rows[0]
    with pytest.raises(NoSuchCase):
        await school.reads(eve, row.id)
    with pytest.raises(NoSuchCase):
        await school.store.desk.find(eve, row.reference)
    assert (await school.store.desk.queues.page(eve)).total == 0
