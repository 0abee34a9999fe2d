"""No silent new reader, and no reader who cannot be made to leave: what it takes, who is told, and what is kept."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.sql.dml import UpdateBase

from storage.database import instrumentation
from storage.database.schema import leads
from storage.database.schema.cases import cases, wraps
from storage.database.schema.notices import outbox, pagers
from storage.database.schema.sites import audit
from storage.deeds.ownership import Claim
from storage.deeds.words import AddNote
from storage.leads.roster.roster import FOUNDERS, shut_out
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import key_id, public_key
from storage.values import Address, Arrival
from storage.values.errors import NoReaders, NotOffered, NotUnlocked, SessionOver, Tampered
from tests.raw_database import tamper
from tests.storage.conftest import PASSPHRASE, SITE, School

ADA, BEA, CYD, EVE = 500, 501, 502, 503


@pytest.fixture
async def two(school: School) -> tuple[Any, Any]:
    """The first two readers: nobody was there who could have said yes to them."""
    return await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)


async def joins(school: Any, name: str, role: str = "deputy", chat: int = EVE, site: str = SITE) -> Any:
    """Join as anybody does, without anybody's yes."""
    code = (await school.store.leads.invites.draw(name, role, site)).code
    joining = await school.store.leads.joining.begin(school.arrival(chat), code, PASSPHRASE)
    school.secrets[name] = base64.b32decode(joining.secret)
    return await school.store.leads.confirm_join(school.arrival(chat), school.code(name))


async def yes(school: Any, session: Any, waiting: Any) -> bool:
    found = next(one for one in await school.store.leads.team_view.waiting() if one.card.id == waiting.lead.id)
    arrival = school.arrival(session.address.chat_id)
    done: bool = await school.store.leads.team.confirm(session, arrival, found.card.id, found.fingerprint)
    return done


async def out(school: Any, session: Any, whom: Any) -> bool:
    found = (await school.store.leads.rosters.read()).leads[whom.lead.id]
    arrival = school.arrival(session.address.chat_id)
    done: bool = await school.store.leads.team.shut_out(session, arrival, found.id, found.fingerprint)
    return done


async def actions(school: Any) -> list[tuple[str, str]]:
    async with school.store._core.read() as connection:
        asked = select(audit.c.lead_id, audit.c.action).order_by(audit.c.number)
        return [(row.lead_id, row.action) for row in (await connection.execute(asked)).all()]


async def told(school: Any, kind: str = "team") -> set[str]:
    """Whom a notice of a kind waits for; it waits no more."""
    async with school.store._core.read() as connection:
        found = set((await connection.execute(select(outbox.c.lead_id).where(outbox.c.kind == kind))).scalars())
    while notice := await school.store.outbox.next():
        await school.store.outbox.done(notice)
    return found


async def holders(school: Any, case: Any) -> set[str]:
    async with school.store._core.read() as connection:
        asked = select(wraps.c.holder).where(wraps.c.case_id == case, wraps.c.kind == "lead")
        return set((await connection.execute(asked)).scalars())


async def test_the_third_reader_unlocks_and_reads_nothing_until_two_others_have_said_yes(
    school: School, two: Any
) -> None:
    ada, bea = two
    eve = await joins(school, "Eve Moneypenny")
    assert eve.lead.waiting
    assert [reader.name for reader in await school.store.leads.readers(SITE)] == ["Ada Byron", "Bea Potter"]
    case = (await school.send((ada, bea, eve))).talk.found.case
    assert await holders(school, case) == {ada.lead.id, bea.lead.id}
    with pytest.raises(NoReaders):
        await school.send((eve,))
    eve = await school.unlock("Eve Moneypenny", chat=EVE)
    for refused in (school.store.desk.queues.page(eve), school.store.leads.team_view.read(eve), yes(school, eve, eve)):
        with pytest.raises(NotOffered):
            await refused
    ada, bea = await school.unlock("Ada Byron", ADA), await school.unlock("Bea Potter", BEA)
    assert not await yes(school, ada, eve)
    assert not await yes(school, ada, eve), "the same lead is not two"
    assert await holders(school, (await school.send((ada, eve))).talk.found.case) == {ada.lead.id}
    assert await yes(school, bea, eve)
    assert await holders(school, (await school.send((ada, eve))).talk.found.case) == {ada.lead.id, eve.lead.id}
    assert (await school.store.desk.queues.page(eve)).total == 1, "nothing of before was sealed for her"
    assert (await school.store.watch.verify()).roster


