"""Past cases for a colleague who came later: by whom, which never, who is told, and that it goes on after any end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from flows.values.deeds import Answered
from flows.values.draft import Wrote
from flows.values.text import Text
from storage.database.schema.leads import grants
from storage.database.schema.notices import outbox
from storage.deeds.ownership import Acknowledge
from storage.deeds.readers.exclude import Exclude
from storage.deeds.readers.grant import Grant
from storage.deeds.status import CloseCase
from storage.deeds.words import AddNote
from storage.values.errors import NoSuchCase, NotOffered, SessionOver, Stale, Tampered
from tests.programs.start import run_module
from tests.raw_database import fetch, tamper
from tests.storage.conftest import School
from tests.storage.test_team import ADA, BEA, CYD, EVE, actions, told

REASON = "She takes over from Cyd."


@pytest.fixture
async def three(school: School) -> tuple[Any, Any, Any]:
    """Two who read from the beginning, and one who came later."""
    ada = await school.join("Ada Byron", chat=ADA)
    bea = await school.join("Bea Potter", "deputy", chat=BEA)
    return ada, bea, await school.join("Eve Moneypenny", chat=EVE)


async def sends(school: Any, *leads: Any, chat: int = 1, **changes: Any) -> Any:
    return (await school.send(leads, chat=chat, **changes)).talk.found.case


def wrote(words: str) -> dict[str, Any]:
    return {"answers": (Answered("tell", Text("Tell us."), Wrote((words,))),)}


async def gives(school: Any, by: Any, to: Any, scope: Any = "all", months: int = 0) -> int:
    """Give all of a scope to the end; how many."""
    arrival = school.arrival(by.address.chat_id)
    await school.store.desk.grants.begin(by, arrival, to.lead.id, scope, REASON, months)
    return await goes_on(school, by)


async def goes_on(school: Any, by: Any) -> int:
    granted = 0
    while progress := await school.store.desk.grants.step(by):
        granted = progress.granted
        assert progress.looked <= progress.total
        if progress.done:
            assert progress.looked == progress.total
    return granted


async def queue_of(school: Any, lead: Any, which: Any = "open") -> set[Any]:
    return {row.id for row in (await school.store.desk.queues.page(lead, which, None, 50)).rows}


async def grant(school: Any, by: Any, case: Any, to: Any, reason: str = REASON) -> Any:
    row = (await school.store.desk.open_case(by, school.arrival(by.address.chat_id), case)).row
    arrival = school.arrival(by.address.chat_id)
    return await school.store.desk.act(by, arrival, case, row.version, Grant(to.lead.id, reason))


async def test_all_that_the_giver_can_open_is_read_from_then_on_and_opens_as_any_other(
    school: School, three: Any
) -> None:
    ada, bea, eve = three
    cases = [await sends(school, ada, bea, chat=number) for number in range(45)]
    other = await sends(school, bea, chat=99)
    assert await gives(school, ada, eve) == 45
    assert await queue_of(school, eve) == set(cases)
    with pytest.raises(NoSuchCase):
        await school.reads(eve, other)
    seen = await school.reads(eve, cases[7])
    assert "zebrafish-canary words" in str(seen.entries[0].answers)
    [done] = [entry for entry in seen.entries if entry.action and entry.action.what == "grant"]
    assert (done.by, done.action.detail["reason"]) == (ada.lead, REASON)
    assert {card.name for card in (await school.reads(bea, cases[7])).recipients} == {
        "Ada Byron",
        "Bea Potter",
        "Eve Moneypenny",
    }
    assert (await school.store.watch.verify()).holds
    row = seen.row
    note = AddNote(text="I have it.")
    row = await school.store.desk.act(eve, school.arrival(EVE), row.id, row.version, note)
    assert await gives(school, ada, eve) == 0, "whoever has it is given nothing again"
    logged = await actions(school)
    assert logged.count((ada.lead.id, "grant")) == 45
    assert logged.count((eve.lead.id, "granted")) == 2


async def test_open_ones_those_of_the_last_months_or_all_are_given(school: School, three: Any) -> None:
    ada, bea, eve = three
    old = await sends(school, ada, chat=2)
    row = (await school.reads(ada, old)).row
    row = await school.store.desk.act(ada, school.arrival(ADA), old, row.version, Acknowledge())
    await school.store.desk.act(ada, school.arrival(ADA), old, row.version, CloseCase("no_further_action", "done"))
    school.later(days=100)
    ada = await school.unlock("Ada Byron", ADA)
    fresh = await sends(school, ada, chat=3)
    assert await gives(school, ada, eve, months=3) == 1
    eve = await school.unlock("Eve Moneypenny", EVE)
    assert await queue_of(school, eve) == {fresh}
    assert await queue_of(school, eve, "closed") == set()
    bea = await school.unlock("Bea Potter", BEA)
    assert await gives(school, ada, bea, "open") == 1
    assert await queue_of(school, bea, "closed") == set()
    assert await gives(school, ada, eve) == 1
    assert await queue_of(school, eve, "closed") == {old}
    assert await queue_of(school, eve, "unread") == {fresh}, "of a closed case nothing waits for her"


#: What keeps a case from a colleague, whatever its giver says.
NEVER: dict[str, Any] = {
    "the reporter left her out": lambda eve: {"excluded": (eve.lead.id,)},
    "she was withheld": lambda eve: {"withheld": (eve.lead.id,)},
    "the words name her": lambda _: wrote("Miss Moneypenny saw it and laughed."),
    "it may be about an adult here": lambda _: {"categories": ("staff_conduct.allegation",)},
    "nobody was sure": lambda _: {"unsure": True},
}


@pytest.mark.parametrize("why", [*NEVER, "a message names her", "a note names her"])
async def test_what_is_not_for_her_is_left_out_and_nothing_that_she_or_anybody_sees_tells_of_it(
    school: School, three: Any, why: str
) -> None:
    ada, bea, eve = three
    shared = await sends(school, ada, bea, chat=2)
    before = await told(school)
    assert before is not None
    sent = await school.send((ada, bea), chat=3, **(NEVER[why](eve) if why in NEVER else {}))
    if why == "a message names her":
        await school.say(sent.talk, "It was Eve Moneypenny", chat=3)
    if why == "a note names her":
        row = (await school.reads(ada, sent.talk.found.case)).row
        note = AddNote(text="I think that it is Ms Moneypenny.")
        await school.store.desk.act(ada, school.arrival(ADA), row.id, row.version, note)
    assert await gives(school, ada, eve) == 1
    assert await queue_of(school, eve) == {shared}
    with pytest.raises(NoSuchCase):
        await school.reads(eve, sent.talk.found.case)
    assert (await school.store.desk.queues.brief(eve, school.now)).open == 1
    if why not in {"it may be about an adult here", "nobody was sure"}:
        assert await school.store.desk.grants.candidates(ada, sent.talk.found.case) == ()
        await school.reads(ada, sent.talk.found.case)
        with pytest.raises(NotOffered):
            await grant(school, ada, sent.talk.found.case, eve)
    assert (await school.store.watch.verify()).holds


async def test_with_and_without_a_hidden_case_the_same_is_said_to_everybody(
    tmp_path: Path, another_school: Any
) -> None:
    """What she, and a colleague who is kept out of it too, can learn of a grant."""
    found = []
    for hidden in (False, True):
        school = another_school(tmp_path / str(hidden))
        school.folder.mkdir()
        await school.open()
        ada = await school.join("Ada Byron", chat=ADA)
        bea = await school.join("Bea Potter", "deputy", chat=BEA)
        eve = await school.join("Eve Moneypenny", chat=EVE)
        await sends(school, ada, bea, chat=2)
        if hidden:
            await sends(school, ada, chat=3, excluded=(bea.lead.id, eve.lead.id))
        await told(school)
        assert await gives(school, ada, eve) == 1
        names = {ada.lead.id: "ada", bea.lead.id: "bea", eve.lead.id: "eve"}
        async with school.store._core.read() as connection:
            rows = await connection.execute(select(outbox.c.lead_id, outbox.c.kind, outbox.c.case_id))
            notices = sorted((names[lead], kind, case is None) for lead, kind, case in rows if lead != ada.lead.id)
        views = [await school.store.leads.team_view.read(one) for one in (bea, eve)]
        lately = [[(one.what, one.lead and one.lead.name) for one in view.lately] for view in views]
        briefs = [await school.store.desk.queues.brief(one, school.now) for one in (bea, eve)]
        found.append((notices, lately, [(one.new, one.unread, one.open) for one in briefs]))
        await school.store.close()
    assert found[0] == found[1]
    assert found[0][0] == [("bea", "new", False), ("bea", "team", True), ("eve", "team", True)]


async def test_only_who_can_open_it_gives_it_and_only_to_who_reads_at_the_site(school: School, three: Any) -> None:
    ada, bea, eve = three
    far = await school.join("Dan Reed", chat=504, site="elsewhere")
    manager = await school.join("Max Manager", "manager", chat=505)
    case = await sends(school, ada, chat=2)
    begin = school.store.desk.grants.begin
    for to in (far, manager, ada):
        with pytest.raises(NotOffered):
            await begin(ada, school.arrival(ADA), to.lead.id, "all", REASON)
        with pytest.raises(NotOffered):
            await grant(school, ada, case, to)
    for who, reason in (("nobody", REASON), (eve.lead.id, "  ")):
        with pytest.raises(NotOffered):
            await begin(ada, school.arrival(ADA), who, "all", reason)
    assert await gives(school, bea, eve) == 0
    with pytest.raises(NoSuchCase):
        await grant(school, bea, case, eve)
    assert await queue_of(school, eve) == set()


async def test_one_case_is_given_from_its_card_and_everybody_hears_of_it(school: School, three: Any) -> None:
    ada, bea, eve = three
    sent = await school.send((ada, bea), chat=7)
    case = sent.talk.found.case
    await school.store.talks.notice(school.arrival(7), sent.talk, on=True)
    with pytest.raises(Stale):
        await grant(school, ada, case, eve)
    await school.reads(ada, case)
    assert [card.name for card in await school.store.desk.grants.candidates(ada, case)] == ["Eve Moneypenny"]
    await told(school)
    await grant(school, ada, case, eve)
    waits = await fetch(school.url, select(outbox.c.kind).where(outbox.c.return_id.is_not(None)))
    assert len(waits) == 1, "the reporter hears that there is something to read"
    assert await told(school, "message") == {bea.lead.id, eve.lead.id}
    assert [card.name for card in (await school.store.talks.view(sent.talk)).let_in] == ["Eve Moneypenny"]
    assert await queue_of(school, eve) == {case}
    assert await school.store.desk.grants.candidates(ada, case) == ()
    with pytest.raises(NotOffered):
        await grant(school, ada, case, eve)


async def test_where_it_may_be_about_an_adult_here_two_have_to_say_so(school: School, three: Any) -> None:
    ada, bea, eve = three
    case = await sends(school, ada, bea, chat=2, unsure=True)
    for one in (ada, bea):
        await school.reads(one, case)
    await grant(school, ada, case, eve)
    await grant(school, ada, case, eve)
    assert await queue_of(school, eve) == set()
    row = await grant(school, bea, case, eve)
    assert row.glance.proposed == {}
    assert await queue_of(school, eve) == {case}
    assert (await school.store.watch.verify()).holds


async def test_what_is_said_for_her_stands_in_the_case_under_their_names(school: School, three: Any) -> None:
    ada, bea, eve = three
    case = await sends(school, ada, bea, chat=2, unsure=True)
    for one in (ada, bea):
        await school.reads(one, case)
    await grant(school, ada, case, eve)
    await grant(school, bea, case, eve, "I know her.")
    view = await school.reads(ada, case)
    said = [(one.action.what, one.by.id, one.action.detail) for one in view.entries if one.action and one.by]
    assert [(what, by, detail["to"], detail["reason"]) for what, by, detail in said if "reason" in detail] == [
        ("vouch", ada.lead.id, eve.lead.id, REASON),
        ("grant", bea.lead.id, eve.lead.id, "I know her."),
    ]
    assert next(detail for what, _, detail in said if what == "grant")["access"], "she signs who reads it from then on"
    assert {(ada.lead.id, "vouch"), (bea.lead.id, "grant")} <= set(await actions(school))
    assert "I know her" not in repr(Grant(eve.lead.id, "I know her."))


async def test_whom_a_colleague_kept_out_is_given_it_by_nobody(school: School, three: Any) -> None:
    ada, bea, eve = three
    case = await sends(school, ada, bea, eve, chat=2)
    row = (await school.reads(ada, case)).row
    school.store.leads.sessions.give_code(ada)
    await school.store.desk.act(ada, school.arrival(ADA), case, row.version, Exclude(eve.lead.id, "It is her brother."))
    await school.reads(bea, case)
    with pytest.raises(NotOffered):
        await grant(school, bea, case, eve)
    assert await gives(school, bea, eve) == 0


async def test_it_goes_on_where_it_ended_once_the_giver_unlocks_again(school: School, three: Any) -> None:
    ada, bea, eve = three
    cases = {await sends(school, ada, bea, chat=number) for number in range(45)}
    await school.store.desk.grants.begin(ada, school.arrival(ADA), eve.lead.id, "all", REASON)
    progress = await school.store.desk.grants.step(ada)
    assert (progress.looked, progress.total, progress.granted, progress.done) == (10, 45, 10, False)
    school.store.leads.sessions.lock(ada.address)
    with pytest.raises(SessionOver):
        await school.store.desk.grants.step(ada)
    await school.store.close()
    await school.open()
    assert await school.store.desk.grants.unfinished() == {ada.lead.id}
    assert (await school.store.watch.verify()).holds
    ada, eve = await school.unlock("Ada Byron", ADA), await school.unlock("Eve Moneypenny", EVE)
    assert await goes_on(school, ada) == 45
    assert await queue_of(school, eve) == cases
    assert await school.store.desk.grants.unfinished() == frozenset()
    assert (await school.store.watch.verify()).holds


async def test_a_lead_who_is_suspended_meanwhile_is_given_nothing_more_and_gives_nothing_more(
    school: School, three: Any
) -> None:
    ada, bea, eve = three
    for number in range(30):
        await sends(school, ada, bea, chat=number)
    begin, step = school.store.desk.grants.begin, school.store.desk.grants.step
    for by in (ada, bea):
        await begin(by, school.arrival(by.address.chat_id), eve.lead.id, "all", REASON)
    await step(ada)
    await school.store.leads.team.disable(ada.lead.id)
    with pytest.raises(SessionOver):
        await step(ada)
    await school.store.leads.team.disable(eve.lead.id)
    progress = await step(bea)
    assert progress.done
    assert await step(bea) is None
    await school.store.wrap_removal.run()
    assert (await school.store.watch.verify()).holds


async def test_whoever_came_back_is_given_the_cases_of_before_anew(school: School, three: Any) -> None:
    ada, bea, _ = three
    cyd = await school.join("Cyd Carter", chat=CYD)
    case = await sends(school, ada, cyd, chat=2)
    await school.store.leads.team.disable(cyd.lead.id)
    await school.store.wrap_removal.run()
    await school.store.leads.team.enable(cyd.lead.id)
    cyd = await school.unlock("Cyd Carter", CYD)
    found = next(one for one in await school.store.leads.team_view.waiting() if one.card.id == cyd.lead.id)
    for one in (ada, bea):
        arrival = school.arrival(one.address.chat_id)
        await school.store.leads.team.confirm(one, arrival, found.card.id, found.fingerprint)
    assert await gives(school, ada, cyd) == 1
    assert (await school.reads(cyd, case)).row.id == case
    assert (await school.store.watch.verify()).holds


async def test_words_that_come_meanwhile_are_looked_at_before_anything_is_given(school: School, three: Any) -> None:
    """A reporter who writes the name while a batch is sealed changes the case, and it is looked at anew."""
    ada, _, eve = three
    sent = await school.send((ada,), chat=2)
    other = await sends(school, ada, chat=3)
    await school.store.desk.grants.begin(ada, school.arrival(ADA), eve.lead.id, "all", REASON)
    seal, written = asyncio.to_thread, []

    async def names_her_meanwhile(function: Any, *arguments: Any) -> Any:
        found = await seal(function, *arguments)
        if not written:
            written.append(await school.say(sent.talk, "It is Eve Moneypenny", chat=2))
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("storage.desk.many_cases.grants.asyncio.to_thread", names_her_meanwhile)
        assert (await school.store.desk.grants.step(ada)).granted == 1
    assert await queue_of(school, eve) == {other}


async def test_nobody_who_writes_the_database_begins_one_or_puts_an_earlier_one_back(
    school: School, three: Any
) -> None:
    ada, bea, eve = three
    await sends(school, ada, chat=2)
    await school.store.desk.grants.begin(ada, school.arrival(ADA), eve.lead.id, "all", REASON)
    async with school.store._core.read() as connection:
        before = dict((await connection.execute(select(grants))).mappings().one())
    await tamper(school.url, update(grants).values(taker=bea.lead.id))
    with pytest.raises(Tampered):
        await school.store.desk.grants.step(ada)
    await tamper(school.url, update(grants).values(before))
    await goes_on(school, ada)
    await tamper(school.url, update(grants).values(before))
    with pytest.raises(Tampered):
        await school.store.desk.grants.step(ada)
    assert not (await school.store.watch.verify()).rows


@pytest.mark.slow
@pytest.mark.sqlite_only("a file is copied for each kill; what is committed together is the same on a server")
async def test_killed_at_any_point_each_case_is_given_once_and_is_genuine_at_every_moment(tmp_path: Path) -> None:
    """In a process of its own, since each run forks and is killed."""
    done = await asyncio.to_thread(run_module, "tests.storage.killed_team", "granting", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "killed" in done.stdout
