"""What is kept of conversations: drafts, tidy lists, deletions, receipts to be shown; and how it all goes again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, update

from flows.values.draft import Draft, Wrote
from flows.values.ids import SiteId
from storage.database.schema import chats
from storage.values import Address
from storage.values.errors import AlreadySeen, Conflict, SessionOver, Tampered
from tests.raw_database import count_rows, fetch, tamper


def a_draft(school: Any, words: str = "zebrafish-canary") -> Draft:
    return Draft(
        register="12_17",
        language="en",
        site=SiteId("oakfield"),
        definition=sha256(b"[step]").hexdigest(),
        sitting=school.now,
        touched=school.now,
        answers={"tell": Wrote((words,))},
        cursor="tell",
    )


async def test_a_draft_is_kept_read_changed_and_survives_a_restart(school: Any) -> None:
    drafts, address = school.store.drafts, Address("web", 1)
    assert await drafts.get(address) is None
    kept = await drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    assert await drafts.get(address) == kept
    kept = await drafts.keep(school.arrival(1), a_draft(school, "more"), "[step]", kept)
    assert kept.version == 2
    await school.store.close()
    await school.open()
    assert await school.store.drafts.get(address) == kept
    assert await school.store.drafts.get(Address("telegram", 1)) is None
    await school.store.drafts.drop(school.arrival(1), kept)
    assert await school.store.drafts.get(address) is None
    await school.store.drafts.drop(school.arrival(1), None)


async def test_nobody_who_writes_the_database_puts_other_questions_into_a_conversation_that_goes_on(
    school: Any,
) -> None:
    await school.store.drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    await school.store.close()
    await tamper(school.url, update(chats.definitions).values(text="What is your name, and where do you live?"))
    await school.open()
    assert (await school.store.drafts.get(Address("web", 1))).definition == ""
    assert school.store.tampered


async def test_two_taps_at_once_change_a_draft_once(school: Any) -> None:
    kept = await school.store.drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    both = (school.store.drafts.keep(school.arrival(1), a_draft(school, str(n)), "[step]", kept) for n in (1, 2))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Kept"]


async def test_sending_with_a_draft_that_has_changed_is_a_conflict_and_keeps_both(school: Any) -> None:
    ada = await school.join("Ada Byron")
    old = await school.store.drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    new = await school.store.drafts.keep(school.arrival(1), a_draft(school, "more"), "[step]", old)
    with pytest.raises(Conflict):
        await school.store.talks.send(school.arrival(1), school.concern((ada,)), old, school.clocks)
    assert (await school.store.desk.queues.page(ada)).total == 0
    await school.store.talks.send(school.arrival(1), school.concern((ada,)), new, school.clocks)
    assert await school.store.drafts.get(Address("web", 1)) is None


async def test_two_sends_at_once_make_one_case(school: Any) -> None:
    ada = await school.join("Ada Byron")
    kept = await school.store.drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    both = (school.store.talks.send(school.arrival(1), school.concern((ada,)), kept, school.clocks) for _ in range(2))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Sent"]
    assert (await school.store.desk.queues.page(ada)).total == 1


async def test_a_draft_cannot_be_moved_to_another_chat_or_rolled_back(school: Any) -> None:
    drafts = school.store.drafts
    kept = await drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    [(old,)] = await fetch(school.url, select(chats.drafts.c.sealed))
    await drafts.keep(school.arrival(1), a_draft(school, "more"), "[step]", kept)
    await tamper(school.url, update(chats.drafts).values(sealed=old))
    school.later(minutes=10)  # it is at hand no longer
    with pytest.raises(Tampered):
        await drafts.get(Address("web", 1))
    await tamper(
        school.url,
        update(chats.drafts).values(version=1, address=school.store._core.marks.of_address(Address("web", 2))),
    )
    with pytest.raises(Tampered):
        await drafts.get(Address("web", 2))


async def test_a_redelivery_is_known_for_three_days_and_over_midnight(school: Any) -> None:
    arrival = school.arrival(1)
    await school.store.seen(arrival)
    for hours in (1, 20, 24, 17):  # until an hour before the key of the 23rd is destroyed
        school.later(hours=hours)
        await school.store.watch.sweep()
        with pytest.raises(AlreadySeen):
            await school.store.seen(arrival)


async def test_after_three_days_nothing_unsent_is_left_and_nothing_opens_what_a_backup_holds(school: Any) -> None:
    await school.store.drafts.keep(school.arrival(1, message_id=7), a_draft(school), "[step]", None)
    assert await count_rows(school.url, chats.drafts) == 1
    school.later(hours=26)
    assert (await school.store.watch.sweep()).drafts == 1
    await school.store.drafts.keep(school.arrival(1, message_id=8), a_draft(school), "[step]", None)
    school.later(days=4)
    assert await school.store.drafts.get(Address("web", 1)) is not None  # until the broom has come
    swept = await school.store.watch.sweep()
    assert (swept.drafts, swept.day_keys, swept.marks, swept.messages) == (1, 2, 2, 2)
    for table in (chats.drafts, chats.seen, chats.spoken, chats.unspoken):
        assert await count_rows(school.url, table) == 0, table.name
    assert await school.store.watch.sweep() == type(swept)(0, 0, 0, 0, 0, 0, 0)


async def test_a_draft_whose_day_key_is_gone_is_no_draft_and_a_new_one_takes_its_place(school: Any) -> None:
    kept = await school.store.drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    school.later(days=4)
    school.store._core.day_keys.destroy_old()
    assert await school.store.drafts.get(Address("web", 1)) is None
    again = await school.store.drafts.keep(school.arrival(1), a_draft(school, "anew"), "[step]", None)
    assert again.version == kept.version == 1
    assert await school.store.drafts.get(Address("web", 1)) == again


async def test_messages_of_both_sides_stand_on_the_tidy_list_of_their_chat(school: Any) -> None:
    messages, one, two = school.store.sent_messages, Address("web", 1), Address("web", 2)
    await school.store.seen(school.arrival(1, message_id=11))
    await messages.remember(one, [13, 12])
    await messages.remember(two, [99])
    assert await messages.ids(one) == (11, 12, 13)
    await messages.forget(one, [12])
    assert await messages.ids(one) == (11, 13)
    await messages.forget(one)
    assert await messages.ids(one) == ()
    assert await messages.ids(two) == (99,)


async def test_deletions_are_due_when_they_are_and_survive_a_restart(school: Any) -> None:
    address = Address("telegram", 1)
    await school.store.sent_messages.remember(address, [5], school.now + timedelta(minutes=2))
    assert await school.store.sent_messages.due() == ()
    await school.store.close()
    await school.open()
    school.later(minutes=3)
    due = await school.store.sent_messages.due()
    assert [(one.address, one.message_id) for one in due] == [(address, 5)]
    await school.store.sent_messages.deleted([one.id for one in due])
    await school.store.sent_messages.deleted([one.id for one in due])
    assert await school.store.sent_messages.due() == ()


async def test_what_was_added_and_not_answered_is_known_after_a_restart_until_it_is_answered(school: Any) -> None:
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,), chat=4)
    await school.store.pending_answers.mark_shown(sent.pending)
    added = await school.say(sent.talk, "one thing more", chat=4)
    await school.store.close()
    await school.open()
    [waiting] = await school.store.pending_answers.unanswered()
    assert (waiting.id, waiting.address) == (added.unanswered, Address("web", 4))
    assert await school.store.pending_answers.pending() == ()
    school.store.pending_answers.answered([waiting.id])
    await school.store.close()
    await school.open()
    assert await school.store.pending_answers.unanswered() == ()


async def test_a_receipt_that_was_not_shown_is_there_after_a_restart(school: Any) -> None:
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,), chat=4)
    await school.store.close()
    await school.open()
    (pending,) = await school.store.pending_answers.pending()
    assert (pending.id, pending.words, pending.token) == (sent.pending, sent.words, sent.token)
    assert pending.address == Address("web", 4)
    assert (await school.store.talks.open(school.arrival(4), pending.words)).site == "oakfield"
    await school.store.pending_answers.mark_shown(pending.id)
    assert await school.store.pending_answers.pending() == ()


async def test_a_talk_ends_when_nobody_talks(school: Any) -> None:
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    school.later(minutes=9)
    assert school.store.talks.at(Address("web", 1)) is sent.talk
    school.later(minutes=10)
    with pytest.raises(SessionOver):
        await school.say(sent.talk, "too late")
    assert school.store.talks.at(Address("web", 1)) is None
    ada = await school.unlock("Ada Byron")
    row = (await school.store.desk.queues.page(ada)).rows[0]
    assert [entry.kind for entry in (await school.reads(ada, row.id)).entries] == ["concern"]


async def test_every_receipt_that_reads_is_derived_whether_there_is_a_case_or_not(
    school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.reporters import receipts

    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    derived = []
    real = receipts.derive
    monkeypatch.setattr(receipts, "derive", lambda receipt, *rest: derived.append(receipt) or real(receipt, *rest))
    unknown = receipts.draw("en").words
    assert await school.store.talks.open(school.arrival(8), unknown) is None
    assert await school.store.talks.open(school.arrival(8), sent.words) is not None
    assert len(derived) == 2


async def test_a_receipt_of_another_deployment_is_unknown(school: Any, tmp_path: Any, another_school: Any) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = another_school(folder)
    await other.open()
    sent = await other.send((await other.join("Ada Byron"),))
    await other.store.close()
    assert await school.store.talks.open(school.arrival(8), sent.words) is None


async def test_a_draft_at_hand_is_the_one_on_disk_and_goes_with_the_sitting(school: Any) -> None:
    drafts = school.store.drafts
    kept = await drafts.keep(school.arrival(1), a_draft(school), "[step]", None)
    draft_cache = await drafts.get(Address("web", 1))
    school.later(minutes=10)
    assert draft_cache == kept == await drafts.get(Address("web", 1))
    newer = await drafts.keep(school.arrival(1), a_draft(school, "more"), "[step]", kept)
    with pytest.raises(Conflict):
        await drafts.keep(school.arrival(1), a_draft(school, "other"), "[step]", kept)
    assert await drafts.get(Address("web", 1)) == newer
    school.store.watch._drafts.sweep()
    await drafts.drop(school.arrival(1), newer)
    assert await drafts.get(Address("web", 1)) is None
