"""Until when a case is kept, who may change that, and that nothing unread, open or held is ever destroyed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from flows.cases.roles import RULES
from storage.cases.retention import GOING
from storage.cases.rows.case_row import SINCE_RETENTION
from storage.core.destruction_ledger import Tombstone
from storage.database.schema import metadata
from storage.database.schema.cases import cases, readers, wraps
from storage.database.schema.notices import outbox
from storage.deeds.leaving.retention import AskDestruction, Destroy, Hold, KeepLonger, KeepShorter, LiftHold
from storage.deeds.ownership import Claim
from storage.deeds.status import CloseCase, ReopenCase, SetStatus
from storage.values.errors import CodeMissing, NoSuchCase, NotOffered, SessionOver, Stale, Tampered
from tests.raw_database import fetch, read_tables, tamper, write_tables
from tests.storage.conftest import SITE

ADA, BEA, EVE = 500, 501, 502
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2051, 2, 1, tzinfo=UTC)
ONE_ENGINE = pytest.mark.sqlite_only("what may be done to a case is decided above the engine")


@pytest.fixture
async def two(school: Any) -> tuple[Any, Any]:
    return await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)


async def act(school: Any, session: Any, case: Any, deed: Any) -> Any:
    """Read all of it, and do something to it, with a fresh code where it takes one."""
    row = (await school.reads(session, case)).row
    if RULES[deed.name].code:
        await school.confirm(session)
    return await school.store.desk.act(session, school.arrival(session.address.chat_id), case, row.version, deed)


async def agree(school: Any, session: Any, case: Any) -> Any:
    row = (await school.reads(session, case)).row
    await school.confirm(session)
    arrival = school.arrival(session.address.chat_id)
    return await school.store.destruction.agree(session, arrival, case, row.version)


async def closed(school: Any, two: Any, until: datetime | None = LONG_AGO, **changes: Any) -> Any:
    """A case that was closed, whose time was over long ago."""
    sent = await school.send(two, **changes)
    case = sent.talk.found.case
    await act(school, two[0], case, Claim())
    await act(school, two[0], case, CloseCase("early_help", "done", until, "child_file"))
    return sent


async def a_week(school: Any, two: Any) -> tuple[Any, Any]:
    """The recipients are told; a week passes, and they unlock again."""
    await school.store.watch.sweep()
    school.later(days=7)
    return tuple([await school.unlock(one.lead.name, one.address.chat_id) for one in two])


async def of(school: Any, case: Any, column: Any) -> Any:
    [(value,)] = await fetch(school.url, select(column).where(cases.c.id == case))
    return value


async def left_of(school: Any, case: Any) -> set[str]:
    """The tables in which a row names the case, besides the audit."""
    tables = await read_tables(school.url)
    named = {name for name, rows in tables.items() for row in rows if case in row.values()}
    return named - {"audit"}


async def test_a_case_whose_time_is_over_goes_a_week_after_its_recipients_were_told(school: Any, two: Any) -> None:
    sent = await closed(school, two)
    other = await school.send(two, chat=2)
    case = sent.talk.found.case
    with pytest.raises(NotOffered):
        await agree(school, two[0], case)
    await school.store.watch.sweep()
    told = await fetch(school.url, select(outbox.c.lead_id).where(outbox.c.kind == "retention"))
    assert sorted(lead for (lead,) in told) == sorted(one.lead.id for one in two)
    ada, bea = await a_week(school, two)
    assert (await agree(school, ada, case)).status == "closed"
    assert (await agree(school, ada, case)).status == "closed", "one person is not two"
    assert await agree(school, bea, case) is None
    assert await left_of(school, case) == set()
    assert Tombstone("case", case) in school.store._core.ledger.read()
    assert (await school.store.watch.verify()).holds
    for call in (agree(school, bea, case), school.reads(ada, case)):
        with pytest.raises(NoSuchCase):
            await call
    assert await school.store.talks.open(school.arrival(1), sent.words) is None
    assert await school.store.talks.open(school.arrival(2), other.words) is not None
    assert (await school.store.watch.sweep()).cases == 0
    assert school.store.tampered == 0


@ONE_ENGINE
async def test_the_second_word_counts_for_a_day(school: Any, two: Any) -> None:
    case = (await closed(school, two)).talk.found.case
    ada, bea = await a_week(school, two)
    await agree(school, ada, case)
    school.later(days=1)
    bea = await school.unlock(bea.lead.name, BEA)
    assert (await agree(school, bea, case)).status == "closed"
    assert await of(school, case, cases.c.keep_until) != GOING


async def held(school: Any, two: Any, sent: Any) -> None:
    await act(school, two[0], sent.talk.found.case, Hold("the police asked"))


async def written_to(school: Any, _: Any, sent: Any) -> None:
    talk = await school.store.talks.open(school.arrival(1), sent.words)
    await school.say(talk, "it was not over")


async def reopened(school: Any, two: Any, sent: Any) -> None:
    await act(school, two[0], sent.talk.found.case, ReopenCase("after all"))


async def kept_longer(school: Any, two: Any, sent: Any) -> None:
    await act(school, two[0], sent.talk.found.case, KeepLonger(LATER, "a brother is here still"))


@ONE_ENGINE
@pytest.mark.parametrize("what", [held, written_to, reopened, kept_longer])
async def test_nothing_held_written_to_or_open_goes_whatever_was_said_before(school: Any, two: Any, what: Any) -> None:
    sent = await closed(school, two)
    case = sent.talk.found.case
    ada, bea = await a_week(school, two)
    await agree(school, ada, case)
    await what(school, (ada, bea), sent)
    version = (await school.store.desk.open_case(bea, school.arrival(BEA), case)).row.version
    for destroy in (school.store.destruction.agree, partial(school.store.desk.act, deed=Destroy())):
        await school.confirm(bea)
        with pytest.raises((NotOffered, Stale)):
            await destroy(bea, school.arrival(BEA), case, version)
    assert (await school.store.watch.sweep()).cases == 0
    assert await of(school, case, cases.c.id) == case


@ONE_ENGINE
async def test_a_talk_that_is_open_when_its_case_goes_ends_and_alarms_nobody(school: Any, two: Any) -> None:
    sent = await closed(school, two)
    ada, bea = await a_week(school, two)
    talk = await school.store.talks.open(school.arrival(1), sent.words)
    view = await school.reads(ada, sent.talk.found.case)
    await agree(school, ada, sent.talk.found.case)
    await agree(school, bea, sent.talk.found.case)
    with pytest.raises(SessionOver):
        await school.say(talk, "is anybody there?")
    with pytest.raises(NoSuchCase):
        await school.store.desk.words_shown(ada, view.row, whole=True)
    await school.store.recheck.look()
    assert school.store.tampered == 0


@ONE_ENGINE
async def test_longer_takes_one_and_shorter_takes_two_within_a_day(school: Any, two: Any) -> None:
    case = (await closed(school, two, LATER)).talk.found.case
    ada, bea = two
    row = await act(school, ada, case, KeepLonger(None, "nobody knows"))
    assert row.retention.until is None
    with pytest.raises(NotOffered):
        await act(school, ada, case, KeepLonger(LATER, "it is shorter in truth"))
    assert (await act(school, ada, case, KeepShorter(LATER, "now we do"))).retention.until is None
    assert (await act(school, ada, case, KeepShorter(LATER, "I say so again"))).retention.until is None
    other = LATER.replace(year=2052)
    assert (await act(school, bea, case, KeepShorter(other, "another"))).retention.until is None
    assert (await act(school, bea, case, KeepShorter(LATER, "yes"))).retention.until == LATER
    with pytest.raises(NotOffered):
        await act(school, ada, case, KeepShorter(other, "it is longer in truth"))
    await act(school, ada, case, KeepShorter(LONG_AGO, "it is over"))
    school.later(days=1)
    bea = await school.unlock(bea.lead.name, BEA)
    assert (await act(school, bea, case, KeepShorter(LONG_AGO, "it is over"))).retention.until == LATER


@ONE_ENGINE
async def test_each_word_takes_a_fresh_code(school: Any, two: Any) -> None:
    case = (await closed(school, two)).talk.found.case
    ada, _ = await a_week(school, two)
    row = (await school.reads(ada, case)).row
    for deed in (Destroy(), KeepShorter(LONG_AGO.replace(year=2019), "shorter"), LiftHold("?")):
        with pytest.raises(CodeMissing):
            await school.store.desk.act(ada, school.arrival(ADA), case, row.version, deed)


@ONE_ENGINE
async def test_a_hold_is_lifted_by_two_and_outlives_closing(school: Any, two: Any) -> None:
    ada, bea = two
    case = (await school.send(two)).talk.found.case
    assert (await act(school, ada, case, Hold("a court asked"))).retention.held
    await act(school, ada, case, CloseCase("early_help", "done", LONG_AGO, "child_file"))
    ada, bea = await a_week(school, two)
    assert await fetch(school.url, select(outbox.c.id).where(outbox.c.kind == "retention")) == []
    for one in (ada, ada):
        assert (await act(school, one, case, LiftHold("it is over"))).retention.held
    assert not (await act(school, bea, case, LiftHold("it is over"))).retention.held
    with pytest.raises(NotOffered):
        await act(school, bea, case, LiftHold("again"))


@ONE_ENGINE
async def test_a_case_is_destroyed_early_by_the_same_way(school: Any, two: Any) -> None:
    ada, bea = two
    sent = await closed(school, two, LATER)
    case = sent.talk.found.case
    row = await act(school, ada, case, AskDestruction("it is the wrong person"))
    assert (row.retention.early, row.retention.until) == (True, LATER)
    told = await fetch(school.url, select(outbox.c.lead_id).where(outbox.c.kind == "retention"))
    assert [lead for (lead,) in told] == [bea.lead.id]
    with pytest.raises(NotOffered):
        await agree(school, bea, case)
    ada, bea = await a_week(school, two)
    await agree(school, bea, case)
    assert await agree(school, ada, case) is None
    assert await left_of(school, case) == set()


@ONE_ENGINE
@pytest.mark.parametrize("status", ["merged", "transferred"])
async def test_a_case_that_ends_without_closing_has_a_date_too(school: Any, two: Any, status: Any) -> None:
    case = (await school.send(two)).talk.found.case
    assert (await act(school, two[0], case, SetStatus(status, "", LATER))).retention.until == LATER


@ONE_ENGINE
async def test_dates_that_somebody_writes_into_the_database_destroy_nothing(school: Any, two: Any) -> None:
    case = (await closed(school, two, LATER)).talk.found.case
    ada, bea = two
    past = int((school.now - timedelta(days=30)).timestamp())
    for cells in (
        {"keep_until": past, "retention": f"told={past}"},
        {"keep_until": GOING},
        {"retention": f"told={past} early"},
    ):
        before = await read_tables(school.url)
        await tamper(school.url, update(cases).where(cases.c.id == case).values(**cells))
        count = school.store.tampered
        assert (await school.store.watch.sweep()).cases == 0
        for one in (ada, bea):
            with pytest.raises(Tampered):
                await school.store.destruction.agree(one, school.arrival(one.address.chat_id), case, 4)
        assert school.store.tampered > count
        assert await left_of(school, case)
        assert await write_tables(school.url, before)


@ONE_ENGINE
async def test_a_case_that_is_put_back_whole_to_before_its_hold_is_not_destroyed(school: Any, two: Any) -> None:
    case = (await closed(school, two)).talk.found.case
    ada, bea = await a_week(school, two)
    await agree(school, ada, case)
    await school.reads(bea, case)
    before = await read_tables(school.url)
    await act(school, bea, case, Hold("the police asked"))
    now = await read_tables(school.url)
    own = {name for name, table in metadata.tables.items() if name == "cases" or "case_id" in table.c}
    assert await write_tables(school.url, {**now, **{name: before[name] for name in own - {"audit"}}})
    version = before["cases"][0]["desk_version"]
    with pytest.raises(Tampered):
        await school.store.destruction.agree(bea, school.arrival(BEA), case, version)
    await school.confirm(bea)
    await school.store.desk.act(bea, school.arrival(BEA), case, version, Destroy())  # what nobody at the desk comes to
    assert (await school.store.watch.sweep()).cases == 0
    assert {"cases", "wraps", "entries"} <= await left_of(school, case)
    assert Tombstone("case", case) not in school.store._core.ledger.read()


@ONE_ENGINE
async def test_while_the_clock_may_be_wrong_nothing_goes(school: Any, two: Any) -> None:
    case = (await closed(school, two)).talk.found.case
    ada, bea = await a_week(school, two)
    await agree(school, ada, case)

    class Jumped:
        def holds(self) -> bool:
            return False

    school.store._core.clock_guard = Jumped()
    with pytest.raises(NotOffered):
        await agree(school, bea, case)


async def _seen(school: Any, eve: Any, case: Any) -> list[Any]:
    """What a lead who is no recipient gets of every deed on a case, and what she is told."""
    seen: list[Any] = []
    for deed in (
        Hold("?"),
        LiftHold("?"),
        KeepLonger(None, "?"),
        KeepShorter(LATER, "?"),
        AskDestruction("?"),
        Destroy(),
    ):
        await school.confirm(eve)
        try:
            seen.append(await school.store.desk.act(eve, school.arrival(EVE), case, 1, deed))
        except NoSuchCase as refused:
            seen.append(str(refused))
    try:
        seen.append(await school.store.destruction.agree(eve, school.arrival(EVE), case, 1))
    except NoSuchCase as refused:
        seen.append(str(refused))
    await school.store.watch.sweep()
    seen.append(await school.store.desk.ending(eve))
    told = await fetch(school.url, select(outbox.c.kind).where(outbox.c.lead_id == eve.lead.id))
    return [*seen, told]


@ONE_ENGINE
async def test_a_lead_from_whom_it_is_kept_sees_the_same_with_and_without_the_case(
    tmp_path: Path, another_school: Any
) -> None:
    outcomes = []
    for with_case in (False, True):
        folder = tmp_path / str(with_case)
        folder.mkdir()
        school = another_school(folder)
        await school.open()
        two = (await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA))
        eve = await school.join("Eve Stone", "deputy", chat=EVE)
        case = "0" * 32
        if with_case:
            case = (await closed(school, two)).talk.found.case
        outcomes.append(repr(await _seen(school, eve, case)))
        await school.store.close()
    assert outcomes[0] == outcomes[1]


_DEEDS = st.sampled_from(
    ["close", "close late", "reopen", "say", "hold", "lift", "keep", "shorten", "ask", "agree", "sweep", "week"]
)
#: How each story begins and ends: whatever came between, two people try to destroy it in the end.
_ROAD = ((0, "claim"), (0, "close"))
_END = ((0, "week"), (0, "agree"), (1, "agree"))


@ONE_ENGINE
@pytest.mark.slow
def test_whatever_two_leads_do_in_any_order_destroys_nothing_unread_open_or_held(
    tmp_path: Path, another_school: Any
) -> None:
    """Against the rows as they were right before each deed."""
    with asyncio.Runner() as runner:
        school = another_school(tmp_path)
        runner.run(school.open())
        two = [runner.run(school.join("Ada Byron", chat=ADA))]
        two.append(runner.run(school.join("Bea Potter", "deputy", chat=BEA)))
        gone = set()

        @settings(max_examples=15, deadline=None)
        @given(st.lists(st.tuples(st.integers(0, 1), _DEEDS), max_size=8))
        def nothing_goes_that_must_not(steps: list[tuple[int, str]]) -> None:
            sent = runner.run(school.send(tuple(two), chat=school.updates))
            for who, what in (*_ROAD, *steps, *_END):
                if not runner.run(_step(school, two, sent, who, what)):
                    gone.add(len(steps))
                    break

        nothing_goes_that_must_not()
        assert gone, "some are destroyed, or nothing was shown"
        assert school.store.tampered == 0
        runner.run(school.store.close())


async def _step(school: Any, two: list[Any], sent: Any, who: int, what: str) -> bool:
    """Do one thing; false once the case is gone, which has to have been allowed."""
    case, deeds = (
        sent.talk.found.case,
        {
            "claim": Claim(),
            "close": CloseCase("early_help", "done", LONG_AGO, "child_file"),
            "close late": CloseCase("early_help", "done", LATER, "child_file"),
            "reopen": ReopenCase("again"),
            "hold": Hold("asked"),
            "lift": LiftHold("over"),
            "keep": KeepLonger(LATER, "longer"),
            "shorten": KeepShorter(LONG_AGO, "shorter"),
            "ask": AskDestruction("asked"),
        },
    )
    [row] = await fetch(school.url, select(cases).where(cases.c.id == case))
    unread = await fetch(school.url, select(readers.c.unread).where(readers.c.case_id == case))
    try:
        if what == "say":
            talk = await school.store.talks.open(school.arrival(1), sent.words)
            await school.say(talk, "one thing more")
        elif what == "week":
            two[:] = await a_week(school, two)
        elif what == "sweep":
            await school.store.watch.sweep()
        elif what == "agree":
            gone = await agree(school, two[who], case) is None
            if gone:
                assert row.status == "closed"
                assert "held" not in row.retention
                assert (0,) in unread
                assert (row.due, await left_of(school, case)) == (None, set())
            return not gone
        else:
            await act(school, two[who], case, deeds[what])
    except (NotOffered, Stale):
        pass
    assert await fetch(school.url, select(wraps.c.kind).where(wraps.c.case_id == case))
    return True


@ONE_ENGINE
async def test_a_case_without_a_date_is_bound_as_before_there_were_dates(school: Any, two: Any) -> None:
    case = (await school.send(two)).talk.found.case
    assert await of(school, case, cases.c.retention) == ""
    [row] = await fetch(school.url, select(cases).where(cases.c.id == case))
    before = [value for name, value in row._mapping.items() if name not in {"mac", *SINCE_RETENTION}]
    assert school.store._core.server_key.made(row.mac, "case/3", *before)


@ONE_ENGINE
async def test_what_ends_when_is_counted_by_site_and_month(school: Any, two: Any) -> None:
    await closed(school, two, LATER)
    held_one = (await closed(school, two, LATER, chat=2)).talk.found.case
    await act(school, two[0], held_one, Hold("asked"))
    await closed(school, two, None, chat=3)
    await school.send(two, chat=4)
    found = await school.store.endings()
    assert (dict(found.dated), dict(found.undated), found.held) == ({(SITE, LATER.date()): 2}, {SITE: 1}, 1)
