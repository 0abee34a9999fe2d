"""A lead who is suspended: who has her cases then, that her keys open nothing any more, and how she comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.database.schema.cases import cases, readers, wraps
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox
from storage.deeds.ownership import Claim
from storage.deeds.readers.admit import Admit
from storage.leads.disabling import LEAVE
from storage.sealing.primitives.xwing import public_key
from storage.values.errors import NoSuchCase, NotOffered, SessionOver
from tests.programs.start import run_module
from tests.raw_database import tamper
from tests.storage.conftest import School
from tests.storage.test_team import ADA, BEA, CYD, actions, told, yes
from tests.team import set_recovery


@pytest.fixture
async def three(school: School) -> tuple[Any, Any, Any]:
    """Two who decide, and the third of whom they do."""
    ada = await school.join("Ada Byron", chat=ADA)
    bea = await school.join("Bea Potter", "deputy", chat=BEA)
    return ada, bea, await school.join("Cyd Carter", chat=CYD)


async def has(school: Any, session: Any, case: Any) -> None:
    """Make a lead the owner of a case."""
    row = (await school.reads(session, case)).row
    await school.store.desk.act(session, school.arrival(session.address.chat_id), case, row.version, Claim())


async def blobs(school: Any, lead: Any) -> list[bytes]:
    async with school.store._core.read() as connection:
        asked = select(wraps.c.blob).where(wraps.c.holder == lead.lead.id).order_by(wraps.c.case_id)
        return list((await connection.execute(asked)).scalars())


async def of_case(school: Any, case: Any) -> tuple[str | None, str | None]:
    async with school.store._core.read() as connection:
        found = (await connection.execute(select(cases.c.owner, cases.c.due).where(cases.c.id == case))).one()
    return found.owner, found.due


async def holds(school: Any) -> bool:
    checked = await school.store.watch.verify()
    return bool(checked.holds)


async def fingerprint_of(school: Any, session: Any) -> str:
    found: str = (await school.store.leads.rosters.read()).leads[session.lead.id].fingerprint
    return found


async def suspend(school: Any, by: tuple[Any, Any], whom: Any, taker: Any = None) -> None:
    shown, to = await fingerprint_of(school, whom), None if taker is None else taker.lead.id
    team = school.store.leads.team
    said = [await team.shut_out(one, school.arrival(one.address.chat_id), whom.lead.id, shown, to) for one in by]
    assert said == [False, True]


async def test_her_wraps_go_from_every_case_and_from_the_files_and_all_stays_genuine(
    school: School, three: Any
) -> None:
    ada, bea, cyd = three
    sent = [(await school.send((ada, cyd), (bea,), chat=number)).talk.found.case for number in range(45)]
    await has(school, cyd, sent[3])
    before = await blobs(school, cyd)
    assert len(before) == 45
    await suspend(school, (ada, bea), cyd)
    assert await holds(school)
    [shown] = (await school.store.leads.team_view.read(ada)).suspended
    assert shown.left == 45
    assert await school.store.wrap_removal.run() == 45
    assert await holds(school)
    assert set(await blobs(school, cyd)) == {b""}
    async with school.store._core.read() as connection:
        assert (await connection.execute(select(readers).where(readers.c.lead_id == cyd.lead.id))).all() == []
    assert (await school.store.leads.rosters.read()).waiting.unsealing == frozenset()
    assert (cyd.lead.id, "unsealed") in await actions(school)
    for session in (ada, bea):
        seen = await school.reads(session, sent[3])
        assert {card.name for card in seen.recipients} == {"Ada Byron", "Bea Potter"}
    if school.engine == "sqlite":
        raw = b"".join(path.read_bytes() for path in school.folder.glob("hark.db*"))
        assert not any(blob[100:200] in raw for blob in before)
    assert await school.store.wrap_removal.run() == 0


async def test_what_two_people_name_is_who_takes_the_cases_that_are_sealed_for_her_too(
    school: School, three: Any
) -> None:
    ada, bea, cyd = three
    both = (await school.send((cyd,), (bea,), chat=2)).talk.found.case
    hers = (await school.send((cyd,), (ada,), chat=3)).talk.found.case
    for case in (both, hers):
        await has(school, cyd, case)
    await told(school)
    shown, team = await fingerprint_of(school, cyd), school.store.leads.team
    assert not await team.shut_out(ada, school.arrival(ADA), cyd.lead.id, shown, bea.lead.id)
    assert not await team.shut_out(bea, school.arrival(BEA), cyd.lead.id, shown), "the two have to say the same"
    assert not await team.shut_out(ada, school.arrival(ADA), cyd.lead.id, shown, bea.lead.id)
    with pytest.raises(NotOffered):
        await team.shut_out(bea, school.arrival(BEA), cyd.lead.id, shown, cyd.lead.id)
    assert await team.shut_out(bea, school.arrival(BEA), cyd.lead.id, shown, bea.lead.id)
    assert await of_case(school, both) == (bea.lead.id, "act")
    assert await of_case(school, hers) == (None, "acknowledge")
    async with school.store._core.read() as connection:
        new = select(outbox.c.lead_id, outbox.c.case_id).where(outbox.c.kind == "new")
        assert [tuple(row) for row in (await connection.execute(new)).all()] == [(bea.lead.id, both)]
    await school.store.wrap_removal.run()
    assert await of_case(school, both) == (bea.lead.id, "act")
    assert await holds(school)


async def test_a_case_that_nobody_else_could_open_stays_sealed_for_her(school: School, three: Any) -> None:
    ada, bea, cyd = three
    alone = (await school.send((cyd,), chat=2)).talk.found.case
    shared = (await school.send((cyd,), (ada,), chat=3)).talk.found.case
    await suspend(school, (ada, bea), cyd)
    assert await school.store.wrap_removal.run() == 1
    assert len([blob for blob in await blobs(school, cyd) if blob]) == 1
    assert await holds(school)
    await school.store.leads.team.enable(cyd.lead.id)
    cyd = await school.unlock("Cyd Carter", chat=CYD)
    ada, bea = await school.unlock("Ada Byron", ADA), await school.unlock("Bea Potter", BEA)
    for session in (ada, bea):
        await yes(school, session, cyd)
    assert (await school.reads(cyd, alone)).row.id == alone
    with pytest.raises(NoSuchCase):
        await school.reads(cyd, shared)


async def test_with_a_recovery_key_hers_alone_goes_too(school: School, three: Any) -> None:
    ada, bea, cyd = three
    await set_recovery(school.store, public_key(b"r" * 32))
    await school.send((cyd,), chat=2)
    await suspend(school, (ada, bea), cyd)
    assert await school.store.wrap_removal.run() == 1
    assert set(await blobs(school, cyd)) == {b""}
    assert await holds(school)


async def test_where_a_recipient_signed_who_reads_the_case_opens_after_as_before(school: School, three: Any) -> None:
    ada, bea, cyd = three
    case = (await school.send((cyd,), (bea,), withheld=(ada.lead.id,), chat=2)).talk.found.case
    row = (await school.reads(cyd, case)).row
    await school.store.desk.act(cyd, school.arrival(CYD), case, row.version, Admit(ada.lead.id, "only mentioned"))
    await suspend(school, (ada, bea), cyd)
    await school.store.wrap_removal.run()
    assert {card.name for card in (await school.reads(ada, case)).recipients} == {"Ada Byron", "Bea Potter"}
    assert await holds(school)


async def test_whoever_comes_back_reads_what_comes_and_nothing_of_before(school: School, three: Any) -> None:
    ada, bea, cyd = three
    old = (await school.send((ada, cyd), chat=2)).talk.found.case
    await suspend(school, (ada, bea), cyd)
    await school.store.leads.team.enable(cyd.lead.id)
    cyd = await school.unlock("Cyd Carter", chat=CYD)
    ada, bea = await school.unlock("Ada Byron", ADA), await school.unlock("Bea Potter", BEA)
    for session in (ada, bea):
        with pytest.raises(NotOffered):
            await yes(school, session, cyd)
    await school.store.wrap_removal.run()
    for session in (ada, bea):
        await yes(school, session, cyd)
    new = (await school.send((ada, cyd), chat=3)).talk.found.case
    assert [row.id for row in (await school.store.desk.queues.page(cyd)).rows] == [new]
    with pytest.raises(NoSuchCase):
        await school.reads(cyd, old)
    assert await school.store.wrap_removal.run() == 0
    assert await holds(school)


async def test_a_wrap_that_somebody_puts_back_or_empties_is_found(school: School, three: Any) -> None:
    ada, bea, cyd = three
    case = (await school.send((ada, cyd), chat=2)).talk.found.case
    [before] = await blobs(school, cyd)
    await suspend(school, (ada, bea), cyd)
    await school.store.wrap_removal.run()
    hers = wraps.c.holder == cyd.lead.id
    for statement in (
        update(wraps).where(hers).values(blob=before),
        update(wraps).where(wraps.c.holder == ada.lead.id).values(blob=b""),
    ):
        await tamper(school.url, statement)
        assert not await holds(school)
    assert case


async def test_a_lead_leaves_by_her_own_word_and_one_colleagues(school: School, three: Any) -> None:
    ada, bea, cyd = three
    case = (await school.send((cyd,), (bea,), chat=2)).talk.found.case
    await has(school, cyd, case)
    shown, team = await fingerprint_of(school, cyd), school.store.leads.team
    for taker in (None, bea.lead.id):
        with pytest.raises(NotOffered):
            await team.leave(ada, school.arrival(ADA), cyd.lead.id, shown, taker)
    assert not await team.leave(cyd, school.arrival(CYD), cyd.lead.id, shown, bea.lead.id)
    assert not await team.leave(cyd, school.arrival(CYD), cyd.lead.id, shown, bea.lead.id), "she is not two"
    assert list((await school.store.leads.rosters.read()).waiting.words) == [f"{LEAVE} {cyd.lead.id}"]
    with pytest.raises(NotOffered):
        await team.leave(ada, school.arrival(ADA), cyd.lead.id, shown)
    assert await team.leave(ada, school.arrival(ADA), cyd.lead.id, shown, bea.lead.id)
    assert school.store.leads.sessions.at(cyd.address) is None
    assert await of_case(school, case) == (bea.lead.id, "act")
    with pytest.raises(SessionOver):
        await school.store.desk.queues.page(cyd)


async def test_no_chat_and_no_address_of_hers_is_kept_and_the_check_holds(school: School, three: Any) -> None:
    ada, bea, cyd = three
    await school.store.pagers.ask(cyd, school.arrival(CYD), "cyd@school.example")
    await school.store.channels.tried(cyd.lead.id, "telegram", taken=True)
    await suspend(school, (ada, bea), cyd)
    async with school.store._core.read() as connection:
        asked = select(leads.c.chat, leads.c.places).where(leads.c.id == cyd.lead.id)
        assert tuple((await connection.execute(asked)).one()) == (None, None)
    assert await school.store.pagers.address(cyd.lead.id) is None
    assert await holds(school)
    assert cyd.address not in await school.store.leads.chats()


async def test_an_offer_to_her_ends_and_the_giver_keeps_the_case(school: School, three: Any) -> None:
    ada, bea, cyd = three
    case = (await school.send((ada, cyd), chat=2)).talk.found.case
    await has(school, ada, case)
    await school.store.desk.handing.offer(ada, school.arrival(ADA), cyd.lead.id)
    assert await school.store.desk.handing.waiting(ada) == 1
    await suspend(school, (ada, bea), cyd)
    assert await holds(school)
    assert await school.store.desk.handing.waiting(ada) == 0
    assert (await of_case(school, case))[0] == ada.lead.id


@pytest.mark.slow
@pytest.mark.sqlite_only("a file is copied for each kill; what is committed together is the same on a server")
async def test_killed_at_any_point_it_goes_on_and_every_case_is_genuine_at_every_moment(tmp_path: Path) -> None:
    """In a process of its own, since each run forks and is killed."""
    done = await asyncio.to_thread(run_module, "tests.storage.killed_team", "suspending", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "killed" in done.stdout