async def test_each_change_is_in_the_audit_and_told_to_every_lead_of_every_site(school: School, two: Any) -> None:
    ada, bea = two
    far = await school.join("Max Manager", "manager", chat=510, site="elsewhere")
    everybody = {ada.lead.id, bea.lead.id, far.lead.id}
    eve = await joins(school, "Eve Moneypenny", site="elsewhere")
    assert (await actions(school))[-1] == (eve.lead.id, "join")
    assert await told(school) == everybody
    for session in two:
        await yes(school, session, eve)
    assert (await actions(school))[-3:] == [
        (ada.lead.id, "approve"),
        (bea.lead.id, "approve"),
        (eve.lead.id, "confirmed"),
    ]
    everybody |= {eve.lead.id}
    assert await told(school) == everybody
    await school.store.leads.team.offer_recovery(public_key(b"r" * 32))
    assert (await actions(school))[-1] == ("operator", "recovery_offered")
    assert await told(school) == everybody
    invite = await school.store.leads.invites.draw("Bea Potter", "deputy", SITE)
    school.later(seconds=60)
    arrival = school.arrival(777)
    await school.store.leads.unlock(arrival, "Bea Potter", PASSPHRASE, school.code("Bea Potter"), invite=invite.code)
    assert (bea.lead.id, "moved") in await actions(school)
    assert await told(school) == everybody - {bea.lead.id}
    await school.store.leads.team.disable(bea.lead.id)
    assert (await actions(school))[-1] == (bea.lead.id, "disabled")
    assert await told(school) == everybody - {bea.lead.id}
    assert (await school.store.watch.verify()).audit


async def test_a_new_recovery_key_opens_nothing_and_the_old_one_goes_on_until_two_have_said_yes(
    school: School, two: Any
) -> None:
    ada, bea = two
    old, new = public_key(b"o" * 32), public_key(b"n" * 32)
    team = school.store.leads.team

    async def sealed_for() -> set[bytes]:
        case = (await school.send((ada,))).talk.found.case
        async with school.store._core.read() as connection:
            asked = select(wraps.c.key_id).where(wraps.c.case_id == case, wraps.c.kind == "recovery")
            return set((await connection.execute(asked)).scalars())

    async def both(public: bytes) -> list[bool]:
        shown = fingerprint(public)
        return [await team.confirm_recovery(one, school.arrival(one.address.chat_id), shown) for one in two]

    assert await team.offer_recovery(old)
    assert await sealed_for() == set()
    assert await both(old) == [False, True]
    assert await team.offer_recovery(new)
    assert await sealed_for() == {key_id(old)}
    assert not await team.confirm_recovery(ada, school.arrival(ADA), fingerprint(new))
    other = public_key(b"x" * 32)
    await team.offer_recovery(other)
    with pytest.raises(NotOffered):
        await team.confirm_recovery(bea, school.arrival(BEA), fingerprint(new))
    assert not await team.confirm_recovery(bea, school.arrival(BEA), fingerprint(other)), "a yes is to one key"
    assert await sealed_for() == {key_id(old)}
    assert await team.confirm_recovery(ada, school.arrival(ADA), fingerprint(other))
    assert await sealed_for() == {key_id(other)}


async def test_a_deployment_begins_with_two_readers_and_a_key_and_never_begins_again(school: School) -> None:
    assert not await school.store.leads.team.offer_recovery(public_key(b"r" * 32))
    sessions = [await joins(school, f"Lead {number}", "lead", 600 + number) for number in range(FOUNDERS)]
    assert [one.lead.waiting for one in sessions] == [False, False]
    assert await school.store.leads.team.offer_recovery(public_key(b"s" * 32))
    for session in sessions:
        await school.store.leads.team.disable(session.lead.id)
    assert (await joins(school, "Eve Moneypenny")).lead.waiting, "shutting out the first ones brings nobody in"
    assert not (await joins(school, "Max Manager", "manager", 700)).lead.waiting, "nothing is sealed for a manager"


