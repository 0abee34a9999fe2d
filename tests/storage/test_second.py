"""What takes two recipients of a case takes two: no word of one's own counts twice, and none counts for ever."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from storage.cases.header import _read, _write
from storage.deeds.readers.admit import Admit
from storage.deeds.status import CloseCase, ReopenCase, SetStatus
from storage.deeds.words import AddNote
from storage.values.errors import CodeMissing, Stale

ADA, BEA = 500, 501


@pytest.fixture
async def two(school: Any) -> tuple[Any, Any]:
    return await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)


async def close(school: Any, session: Any, case: Any, outcome: str = "malicious") -> Any:
    """Read all of it, and close it so, with a code for an outcome that takes one."""
    row = (await school.reads(session, case)).row
    if outcome == "malicious":
        await school.confirm(session)
    arrival = school.arrival(session.address.chat_id)
    return await school.store.desk.act(session, arrival, case, row.version, CloseCase(outcome=outcome, reason="agreed"))


async def test_malicious_is_closed_by_a_second_lead_and_by_nobody_twice(school: Any, two: Any) -> None:
    ada, bea = two
    case = (await school.send(two)).talk.found.case
    for _ in range(2):
        assert (await close(school, ada, case)).status != "closed"
    assert (await close(school, bea, case)).status == "closed"
    seen = await school.reads(ada, case)
    done = [(entry.action.what, entry.by) for entry in seen.entries if entry.action]
    assert done == [("propose", ada.lead), ("propose", ada.lead), ("close", bea.lead)]
    assert (await school.store.watch.verify()).forged == 0


@pytest.mark.parametrize("word", [1, 2])
async def test_neither_word_counts_without_a_code_given_for_it(school: Any, two: Any, word: int) -> None:
    case = (await school.send(two)).talk.found.case
    if word == 2:
        await close(school, two[0], case)
    by = two[word - 1]
    row = (await school.reads(by, case)).row
    deed = CloseCase(outcome="malicious", reason="agreed")
    with pytest.raises(CodeMissing):
        await school.store.desk.act(by, school.arrival(by.address.chat_id), case, row.version, deed)
    await school.confirm(by)
    with pytest.raises(Stale):  # a code is used up by the deed that it was given for, whatever became of that
        await school.store.desk.act(by, school.arrival(by.address.chat_id), case, row.version - 1, deed)
    with pytest.raises(CodeMissing):
        await school.store.desk.act(by, school.arrival(by.address.chat_id), case, row.version, deed)
    seen = (await school.reads(two[0], case)).row
    assert (seen.status, len(seen.glance.proposed)) == (row.status, word - 1)


async def message(school: Any, _: Any, sent: Any) -> None:
    await school.say(sent.talk, "one thing more")


async def closed_and_reopened(school: Any, two: Any, sent: Any) -> None:
    row = await close(school, two[1], sent.talk.found.case, "early_help")
    await school.store.desk.act(two[1], school.arrival(BEA), row.id, row.version, ReopenCase(reason="after all"))


async def merged_and_reopened(school: Any, two: Any, sent: Any) -> None:
    row = (await school.reads(two[1], sent.talk.found.case)).row
    row = await school.store.desk.act(two[1], school.arrival(BEA), row.id, row.version, SetStatus(status="merged"))
    await school.store.desk.act(two[1], school.arrival(BEA), row.id, row.version, ReopenCase())


async def a_day(school: Any, two: Any, _: Any) -> None:
    school.later(days=1)
    for one in two:
        await school.unlock(one.lead.name, one.address.chat_id)


async def shut_out(school: Any, two: Any, _: Any) -> None:
    await school.store.leads.team.disable(two[0].lead.id)


@pytest.mark.parametrize("what", [message, closed_and_reopened, merged_and_reopened, a_day, shut_out])
async def test_a_proposal_lapses_and_the_second_word_is_then_a_first_one(school: Any, two: Any, what: Any) -> None:
    ada, bea = two
    sent = await school.send(two)
    await close(school, ada, sent.talk.found.case)
    await what(school, two, sent)
    bea = school.store.leads.sessions.at(bea.address)
    row = await close(school, bea, sent.talk.found.case)
    assert row.status != "closed"
    assert [one.by for one in row.glance.proposed.values()] == [bea.lead.id]


async def test_a_vouch_lapses_with_a_message_of_the_reporter(school: Any, two: Any) -> None:
    ada, bea = two
    cyd = await school.join("Cyd Carter", "deputy", chat=502)
    sent = await school.send(two, (cyd,), withheld=(cyd.lead.id,), unsure=True)
    case = sent.talk.found.case

    async def vouch(session: Any) -> Any:
        row = (await school.reads(session, case)).row
        arrival = school.arrival(session.address.chat_id)
        return await school.store.desk.act(
            session, arrival, case, row.version, Admit(to=cyd.lead.id, reason="it is not")
        )

    await vouch(ada)
    await school.say(sent.talk, "it is about the one I named")
    assert (await vouch(bea)).glance.withheld == (cyd.lead.id,)
    assert (await school.store.desk.queues.page(cyd)).total == 0
    assert (await vouch(ada)).glance.withheld == ()


async def test_what_an_earlier_version_kept_of_a_first_word_counts_for_nothing(school: Any, two: Any) -> None:
    case = (await school.send(two)).talk.found.case
    row = (await school.reads(two[0], case)).row
    await school.store.desk.act(
        two[0], school.arrival(ADA), case, row.version, AddNote(text="/close malicious: agreed")
    )
    assert (await close(school, two[1], case)).status != "closed"
    older = json.loads(_write(row.glance)) | {"vouched": {"whom": two[0].lead.id}}
    del older["proposed"]
    assert asdict(_read(older))["proposed"] == {}
