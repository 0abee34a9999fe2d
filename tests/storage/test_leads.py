"""How leads join, unlock, lock and are shut out."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from storage.database.instrumentation import Measures
from storage.leads.sign_in.throttle import PER_DAY
from storage.values import Address
from storage.values.errors import AlreadySeen, NotOffered, NotUnlocked, SessionOver, Throttled, UnfitPassphrase
from tests.team import set_recovery

PASSPHRASE = "seven otters paddle upstream"
WRONG = "seven otters paddle downstream"


async def fails(school: Any, name: str, passphrase: str, code: str, chat: int = 900) -> type[Exception]:
    with pytest.raises((NotUnlocked, Throttled)) as refused:
        await school.store.leads.unlock(school.arrival(chat), name, passphrase, code)
    return type(refused.value)


async def test_joining_needs_a_code_a_passphrase_and_a_second_factor(school: Any) -> None:
    leads = school.store.leads
    code = (await leads.invites.draw("Ada Byron", "lead", "oakfield", "Designated lead")).code
    invited = await leads.invites.describe(code.lower().replace("-", " "))
    assert (invited.name, invited.role, invited.existing) == ("Ada Byron", "lead", False)
    assert await leads.joining.begin(school.arrival(5), "AAAA-BBBB-CCCC-DDDD", PASSPHRASE) is None
    for unfit in ("too short", "correcthorsebatterystaple", "ada byron ada byron"):
        with pytest.raises(UnfitPassphrase):
            await leads.joining.begin(school.arrival(5), code, unfit)
    joining = await leads.joining.begin(school.arrival(5), code, PASSPHRASE)
    assert joining.uri.startswith("otpauth://totp/")
    assert await leads.roster() == (), "nothing is kept before the code is confirmed"
    with pytest.raises(NotUnlocked):
        await leads.confirm_join(school.arrival(5), "000000")
    assert await leads.roster() == ()


async def test_an_invite_serves_once_also_twice_at_once(school: Any) -> None:
    leads = school.store.leads
    code = (await leads.invites.draw("Ada Byron", "lead", "oakfield")).code
    codes = []
    for chat in (5, 6):
        joining = await leads.joining.begin(school.arrival(chat), code, PASSPHRASE)
        school.secrets[str(chat)] = base64.b32decode(joining.secret)
        codes.append(school.code(str(chat)))
    both = (leads.confirm_join(school.arrival(chat), one) for chat, one in zip((5, 6), codes, strict=True))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["LeadSession", "SessionOver"]
    assert len(await leads.roster()) == 1
    assert await leads.invites.describe(code) is None


async def test_an_invite_expires(school: Any) -> None:
    code = (await school.store.leads.invites.draw("Ada Byron", "lead", "oakfield")).code
    school.later(days=7)
    assert await school.store.leads.invites.describe(code) is None


async def test_unlocking_works_from_any_chat_and_whatever_the_case_of_the_name(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    school.later(seconds=60)
    code = school.code("Ada Byron")
    session = await school.store.leads.unlock(school.arrival(501), " ADA  byron ", PASSPHRASE, code)
    assert school.store.leads.sessions.at(Address("web", 501)) is session
    assert session.lead.name == "Ada Byron"


async def test_unknown_disabled_and_wrong_factors_are_one_answer(school: Any) -> None:
    await school.join("Ada Byron")
    bea = await school.join("Bea Potter", chat=501)
    await school.store.leads.team.disable(bea.lead.id)
    school.later(seconds=60)
    assert await fails(school, "Nobody", PASSPHRASE, "123456") is NotUnlocked
    assert await fails(school, "Bea Potter", PASSPHRASE, school.code("Bea Potter")) is NotUnlocked
    assert await fails(school, "Ada Byron", WRONG, school.code("Ada Byron")) is NotUnlocked
    assert await fails(school, "Ada Byron", PASSPHRASE, "000000") is NotUnlocked


async def test_a_code_serves_once_also_after_the_clock_steps_back_and_after_a_restart(school: Any) -> None:
    await school.join("Ada Byron")
    school.later(seconds=60)
    code = school.code("Ada Byron")
    await school.store.leads.unlock(school.arrival(), "Ada Byron", PASSPHRASE, code)
    assert await fails(school, "Ada Byron", PASSPHRASE, code) is NotUnlocked
    school.later(seconds=-90)
    assert await fails(school, "Ada Byron", PASSPHRASE, school.code("Ada Byron")) is NotUnlocked
    school.later(seconds=90)
    await school.store.close()
    await school.open()
    assert await fails(school, "Ada Byron", PASSPHRASE, code) is NotUnlocked
    school.later(seconds=60)
    await school.store.leads.unlock(school.arrival(), "Ada Byron", PASSPHRASE, school.code("Ada Byron"))


async def test_a_code_sent_twice_at_once_unlocks_once(school: Any) -> None:
    await school.join("Ada Byron")
    school.later(seconds=60)
    code = school.code("Ada Byron")
    twice = (school.store.leads.unlock(school.arrival(n), "Ada Byron", PASSPHRASE, code) for n in (1, 2))
    results = await asyncio.gather(*twice, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["LeadSession", "NotUnlocked"]


async def test_guessing_slows_down_known_and_unknown_names_alike_and_locks_out_nobody(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    school.later(seconds=60)
    for chat, name in enumerate(("Ada Byron", "Nobody")):
        refusals = [await fails(school, name, WRONG, "000000", chat) for _ in range(6)]
        assert refusals == [NotUnlocked] * 4 + [Throttled] * 2, name
    # From the chat that Ada was last seen in, she gets in at once.
    await school.store.leads.unlock(school.arrival(500), "Ada Byron", PASSPHRASE, school.code("Ada Byron"))
    school.later(seconds=60)
    assert await fails(school, "Ada Byron", WRONG, "000000") is NotUnlocked


async def test_whoever_does_not_know_the_passphrase_keeps_no_lead_out_of_any_chat(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    school.later(seconds=60)
    for chat in range(900, 920):
        assert await fails(school, "Ada Byron", WRONG, school.code("Ada Byron"), chat) is NotUnlocked
    # From a tab that was never seen before, as on the web page.
    await school.store.leads.unlock(school.arrival(950), "Ada Byron", PASSPHRASE, school.code("Ada Byron"))


async def test_guessing_codes_with_a_passphrase_that_is_known_is_slowed_down_from_however_many_chats(
    school: Any,
) -> None:
    await school.join("Ada Byron", chat=500)
    school.later(seconds=60)
    for chat in range(900, 920):
        assert await fails(school, "Ada Byron", PASSPHRASE, "000000", chat) is NotUnlocked
    # The right code is no better now, and nothing tells so; her own chat does not wait.
    assert await fails(school, "Ada Byron", PASSPHRASE, school.code("Ada Byron"), 950) is NotUnlocked
    await school.store.leads.unlock(school.arrival(500), "Ada Byron", PASSPHRASE, school.code("Ada Byron"))
    school.later(minutes=6)
    await school.store.leads.unlock(school.arrival(951), "Ada Byron", PASSPHRASE, school.code("Ada Byron"))


async def test_many_names_from_one_chat_are_slowed_down_like_one_and_other_chats_are_not(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    refusals = [await fails(school, f"Nobody {number}", WRONG, "000000") for number in range(6)]
    assert refusals == [NotUnlocked] * 4 + [Throttled] * 2
    school.later(seconds=60)
    await school.store.leads.unlock(school.arrival(777), "Ada Byron", PASSPHRASE, school.code("Ada Byron"))


async def test_disabling_ends_a_session_at_once(school: Any) -> None:
    ada = await school.join("Ada Byron")
    await school.store.leads.team.disable(ada.lead.id)
    assert school.store.leads.sessions.at(ada.address) is None
    with pytest.raises(SessionOver):
        await school.store.desk.queues.page(ada)
    await school.store.leads.team.enable(ada.lead.id)
    await school.unlock("Ada Byron")


async def test_idleness_without_a_pin_locks(school: Any) -> None:
    ada = await school.join("Ada Byron")
    assert school.store.leads.sessions.idle() == ()
    school.later(minutes=10)
    assert school.store.leads.sessions.idle() == (ada.address,)
    school.store.leads.sessions.draw(ada.address)
    assert not school.store.leads.sessions.curtained(ada.address)
    with pytest.raises(SessionOver):
        await school.store.leads.sessions.lift(school.arrival(500), "4711")


async def test_the_curtain_takes_a_pin_and_three_misses_lock(school: Any) -> None:
    leads = school.store.leads
    ada = await school.join("Ada Byron")
    sent = await school.send((ada,))
    with pytest.raises(NotOffered):
        await leads.sessions.set_pin(ada, "1234")
    await leads.sessions.set_pin(ada, "4711")
    school.later(minutes=11)
    assert leads.sessions.at(ada.address) is None
    assert leads.sessions.curtained(ada.address)
    with pytest.raises(SessionOver):
        await school.store.desk.queues.page(ada)
    with pytest.raises(NotUnlocked) as missed:
        await leads.sessions.lift(school.arrival(500), "4712")
    assert missed.value.left == 2
    assert await leads.sessions.lift(school.arrival(500), "4711") is ada
    assert (await school.store.desk.open_case(ada, school.arrival(500), sent.talk.found.case)).entries
    school.later(minutes=11)
    leads.sessions.draw(ada.address)
    for _ in range(2):
        with pytest.raises(NotUnlocked):
            await leads.sessions.lift(school.arrival(500), "4712")
    with pytest.raises(SessionOver):
        await leads.sessions.lift(school.arrival(500), "4712")
    with pytest.raises(SessionOver):
        await leads.sessions.lift(school.arrival(500), "4711")


async def test_wrong_pins_are_counted_over_the_day_and_all_curtains_and_the_lead_is_told(school: Any) -> None:
    leads = school.store.leads
    ada = await school.join("Ada Byron")
    await leads.sessions.set_pin(ada, "4711")
    for curtain in range(PER_DAY // 2):
        assert leads.sessions.pin_misses.left(ada.lead.id)
        school.later(minutes=11)
        leads.sessions.draw(ada.address)
        for left in (2, 1):
            with pytest.raises(NotUnlocked if curtain < 2 or left == 2 else SessionOver) as missed:
                await leads.sessions.lift(school.arrival(500), "4712")
            assert getattr(missed.value, "left", left) == (left if curtain < 2 else 1)
        if curtain < 2:
            assert await leads.sessions.lift(school.arrival(500), "4711") is ada
            assert leads.sessions.pin_misses.take_unreported(ada.lead.id) == 2
            assert leads.sessions.pin_misses.take_unreported(ada.lead.id) == 0
    with pytest.raises(SessionOver):
        await leads.sessions.lift(school.arrival(500), "4711")
    ada = await school.unlock("Ada Byron")
    assert leads.sessions.pin_misses.take_unreported(ada.lead.id) == 2
    assert not leads.sessions.pin_misses.left(ada.lead.id)
    await leads.sessions.set_pin(ada, "4711")
    school.later(minutes=11)
    leads.sessions.draw(ada.address)
    assert not leads.sessions.curtained(ada.address)
    school.later(hours=24)
    ada = await school.unlock("Ada Byron")
    assert leads.sessions.pin_misses.left(ada.lead.id)


async def test_wrong_pins_at_two_desks_of_one_lead_count_together_also_at_once(school: Any) -> None:
    leads = school.store.leads
    here = await school.join("Ada Byron")
    school.later(minutes=1)
    there = await school.unlock("Ada Byron", 501)
    tom = await school.join("Tom", "deputy", 502)
    for desk in (here, there, tom):
        await leads.sessions.set_pin(desk, "4711")
        leads.sessions.draw(desk.address)
    tries = [leads.sessions.lift(school.arrival(chat), "4712") for chat in (500, 501) for _ in range(3)]
    refused = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(one, NotUnlocked | SessionOver) for one in refused)
    assert not leads.sessions.pin_misses.left(here.lead.id)
    assert await leads.sessions.lift(school.arrival(502), "4711") is tom
    assert leads.sessions.pin_misses.take_unreported(tom.lead.id) == 0
    assert leads.sessions.pin_misses.take_unreported((await school.unlock("Ada Byron")).lead.id) == PER_DAY


async def test_a_duty_ends_after_ten_hours_whatever_is_done(school: Any) -> None:
    ada = await school.join("Ada Byron")
    await school.store.leads.sessions.set_pin(ada, "4711")
    for _ in range(66):
        school.later(minutes=9)
        assert school.store.leads.sessions.at(ada.address) is ada
    school.later(minutes=9)
    assert school.store.leads.sessions.at(ada.address) is None
    assert school.store.leads.sessions.idle() == () or school.store.leads.sessions.idle() == (ada.address,)
    with pytest.raises(SessionOver):
        await school.store.leads.sessions.lift(school.arrival(500), "4711")


async def test_lock_always_works(school: Any) -> None:
    ada = await school.join("Ada Byron")
    school.store.leads.sessions.lock(Address("telegram", 1))
    school.store.leads.sessions.lock(ada.address)
    assert school.store.leads.sessions.at(ada.address) is None
    assert ada.keys is None


async def test_what_a_session_worked_with_is_wiped_behind_the_curtain_and_at_the_end(school: Any) -> None:
    leads = school.store.leads
    ada = await school.join("Ada Byron")
    await leads.sessions.set_pin(ada, "4711")
    joined, seed = ada.keys, ada._seed
    leads.sessions.draw(ada.address)
    lifted = (await leads.sessions.lift(school.arrival(500), "4711")).keys
    assert any(lifted.signing_seed)
    again = ada._seed
    leads.sessions.lock(ada.address)
    assert not any(any(buffer) for keys in (joined, lifted) for buffer in (keys.signing_seed, keys.own))
    assert not any(seed)
    assert not any(again)


async def test_a_joining_that_is_given_up_is_wiped(school: Any) -> None:
    leads = school.store.leads
    for how in ("late", "missed", "begun again"):
        code = (await leads.invites.draw("Ada Byron", "lead", "oakfield")).code
        await leads.joining.begin(school.arrival(5), code, PASSPHRASE)
        seed = leads.joining._begun[Address("web", 5)].seed
        assert any(seed)
        if how == "begun again":
            await leads.joining.begin(school.arrival(5), code, PASSPHRASE)
        else:
            school.later(hours=2 if how == "late" else 0)
            for _ in range(10):
                with pytest.raises((NotUnlocked, SessionOver)):
                    await leads.confirm_join(school.arrival(5), "000000")
        assert not any(seed), how


async def test_an_invite_for_a_known_name_rebinds_and_still_takes_both_factors(school: Any) -> None:
    leads = school.store.leads
    await school.join("Ada Byron")
    invite = await leads.invites.draw("ada byron", "lead", "oakfield")
    assert invite.existing
    assert await leads.joining.begin(school.arrival(9), invite.code, PASSPHRASE) is None
    school.later(seconds=60)
    with pytest.raises(NotUnlocked):
        await leads.unlock(school.arrival(9), "Ada Byron", WRONG, school.code("Ada Byron"), invite=invite.code)
    session = await leads.unlock(
        school.arrival(9), "Ada Byron", PASSPHRASE, school.code("Ada Byron"), invite=invite.code
    )
    assert session.lead.name == "Ada Byron"
    assert await leads.invites.describe(invite.code) is None
    assert len(await leads.roster()) == 1


async def test_who_was_shut_out_comes_in_again_by_a_new_invite_and_both_factors(school: Any) -> None:
    leads = school.store.leads
    ada = await school.join("Ada Byron")
    earlier = (await leads.invites.draw("Ada Byron", "lead", "oakfield")).code
    await leads.team.disable(ada.lead.id)
    await school.store.wrap_removal.run()
    assert await leads.invites.describe(earlier) is None
    invite = await leads.invites.draw("Ada Byron", "lead", "oakfield")
    assert invite.shut_out
    school.later(seconds=60)
    for passphrase, code in ((WRONG, school.code("Ada Byron")), (PASSPHRASE, "000000")):
        with pytest.raises(NotUnlocked):
            await leads.unlock(school.arrival(9), "Ada Byron", passphrase, code, invite=invite.code)
    assert await leads.roster() == ()
    session = await leads.unlock(
        school.arrival(9), "Ada Byron", PASSPHRASE, school.code("Ada Byron"), invite=invite.code
    )
    assert [lead.name for lead in await leads.roster()] == [session.lead.name] == ["Ada Byron"]
    assert not session.lead.disabled
    assert await leads.invites.describe(invite.code) is None
    await school.store.close()
    await school.open()
    assert await school.unlock("Ada Byron")
    assert (await school.store.watch.verify()).audit


async def test_another_leads_invite_helps_nobody_and_is_counted(school: Any) -> None:
    await school.join("Ada Byron", chat=500)
    await school.join("Bea Potter", chat=501)
    code = (await school.store.leads.invites.draw("Bea Potter", "lead", "oakfield")).code
    school.later(seconds=60)
    refused: list[None] = []
    school.store._core.measures = Measures(refused=lambda: refused.append(None))
    with pytest.raises(NotUnlocked):
        await school.store.leads.unlock(
            school.arrival(500), "Ada Byron", PASSPHRASE, school.code("Ada Byron"), invite=code
        )
    assert len(refused) == 1


async def test_a_redelivered_unlock_is_not_judged_again(school: Any) -> None:
    await school.join("Ada Byron")
    school.later(seconds=60)
    arrival = school.arrival(500)
    await school.store.leads.unlock(arrival, "Ada Byron", PASSPHRASE, school.code("Ada Byron"))
    with pytest.raises(AlreadySeen):
        await school.store.leads.unlock(arrival, "Ada Byron", PASSPHRASE, school.code("Ada Byron"))


async def test_the_readers_are_those_who_read(school: Any) -> None:
    await school.join("Ada Byron", "lead", chat=500)
    await school.join("Hal Head", "head", chat=501)
    await school.join("Max Manager", "manager", chat=502)
    await school.join("Far Away", "lead", chat=503, site="elsewhere")
    assert [reader.name for reader in await school.store.leads.readers("oakfield")] == ["Ada Byron", "Hal Head"]
    assert len(await school.store.leads.roster()) == 4


async def test_the_recovery_key_opens_every_case_sent_after_it(school: Any) -> None:
    from sqlalchemy import select

    from storage.database.schema.cases import wraps
    from storage.sealing.primitives.xwing import key_id, public_key

    ada = await school.join("Ada Byron")
    public = public_key(b"r" * 32)
    await set_recovery(school.store, public)
    assert await school.store.leads.recovery() == key_id(public)
    with pytest.raises(NotOffered):
        await school.store.leads.team.offer_recovery(b"short")
    sent = await school.send((ada,))
    async with school.store._core.read() as connection:
        asked = select(wraps.c.kind).where(wraps.c.key_id == key_id(public), wraps.c.case_id == sent.talk.found.case)
        assert (await connection.execute(asked)).scalars().all() == ["recovery"]


async def test_two_leads_may_join_at_the_same_moment(school: Any) -> None:
    for chat, name in ((5, "Ada Byron"), (6, "Bea Potter")):
        code = (await school.store.leads.invites.draw(name, "lead", "oakfield")).code
        joining = await school.store.leads.joining.begin(school.arrival(chat), code, PASSPHRASE)
        school.secrets[name] = base64.b32decode(joining.secret)
    both = (
        school.store.leads.confirm_join(school.arrival(chat), school.code(name))
        for chat, name in ((5, "Ada Byron"), (6, "Bea Potter"))
    )
    assert [session.lead.name for session in await asyncio.gather(*both)] == ["Ada Byron", "Bea Potter"]
    assert len(await school.store.leads.roster()) == 2


async def test_a_redelivered_confirmation_is_known(school: Any) -> None:
    code = (await school.store.leads.invites.draw("Ada Byron", "lead", "oakfield")).code
    joining = await school.store.leads.joining.begin(school.arrival(5), code, PASSPHRASE)
    school.secrets["Ada Byron"] = base64.b32decode(joining.secret)
    arrival = school.arrival(5)
    await school.store.leads.confirm_join(arrival, school.code("Ada Byron"))
    with pytest.raises(AlreadySeen):
        await school.store.leads.confirm_join(arrival, school.code("Ada Byron"))