async def test_whoever_does_not_read_or_was_shut_out_says_yes_to_nobody(school: School, two: Any) -> None:
    ada, bea = two
    manager = await joins(school, "Max Manager", "manager", 700)
    eve = await joins(school, "Eve Moneypenny")
    with pytest.raises(NotOffered):
        await yes(school, manager, eve)
    assert not await yes(school, ada, eve)
    await school.store.leads.team.disable(ada.lead.id)
    assert not await yes(school, bea, eve), "the word of somebody who was shut out counts no more"
    with pytest.raises(SessionOver):
        await yes(school, ada, eve)


async def test_a_yes_is_good_for_a_week_and_for_the_keys_that_were_shown(school: School, two: Any) -> None:
    eve = await joins(school, "Eve Moneypenny")
    assert not await yes(school, two[0], eve)
    with pytest.raises(NotOffered):
        await school.store.leads.team.confirm(two[1], school.arrival(BEA), eve.lead.id, fingerprint(b"another"))
    school.later(days=7)
    bea = await school.unlock("Bea Potter", BEA)
    assert not await yes(school, bea, eve)


async def test_whoever_may_come_again_waits_like_somebody_who_joins(school: School, two: Any) -> None:
    cyd = await school.join("Cyd Carter", chat=CYD)
    await school.store.leads.team.disable(cyd.lead.id)
    await school.store.leads.team.enable(cyd.lead.id)
    with pytest.raises(NotOffered):
        await yes(school, two[0], cyd)  # what was sealed for her is still being taken from her
    assert [one.card.name for one in await school.store.leads.team_view.waiting()] == ["Cyd Carter"]
    await school.store.leads.team.disable(cyd.lead.id)
    code = (await school.store.leads.invites.draw("Cyd Carter", "lead", SITE)).code
    school.later(seconds=60)
    arrival = school.arrival(CYD)
    cyd = await school.store.leads.unlock(arrival, "Cyd Carter", PASSPHRASE, school.code("Cyd Carter"), invite=code)
    assert cyd.lead.waiting
    with pytest.raises(NotOffered):
        await school.store.leads.team.enable(cyd.lead.id)
    await school.store.wrap_removal.run()
    for session in two:
        await yes(school, session, cyd)
    assert (await school.store.desk.queues.page(cyd)).total == 0


async def test_where_there_are_not_two_left_the_recovery_key_lets_in(school: School) -> None:
    team = school.store.leads.team
    await team.offer_recovery(public_key(b"r" * 32))
    ada, bea = await joins(school, "Ada Byron", "lead", ADA), await joins(school, "Bea Potter", "lead", BEA)
    await school.store.leads.team.disable(bea.lead.id)
    eve = await joins(school, "Eve Moneypenny")
    assert not await yes(school, ada, eve)
    with pytest.raises(NotUnlocked):
        await team.confirm_with_key(b"x" * 32, eve.lead.id)
    await team.confirm_with_key(b"r" * 32, eve.lead.id)
    assert (await school.store.desk.queues.page(eve)).total == 0
    assert ("recovery", "approve") in await actions(school)


async def test_two_leads_of_the_same_site_shut_out_a_third_and_one_alone_does_not(school: School, two: Any) -> None:
    ada, bea = two
    cyd = await school.join("Cyd Carter", chat=CYD)
    dan = await school.join("Dan Reed", chat=504, site="elsewhere")
    await told(school)
    for session, whom in ((ada, ada), (dan, cyd)):
        with pytest.raises(NotOffered):
            await out(school, session, whom)
    assert not await out(school, ada, cyd)
    assert await told(school) == {bea.lead.id, dan.lead.id}, "all but whom it is about"
    assert not await out(school, ada, cyd)
    assert school.store.leads.sessions.at(cyd.address) is cyd
    assert await out(school, bea, cyd)
    assert school.store.leads.sessions.at(cyd.address) is None
    with pytest.raises(SessionOver):
        await school.store.desk.queues.page(cyd)
    with pytest.raises(NotUnlocked):
        await school.unlock("Cyd Carter", chat=CYD)
    assert [what for _, what in await actions(school)][-4:] == ["ask_disable", "ask_disable", "ask_disable", "disabled"]


