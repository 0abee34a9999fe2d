"""What a lead takes down: marked for good, for its readers alone; with the first return the receipt is another."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from flows.values.deeds import AddMessage, Answered
from flows.values.draft import Draft, Wrote
from flows.values.text import Text
from storage.cases import entry_content
from storage.cases.entries import Said, append
from storage.cases.rows.case_row import change_rows, read_case
from storage.database.schema.cases import receipts, wraps
from storage.database.schema.chats import drafts, unspoken
from storage.reporters.session import TalkSession
from storage.values.errors import AlreadySeen, NotOffered, SessionOver, Tampered
from tests.storage.conftest import CANARY, SITE

TOLD = Answered("C8", Text("Tell us what is worrying you.", "child"), Wrote((f"{CANARY} he hits me",)))


async def taken_down(school: Any, by: Any, *readers: Any, **changes: Any) -> str:
    """Record a concern and hand its words over; gives them."""
    deed = school.concern(tuple(readers), answers=(TOLD,), **changes)
    await school.store.recordings.send(by, school.arrival(500), deed, None, school.clocks)
    [receipt] = await school.store.recordings.to_hand_over(by)
    await school.store.recordings.handed_over(by, receipt)
    words: str = receipt.words
    return words


async def comes_back(school: Any, words: str, chat: int = 7) -> TalkSession:
    talk = await school.store.talks.open(school.arrival(chat), words)
    assert isinstance(talk, TalkSession)
    return talk


async def rows_of(school: Any, table: Any) -> list[Any]:
    async with school.store._core.read() as connection:
        return list((await connection.execute(select(table))).all())


async def test_it_is_marked_with_the_name_of_who_took_it_down_wherever_it_is_opened(school: Any) -> None:
    ada, ben = await school.join("Ada"), await school.join("Ben", chat=501)
    await taken_down(school, ada, ben)
    assert (await school.store.desk.queues.page(ada)).rows == ()  # she is no reader by that
    [row] = (await school.store.desk.queues.page(ben)).rows
    view = await school.reads(ben, row.id)
    assert view.entries[0].taken_down == "Ada"
    assert row.glance.taken_down == "Ada"


async def test_the_words_are_handed_over_once_and_only_by_who_took_them_down(school: Any) -> None:
    ada, ben = await school.join("Ada"), await school.join("Ben", chat=501)
    deed = school.concern((ben,), answers=(TOLD,))
    await school.store.recordings.send(ada, school.arrival(500), deed, None, school.clocks)
    assert await school.store.pending_answers.pending() == ()  # nothing is said into her chat by itself
    assert await school.store.recordings.to_hand_over(ben) == ()
    [receipt] = await school.store.recordings.to_hand_over(ada)
    assert len(receipt.words.split()) == 8
    await school.store.recordings.handed_over(ada, receipt)
    assert await school.store.recordings.to_hand_over(ada) == ()
    assert await rows_of(school, unspoken) == []


async def test_with_the_first_return_the_old_words_open_nothing_and_the_new_ones_all(school: Any) -> None:
    ada, ben = await school.join("Ada"), await school.join("Ben", chat=501)
    old = await taken_down(school, ada, ben)
    talk = await comes_back(school, old)
    assert talk.taken_down is not None
    assert talk.taken_down.by == "Ada"
    assert [one.answer for one in talk.taken_down.answers] == [TOLD.answer]
    before = await rows_of(school, receipts), await rows_of(school, wraps)
    renewed = await school.store.first_return.confirm(school.arrival(7), talk, "not_quite", "en")
    assert talk.taken_down is None
    await school.store.talks.add(school.arrival(7), talk, [AddMessage("He pushes me.", None, ())], school.clocks)
    school.store.talks.leave(talk.address)
    after = await rows_of(school, receipts), await rows_of(school, wraps)
    assert before[0][0].row_id != after[0][0].row_id
    assert len(after[0]) == 1
    theirs = [{row.blob for row in rows if not row.holder} for rows in (before[1], after[1])]
    assert theirs[0] & theirs[1] == set()
    assert await school.store.talks.open(school.arrival(8), old) is None
    again = await comes_back(school, renewed.words, 9)
    assert again.taken_down is None
    assert (await school.store.talks.view(again)).messages == ("He pushes me.",)
    [row] = (await school.store.desk.queues.page(ben)).rows
    view = await school.reads(ben, row.id)
    kinds = [(entry.kind, entry.action.detail["answer"] if entry.action else "") for entry in view.entries]
    assert kinds == [("concern", ""), ("action", "not_quite"), ("message", "")]
    assert [entry.by for entry in view.entries] == [None, None, None]
    assert view.entries[0].taken_down == "Ada"


async def test_old_words_are_derived_like_unknown_ones_and_nothing_tells_them_apart(school: Any) -> None:
    ada = await school.join("Ada")
    old = await taken_down(school, ada, ada)
    talk = await comes_back(school, old)
    await school.store.first_return.confirm(school.arrival(7), talk, "yes", "en")
    other = (await school.send((ada,))).words
    derived: list[str] = []
    guess = school.store._core.derivations.guess

    async def counted(*given: Any) -> Any:
        derived.append("derived")
        return await guess(*given)

    school.store._core.derivations.guess = counted
    unknown = " ".join([*other.split()[1:], other.split()[0]])
    answers = [await school.store.talks.open(school.arrival(20), old)]
    with suppress(AlreadySeen):
        answers.append(await school.store.talks.open(school.arrival(21), unknown))
    assert answers[0] is None
    assert derived[0] == "derived"
    assert await school.store.alerts.standing(ada.lead.id) == ()


async def test_two_who_came_back_with_the_same_words_one_confirms_and_the_other_is_over(school: Any) -> None:
    ada = await school.join("Ada")
    old = await taken_down(school, ada, ada)
    first, second = await comes_back(school, old, 7), await comes_back(school, old, 8)
    await school.store.first_return.confirm(school.arrival(7), first, "yes", "en")
    with pytest.raises(SessionOver):
        await school.store.first_return.confirm(school.arrival(8), second, "yes", "en")
    with pytest.raises(SessionOver):
        await school.store.talks.add(school.arrival(8), second, [AddMessage("x", None, ())], school.clocks)
    [row] = (await school.store.desk.queues.page(ada)).rows
    assert len((await school.reads(ada, row.id)).entries) == 2


async def test_a_talk_that_another_process_overtook_ends_without_an_alarm(school: Any) -> None:
    ada = await school.join("Ada")
    old = await taken_down(school, ada, ada)
    first, second = await comes_back(school, old, 7), await comes_back(school, old, 8)
    school.store.talks.end_case = lambda _: None  # as in another process
    await school.store.first_return.confirm(school.arrival(7), first, "yes", "en")
    with pytest.raises(SessionOver):
        await school.store.talks.add(school.arrival(8), second, [AddMessage("x", None, ())], school.clocks)
    assert await school.store.alerts.standing(ada.lead.id) == ()


async def test_after_the_exchange_leads_still_decide_who_reads_and_all_of_it_opens(school: Any) -> None:
    from storage.deeds.readers.exclude import Exclude

    ada, ben, cal = await school.join("Ada"), await school.join("Ben", chat=501), await school.join("Cal", chat=502)
    dan = await school.join("Dan", chat=503)
    old = await taken_down(school, ada, ada, ben, cal, dan)
    [row] = (await school.store.desk.queues.page(ada)).rows
    view = await school.reads(ada, row.id)
    row = await school.store.desk.act(ada, school.arrival(500), row.id, None, Exclude(ben.lead.id, "it is about him"))
    talk = await comes_back(school, old)
    await school.store.first_return.confirm(school.arrival(7), talk, "yes", "en")
    view = await school.reads(ada, row.id)
    assert {card.name for card in view.recipients} == {"Ada", "Cal", "Dan"}
    await school.store.desk.act(ada, school.arrival(500), row.id, None, Exclude(cal.lead.id, "and him"))
    again = await school.store.talks.add(school.arrival(7), talk, [AddMessage("more", None, ())], school.clocks)
    assert again is not None
    assert (await school.reads(ada, row.id)).entries[-1].text == "more"
    assert (await school.store.watch.verify()).forged == 0


async def test_the_new_words_are_kept_until_they_were_shown(school: Any) -> None:
    ada = await school.join("Ada")
    talk = await comes_back(school, await taken_down(school, ada, ada))
    renewed = await school.store.first_return.confirm(school.arrival(7), talk, "yes", "es")
    [pending] = await school.store.pending_answers.pending()
    assert (pending.words, pending.renewed, pending.address) == (renewed.words, True, talk.address)
    await school.store.pending_answers.mark_shown(renewed.pending)
    assert await school.store.pending_answers.pending() == ()


async def test_a_draft_is_the_leads_own_whatever_chat_she_is_in_and_lapses_with_a_word_to_her(school: Any) -> None:
    ada, ben = await school.join("Ada"), await school.join("Ben", chat=501)
    begun = Draft("12_17", "en", SITE, "", school.now, school.now)
    await school.store.recordings.keep(ada, school.arrival(500), begun, "", None)
    assert await school.store.recordings.get(ben) is None
    assert await school.store.drafts.get(ada.address) is None  # and not the chat's
    ada = await school.unlock("Ada", chat=900)
    assert (await school.store.recordings.get(ada)) is not None
    school.later(hours=26)
    await school.store.watch.sweep()
    assert await rows_of(school, drafts) == []
    told = []
    while (notice := await school.store.outbox.next()) is not None:
        told += [(notice.lead, kind) for kind in notice.kinds]
        await school.store.outbox.done(notice)
    assert told.count((ada.lead.id, "lapsed")) == 1
    assert ben.lead.id not in [lead for lead, kind in told if kind == "lapsed"]


async def test_words_that_are_not_handed_over_are_told_and_once_they_were_nobody_is(school: Any) -> None:
    ada = await school.join("Ada")
    await taken_down(school, ada, ada)
    deed = school.concern((ada,), answers=(TOLD,))
    await school.store.recordings.send(ada, school.arrival(500), deed, None, school.clocks)
    school.later(hours=5)
    ada = await school.unlock("Ada")
    kinds: list[str] = []
    while (notice := await school.store.outbox.next()) is not None:
        kinds += notice.kinds
        await school.store.outbox.done(notice)
    assert kinds.count("unhanded") == 1


async def test_it_is_for_those_who_read(school: Any) -> None:
    ada = await school.join("Ada")
    office = await school.join("Olu", "admin", chat=501)
    deed = school.concern((ada,), answers=(TOLD,))
    with pytest.raises(NotOffered):
        await school.store.recordings.send(office, school.arrival(501), deed, None, school.clocks)
    assert (await school.store.desk.queues.page(ada)).rows == ()


async def test_the_old_words_sign_nothing_after_the_exchange_whoever_writes_the_database(school: Any) -> None:
    ada = await school.join("Ada")
    core = school.store._core
    talk = await comes_back(school, await taken_down(school, ada, ada))
    old = talk.found.author
    await school.store.first_return.confirm(school.arrival(7), talk, "yes", "en")
    [row] = (await school.store.desk.queues.page(ada)).rows
    async with core.read() as connection:
        before = await read_case(core, connection, row.id)
    said = Said("talk", entry_content.added(AddMessage("I made it up.", None, ()), school.now))
    after, entry = append(before, talk.found.keys[1], old, said, core.hour())
    await core.commit(entry, *change_rows(core, before, after))
    with pytest.raises(Tampered):
        await school.reads(ada, row.id)
    with pytest.raises(Tampered):
        await school.store.talks.view(talk)
