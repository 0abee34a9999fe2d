"""Silence cannot be written into the database: a notice that is put off, taken away or put back is told anyway."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Update, delete, insert, select, update

from storage.database.schema.notices import outbox, reached, return_addresses
from storage.deeds.ownership import Acknowledge
from storage.deeds.words import SendReply
from storage.notices.kept_notices import notices_beside
from storage.upkeep.verification import verify_rows
from storage.values import Notice
from storage.values.errors import AlreadySeen
from tests.raw_database import read_tables, tamper

OTHERS = outbox.c.kind.not_in(("new", "raised"))


async def told(school: Any, kind: str) -> list[Notice]:
    """Everything of a kind that is due within an hour, told."""
    found = []
    school.later(minutes=20)
    while notice := await school.store.outbox.next():
        await school.store.outbox.done(notice)
        if kind in notice.kinds:
            found.append(notice)
    return found


@pytest.fixture
async def waiting(school: Any) -> Any:
    """A case that Ada has, and a message of its reporter that she is to be told of."""
    ada = await school.join("Ada Byron", chat=500)
    sent = await school.send((ada,))
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, Acknowledge())
    await school.say(sent.talk, "and there is more")
    await school.store.kept_notices.look()
    assert school.store.tampered == 0
    return ada


#: What somebody might do to the notice.
ATTACKS = {
    "put it off for ever": update(outbox).where(OTHERS).values(not_before=2**40),
    "take it away": delete(outbox).where(OTHERS),
    "send it to nobody": update(outbox).where(OTHERS).values(lead_id="eve"),
    "make it another kind": update(outbox).where(OTHERS).values(kind="digest"),
    "say that it was tried for days": update(outbox).where(OTHERS).values(since=1),
    "give it another number": update(outbox).where(OTHERS).values(id=outbox.c.id + 1),
    "call it an older version": update(outbox).where(OTHERS).values(version=0),
}


@pytest.mark.parametrize("what", ATTACKS)
@pytest.mark.parametrize("when", ["while Hark runs", "between two runs"])
async def test_a_notice_of_a_message_is_told_whatever_is_written(
    school: Any, waiting: Any, what: str, when: str
) -> None:
    if when == "between two runs":
        await school.store.close()
    await tamper(school.url, ATTACKS[what])
    if when == "between two runs":
        await school.open()
    assert await school.store.kept_notices.look() == 1
    assert school.store.tampered > 0
    [notice] = await told(school, "message")
    assert notice.lead == waiting.lead.id
    assert await told(school, "message") == []
    assert await school.store.kept_notices.look() == 0


@pytest.mark.usefixtures("waiting")
async def test_the_daily_check_reads_every_slice_of_the_notices(school: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await school.send((await school.join("Bea Lovelace", chat=501),))
    monkeypatch.setattr(verify_rows, "_AT_ONCE", 1)  # rows of a slice
    assert len((await read_tables(school.url))["outbox"]) > 1
    assert (await school.store.watch.verify()).rows
    last = select(outbox.c.id).order_by(outbox.c.id.desc()).limit(1).scalar_subquery()
    await tamper(school.url, update(outbox).where(outbox.c.id == last).values(kind="digest"))
    assert not (await school.store.watch.verify()).rows


@pytest.mark.usefixtures("waiting")
async def test_one_that_was_changed_and_is_due_is_told_as_it_was_at_once(school: Any) -> None:
    await tamper(school.url, update(outbox).where(OTHERS).values(told=7))
    assert len(await told(school, "message")) == 1
    assert school.store.tampered > 0


@pytest.mark.usefixtures("waiting")
async def test_an_older_row_that_is_put_back_does_not_begin_anew(school: Any) -> None:
    before = (await read_tables(school.url))["outbox"]
    school.later(minutes=20)
    notice = await school.store.outbox.next()
    await school.store.outbox.mark_undelivered(notice, blocked=False)
    newest = (await read_tables(school.url))["outbox"]
    assert newest[0]["version"] == before[0]["version"] + 1
    await tamper(school.url, delete(outbox), insert(outbox).values(before))
    assert await school.store.kept_notices.look() == 1
    assert (await read_tables(school.url))["outbox"] == newest


@pytest.mark.usefixtures("waiting")
async def test_what_was_told_is_not_put_back(school: Any) -> None:
    assert len(await told(school, "message")) == 1
    assert await school.store.kept_notices.look() == 0
    await school.store.close()
    await school.open()
    assert await school.store.kept_notices.look() == 0
    assert school.store.tampered == 0


@pytest.mark.usefixtures("waiting")
async def test_after_a_crash_what_may_have_been_told_is_told_again_and_called_no_forgery(school: Any) -> None:
    noted = notices_beside(school.folder / "roster.version")
    as_it_crashed = noted.read_bytes()
    assert len(await told(school, "message")) == 1
    await school.store.close()
    noted.write_bytes(as_it_crashed)
    await school.open()
    assert await school.store.kept_notices.look() == 1
    assert school.store.tampered == 0
    assert len(await told(school, "message")) == 1


@pytest.mark.usefixtures("waiting")
async def test_what_stands_beside_the_key_file_is_believed_only_as_it_was_written(school: Any) -> None:
    await school.store.close()
    noted = notices_beside(school.folder / "roster.version")
    noted.write_bytes(noted.read_bytes().replace(b'"message"', b'"digest"'))
    await school.open()
    assert school.store.tampered == 1
    assert len(await told(school, "message")) == 1


async def test_a_ladder_that_is_put_off_is_made_again_within_a_minute(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    await school.send((ada,), urgency="immediate")
    await tamper(school.url, update(outbox).values(not_before=outbox.c.not_before + 86_400))
    await school.store.recheck.look()
    notice = await school.store.outbox.next()
    assert notice is not None
    assert notice.pages


async def test_the_place_of_a_rung_before_its_case_rose_does_not_hold_it_back(school: Any) -> None:
    ada, bea = await school.join("Ada Byron", chat=500), await school.join("Bea Potter", "deputy", chat=501)
    sent = await school.send((ada,), (bea,), urgency="routine")
    before = (await read_tables(school.url))["outbox"]
    await school.say(sent.talk, "he is here now", "immediate")
    await tamper(school.url, delete(outbox), insert(outbox).values(before))
    await school.store.recheck.look()
    assert school.store.tampered > 0
    due = set()
    while notice := await school.store.outbox.next():
        due.add((notice.lead, notice.pages))
        await school.store.outbox.done(notice)
    assert due == {(ada.lead.id, True), (bea.lead.id, True)}


REFUSED = update(reached).values(refused_at=0)


@pytest.mark.parametrize("what", ["change it", "put the earlier one back", "take it away"])
async def test_that_a_messenger_refuses_a_lead_cannot_be_hidden(school: Any, what: str) -> None:
    ada = await school.join("Ada Byron", chat=500)
    await school.store.channels.tried(ada.lead.id, "telegram", taken=True)
    before = (await read_tables(school.url))["reached"]
    assert await school.store.channels.reachable() == {ada.lead.id}
    school.later(minutes=1)
    await school.store.channels.tried(ada.lead.id, "telegram", taken=False)
    back = (delete(reached), insert(reached).values(before))
    await tamper(school.url, *{"change it": (REFUSED,), "put the earlier one back": back}.get(what, back[:1]))
    assert await school.store.channels.reachable() == frozenset()
    assert not (await school.store.watch.verify()).holds
    school.later(minutes=1)
    await school.store.channels.tried(ada.lead.id, "telegram", taken=True)
    assert await school.store.channels.reachable() == {ada.lead.id}
    assert (await school.store.watch.verify()).holds


WISH: dict[str, Update | Any] = {
    "take it away": delete(return_addresses),
    "say that it was refused": update(return_addresses).values(refused=1),
    "move it": update(return_addresses).values(id="x"),
    "put another one in its place": update(return_addresses).values(id=f"k{0:032x}"),
}


@pytest.mark.parametrize("what", WISH)
async def test_a_reporters_wish_for_a_notice_cannot_be_taken_away(school: Any, what: str) -> None:
    ada = await school.join("Ada Byron", chat=500)
    sent = await school.send((ada,))
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    assert (await school.store.watch.verify()).holds
    await tamper(school.url, WISH[what])
    assert not (await school.store.watch.verify()).holds
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    assert (await school.store.watch.verify()).holds
    await school.store.talks.notice(school.arrival(1), sent.talk, on=False)
    assert (await school.store.watch.verify()).holds


async def test_that_a_reporter_did_not_hear_cannot_be_hidden_from_leads(school: Any) -> None:
    ada = await school.join("Ada Byron", chat=500)
    sent = await school.send((ada,))
    await school.store.talks.notice(school.arrival(1), sent.talk, on=True)
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(500), row.id, row.version, SendReply(text="I am here."))
    notice = await school.store.outbox.next()
    while notice.lead is not None:
        await school.store.outbox.done(notice)
        notice = await school.store.outbox.next()
    await school.store.outbox.mark_undelivered(notice, blocked=True)
    assert (await school.store.desk.open_case(ada, school.arrival(500), row.id)).unheard
    assert (await school.store.watch.verify()).holds
    await tamper(school.url, update(return_addresses).values(refused=0))
    assert not (await school.store.watch.verify()).holds


async def test_two_who_change_a_ladder_at_once_lose_nothing(school: Any) -> None:
    """A lead holds the ladder while it is being told: both stand afterwards, under one MAC."""
    ada = await school.join("Ada Byron", chat=500)
    await school.send((ada,), urgency="immediate")
    notice = await school.store.outbox.next()
    await school.store.outbox.done(notice)
    school.later(hours=1)
    again = await school.store.outbox.next()
    arrival = school.arrival(500)
    assert await school.store.notice_times.hold(arrival, ada.lead.id) == "held"
    await school.store.outbox.done(again)
    with pytest.raises(AlreadySeen):
        await school.store.notice_times.hold(arrival, ada.lead.id)
    async with school.store._core.read() as connection:
        [row] = (await connection.execute(select(outbox))).mappings().all()
    assert (row["told"], row["held"], row["version"]) == (2, 1, 4)
    assert (await school.store.watch.verify()).rows