async def test_what_a_lead_had_comes_back_to_those_who_are_left_and_no_notice_goes_to_her(
    school: School, two: Any
) -> None:
    ada, bea = two
    sent = await school.send((ada,), (bea,))
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.act(ada, school.arrival(ADA), row.id, row.version, Claim())
    row = (await school.store.desk.queues.page(ada)).rows[0]
    await school.store.desk.handing.offer(ada, school.arrival(ADA), bea.lead.id)
    await school.store.pagers.ask(ada, school.arrival(ADA), "ada@school.example")
    await told(school)
    await school.say(sent.talk, "one thing more")
    await school.store.leads.team.disable(ada.lead.id)
    async with school.store._core.read() as connection:
        assert (await connection.execute(select(pagers.c.sealed))).scalars().all() == [b""]
        clear = (await connection.execute(select(cases.c.owner, cases.c.due))).one()
    assert tuple(clear) == (None, "acknowledge")
    assert await school.store.desk.handing.offered(bea) == ()
    assert await school.store.recheck.look() == 1
    school.later(hours=2)
    found = set()
    while notice := await school.store.outbox.next():
        found |= {(notice.lead, kind) for kind in notice.kinds}
        await school.store.outbox.done(notice)
    assert {lead for lead, _ in found} == {bea.lead.id}
    assert "raised" in {kind for _, kind in found}
    bea = await school.unlock("Bea Potter", BEA)
    [row] = (await school.store.desk.queues.page(bea)).rows
    assert row.owner is None
    assert (await school.store.desk.act(bea, school.arrival(BEA), row.id, row.version, Claim())).owner == bea.lead
    assert (await school.store.watch.verify()).forged == 0


@pytest.fixture
async def beside(school: School) -> Any:
    """A second process on the same files, as `hark lead disable` is."""
    other = School(school.folder, now=school.now, engine=school.engine)
    await other.open()
    yield other
    await other.store.close()


async def test_what_another_process_shuts_out_ends_at_the_next_look_and_at_the_next_call(
    school: School, two: Any, beside: Any
) -> None:
    ada, bea = two
    await beside.store.leads.team.disable(ada.lead.id)
    assert school.store.leads.sessions.at(ada.address) is ada
    await school.store.leads.end_shut_out()
    assert school.store.leads.sessions.at(ada.address) is None
    await beside.store.leads.team.disable(bea.lead.id)
    with pytest.raises(SessionOver):
        await school.store.leads.present(bea)


@pytest.mark.parametrize("what", ["open", "note"])
async def test_a_lead_who_is_shut_out_by_another_process_in_mid_command_sees_and_does_nothing(
    school: School, two: Any, beside: Any, what: str
) -> None:
    """The other process commits while this one is between reading who is in and being done."""
    ada, bea = two
    case = (await school.send((ada, bea))).talk.found.case
    row = (await school.store.desk.queues.page(ada)).rows[0]
    rosters = beside.store.leads.rosters
    roster = await rosters.read()

    def shut_her_out(point: instrumentation.Point) -> None:
        if point == ("deed.sealed" if what == "note" else "commit.done"):
            instrumentation.arm(None)
            disabled = tamper(school.url, *_disabled(rosters, roster, ada.lead.id))
            with ThreadPoolExecutor(1) as thread:  # at once: an event loop in the middle of a commit runs nothing else
                thread.submit(asyncio.run, disabled).result()

    arrival, desk = school.arrival(ADA), school.store.desk
    noting = desk.act(ada, arrival, case, row.version, AddNote(text="too late"))
    instrumentation.arm(shut_her_out)
    try:
        with pytest.raises(SessionOver):
            await (noting if what == "note" else desk.open_case(ada, arrival, case))
    finally:
        noting.close()
        instrumentation.arm(None)
    kinds = [entry.kind for entry in (await school.reads(bea, case)).entries]
    assert kinds == ["concern"]


def _disabled(rosters: Any, roster: Any, lead: str) -> tuple[UpdateBase, ...]:
    """Give the statements of what `disable` writes on the roster."""
    [row] = rosters.rows(roster, lead=shut_out(roster.leads[lead]))
    return (
        update(leads.leads).where(leads.leads.c.id == lead).values(disabled=1),
        update(leads.roster).values(row.values),
    )


def _let_in(name_key: str) -> UpdateBase:
    return update(leads.leads).where(leads.leads.c.name_key == name_key).values(disabled=0)


