"""A fresh code at an open desk: once, on disk before anything is done, slowed down by account, and for one deed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from storage.database.schema.leads import leads
from storage.database.turn import Update
from storage.leads.sign_in.sessions import FRESH
from storage.values.errors import AlreadySeen, CodeMissing, NotUnlocked, SessionOver, Tampered, Throttled

ADA = "Ada Byron"
MALICIOUS = "close malicious"


async def give(school: Any, session: Any, code: str | None = None) -> None:
    arrival = school.arrival(session.address.chat_id)
    await school.store.leads.fresh_code(session, arrival, school.code(session.lead.name) if code is None else code)


async def test_a_code_is_good_for_one_deed_within_two_minutes(school: Any) -> None:
    ada = await school.join(ADA)
    take = partial(school.store.leads.sessions.take_code_for, deed=MALICIOUS)
    with pytest.raises(CodeMissing):
        take(ada)
    await school.confirm(ada)
    take(ada)
    with pytest.raises(CodeMissing):
        take(ada)
    await school.confirm(ada)
    school.now += FRESH - timedelta(seconds=1)
    take(ada)
    await school.confirm(ada)
    school.now += FRESH
    with pytest.raises(CodeMissing):
        take(ada)


async def test_a_code_serves_once_whether_for_a_deed_or_an_unlock_also_after_a_restart(school: Any) -> None:
    ada = await school.join(ADA)
    with pytest.raises(NotUnlocked):  # the one by which she joined
        await give(school, ada)
    await school.confirm(ada)
    used = school.code(ADA)
    with pytest.raises(NotUnlocked):
        await give(school, ada, used)
    with pytest.raises(NotUnlocked):
        await school.store.leads.unlock(school.arrival(501), ADA, "seven otters paddle upstream", used)
    await school.store.close()
    await school.open()
    ada = await school.unlock(ADA)
    with pytest.raises(NotUnlocked):
        await give(school, ada)
    await school.confirm(ada)


async def test_a_code_sent_twice_at_once_serves_one_of_two_desks(school: Any) -> None:
    await school.join(ADA)
    desks = [await school.unlock(ADA, chat) for chat in (501, 502)]
    school.later(seconds=30)
    results = await asyncio.gather(*(give(school, one) for one in desks), return_exceptions=True)
    assert [type(one) for one in results if one is not None] == [NotUnlocked]
    assert [one.code_at is not None for one in desks].count(True) == 1


async def test_guessing_is_slowed_down_at_all_desks_of_the_lead_and_keeps_her_from_no_unlock(school: Any) -> None:
    ada, bea = await school.join(ADA), await school.join("Bea Potter", chat=501)
    for _ in range(4):
        with pytest.raises(NotUnlocked):
            await give(school, ada, "000000")
    with pytest.raises(Throttled) as refused:
        await give(school, ada, "000000")
    assert refused.value.until - school.now == timedelta(seconds=5)
    await school.confirm(bea)
    other = await school.unlock(ADA, 502)
    await school.confirm(other)
    with pytest.raises(CodeMissing):  # it was given at the other desk
        school.store.leads.sessions.take_code_for(ada, MALICIOUS)


async def test_a_redelivered_code_is_not_judged_again(school: Any) -> None:
    ada = await school.join(ADA)
    school.later(seconds=30)
    arrival = school.arrival(ada.address.chat_id)
    await school.store.leads.fresh_code(ada, arrival, school.code(ADA))
    school.later(seconds=30)
    with pytest.raises(AlreadySeen):
        await school.store.leads.fresh_code(ada, arrival, school.code(ADA))


async def test_no_code_counts_behind_the_curtain_after_the_lock_or_of_who_was_shut_out(school: Any) -> None:
    ada, bea = await school.join(ADA), await school.join("Bea Potter", chat=501)
    await school.store.leads.sessions.set_pin(ada, "2580")
    await school.confirm(ada)
    school.store.leads.sessions.draw(ada.address)
    with pytest.raises(SessionOver):
        await give(school, ada)
    await school.store.leads.sessions.lift(school.arrival(ada.address.chat_id), "2580")
    with pytest.raises(CodeMissing):
        school.store.leads.sessions.take_code_for(ada, MALICIOUS)
    await school.store.leads.team.disable(bea.lead.id)
    with pytest.raises(SessionOver):
        await give(school, bea)


async def test_a_row_that_was_changed_or_put_back_takes_no_code(school: Any) -> None:
    ada = await school.join(ADA)
    await school.store._core.commit(Update(leads, {"id": ada.lead.id}, {"totp_step": 1}))
    school.later(seconds=30)
    with pytest.raises(Tampered):
        await give(school, ada)


async def test_what_an_unlock_keeps_beside_the_step_stays_as_it_was(school: Any) -> None:
    ada = await school.join(ADA)
    chats = await school.store.leads.last_chats.all()
    await school.confirm(ada)
    assert await school.store.leads.last_chats.all() == chats
    assert (await school.store.watch.verify()).forged == 0