#: What a writer of the database might do, from the ids of two who are in.
WRITTEN: dict[str, Callable[[str, str], UpdateBase]] = {
    "a waiting reader is made one who is in": lambda *_: _let_in("eve moneypenny"),
    "a first yes is written in another's name": lambda ada, bea: update(leads.roster).values(
        waiting=func.replace(leads.roster.c.waiting, ada, bea)
    ),
    "what waits is taken away": lambda *_: update(leads.roster).values(waiting=""),
    "what waits is no JSON": lambda *_: update(leads.roster).values(waiting="{"),
    "somebody who was shut out is let in": lambda *_: _let_in("cyd carter"),
}


@pytest.mark.parametrize("what", WRITTEN)
async def test_nobody_who_writes_the_database_lets_anybody_in(school: School, two: Any, what: str) -> None:
    cyd = await school.join("Cyd Carter", chat=CYD)
    await school.store.leads.team.disable(cyd.lead.id)
    eve = await joins(school, "Eve Moneypenny")
    await yes(school, two[0], eve)
    await tamper(school.url, WRITTEN[what](two[0].lead.id, two[1].lead.id))
    await school.store.close()
    with pytest.raises(Tampered):
        await school.open()


async def test_of_a_new_chat_the_lead_herself_is_told_where_she_was_told_before_and_nobody_else(
    school: School, two: Any
) -> None:
    telegram = Address("telegram", 9)
    school.later(seconds=60)
    await school.store.leads.unlock(Arrival(telegram, 9), "Ada Byron", PASSPHRASE, school.code("Ada Byron"))
    await told(school)
    for chat, new in ((777, True), (777, False), (778, True)):
        await school.unlock("Ada Byron", chat=chat)
        notices = []
        while notice := await school.store.outbox.next():
            notices.append((notice.lead, notice.kinds, notice.address))
            await school.store.outbox.done(notice)
        hers = (two[0].lead.id, frozenset({"sign_in"}), telegram)
        assert notices == ([hers] if new else []), chat


@pytest.mark.usefixtures("two")
async def test_of_another_telegram_account_the_one_of_before_is_told(school: School) -> None:
    for number in (9, 10):
        school.later(seconds=60)
        arrival = Arrival(Address("telegram", number), number)
        await school.store.leads.unlock(arrival, "Ada Byron", PASSPHRASE, school.code("Ada Byron"))
    notice = await school.store.outbox.next()
    assert (notice.kinds, notice.address) == (frozenset({"sign_in"}), Address("telegram", 9))


@pytest.mark.usefixtures("two")
async def test_a_notice_of_sign_ins_tells_when_they_were_however_late_it_arrives(school: School) -> None:
    await on_telegram(school, "Ada Byron")
    times = []
    for chat, device in ((7001, "phone"), (7002, "another")):
        await unlocks_on(school, "Ada Byron", device, chat)
        times.append(school.now.replace(microsecond=0))
    for _ in range(3):
        notice = await school.store.outbox.next()
        assert (notice.signed_in, notice.site) == (tuple(times), SITE)
        await school.store.outbox.mark_undelivered(notice, blocked=False)
        school.later(seconds=3600)


async def unlocks_on(school: School, name: str, device: str, chat: int) -> None:
    """Unlock in a new tab of a browser."""
    school.later(seconds=60)
    arrival = Arrival(Address("web", chat), chat, device=device)
    await school.store.leads.unlock(arrival, name, PASSPHRASE, school.code(name))


async def notices(school: School) -> list[tuple[Any, Any, Any]]:
    """Who is told what just now, and where; all of it arrives."""
    found = []
    while notice := await school.store.outbox.next():
        found.append((notice.lead, notice.kinds, notice.address))
        await school.store.outbox.done(notice)
    return found


async def on_telegram(school: School, *names: str) -> None:
    """Let leads have unlocked on Telegram, where they are told of things from then on."""
    for number, name in enumerate(names, 9):
        school.later(seconds=60)
        arrival = Arrival(Address("telegram", number), number)
        await school.store.leads.unlock(arrival, name, PASSPHRASE, school.code(name))
    await notices(school)


async def test_of_a_known_device_a_lead_is_told_in_the_morning_once_for_all_and_of_a_new_one_at_once(
    school: School, two: Any
) -> None:
    ada, telegram = two[0].lead.id, Address("telegram", 9)
    await on_telegram(school, "Ada Byron")
    await unlocks_on(school, "Ada Byron", "phone", 7001)
    assert await notices(school) == [(ada, frozenset({"sign_in"}), telegram)]
    for chat in (7002, 7003):
        await unlocks_on(school, "Ada Byron", "phone", chat)
        assert await notices(school) == [], "each is a tab of its own, of the same device"
    await unlocks_on(school, "Ada Byron", "another", 7004)
    assert await notices(school) == [(ada, frozenset({"sign_in"}), telegram)]
    eight = (school.now + timedelta(days=1)).replace(hour=8, minute=0)
    school.later(seconds=int((eight - school.now).total_seconds()) - 1)
    assert await notices(school) == []
    school.later(seconds=1)
    assert await notices(school) == [(ada, frozenset({"known_sign_in"}), telegram)], "and to nobody else"
    school.later(days=1)
    assert await notices(school) == [], "only where there was something"


async def test_a_device_is_known_for_each_lead_apart(school: School, two: Any) -> None:
    await on_telegram(school, "Ada Byron", "Bea Potter")
    await unlocks_on(school, "Ada Byron", "shared", 7001)
    await notices(school)
    await unlocks_on(school, "Bea Potter", "shared", 7002)
    assert await notices(school) == [(two[1].lead.id, frozenset({"sign_in"}), Address("telegram", 10))]


@pytest.mark.usefixtures("two")
async def test_whoever_is_invited_again_has_no_known_device(school: School) -> None:
    await on_telegram(school, "Ada Byron")
    await unlocks_on(school, "Ada Byron", "lost", 7001)
    invite = await school.store.leads.invites.draw("Ada Byron", "lead", SITE)
    school.later(seconds=60)
    arrival, code = Arrival(Address("telegram", 9), 7002), school.code("Ada Byron")
    await school.store.leads.unlock(arrival, "Ada Byron", PASSPHRASE, code, invite=invite.code)
    await notices(school)
    await unlocks_on(school, "Ada Byron", "lost", 7003)
    assert [kinds for _, kinds, _ in await notices(school)] == [frozenset({"sign_in"})]


@pytest.mark.usefixtures("two")
async def test_a_copied_device_mark_makes_no_factor_easier_to_guess(school: School) -> None:
    """Codes that are guessed with it count together with those from any new device, and are refused together."""
    await on_telegram(school, "Ada Byron")
    await unlocks_on(school, "Ada Byron", "copied", 7001)
    school.later(seconds=60)
    right = school.code("Ada Byron")
    tries = [("copied", "000000")] * 4 + [("copied", right), ("new", right)]
    for number, (device, code) in enumerate(tries, 8000):
        arrival = Arrival(Address("web", number), number, device=device)
        with pytest.raises(NotUnlocked):
            await school.store.leads.unlock(arrival, "Ada Byron", PASSPHRASE, code)


@pytest.mark.usefixtures("two")
async def test_an_unlock_on_the_page_tells_nobody_at_once_and_says_when_the_last_one_was(school: School) -> None:
    before = school.now
    session = await school.unlock("Ada Byron", chat=777)
    assert await school.store.outbox.next() is None
    assert session.before == before


async def test_the_digest_goes_to_all_leads_of_all_sites_whether_or_not_anybody_unlocked(
    school: School, two: Any
) -> None:
    far = await school.join("Max Manager", "manager", chat=510, site="elsewhere")
    for _ in range(2):
        await school.store._core.commit(*await school.store.alerts.well())
        assert await told(school, "digest") == {two[0].lead.id, two[1].lead.id, far.lead.id}
        school.later(days=7)


async def test_who_unlocked_is_told_by_whole_weeks_and_changes_on_monday_only(school: School, two: Any) -> None:
    async def unlocked() -> frozenset[str]:
        return frozenset((await school.store.leads.team_view.read(await school.unlock("Bea Potter", BEA))).unlocked)

    school.later(days=7)  # a Monday, 09:01
    assert await unlocked() == {one.lead.id for one in two}, "they joined in that week"
    school.later(days=5, hours=16)
    await school.unlock("Ada Byron", chat=777)  # at night, since she was paged
    school.later(hours=1)
    assert await unlocked() == {one.lead.id for one in two}
    school.later(days=8)
    assert await unlocked() == {two[1].lead.id, two[0].lead.id}
    school.later(days=7)
    assert await unlocked() == {two[1].lead.id}
