"""A lead's life as colleagues decide it: invited from the desk, in another role, with new factors after a loss."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import func, select

from storage.database.schema.cases import wraps
from storage.database.schema.leads import invites
from storage.deeds.ownership import Claim
from storage.deeds.readers.admit import Admit
from storage.deeds.readers.exclude import Exclude
from storage.deeds.readers.grant import Grant
from storage.deeds.readers.lift import Lift
from storage.leads.sign_in.passkeys.passkey_rows import Passkey, passkey_rows, read_passkeys
from storage.sealing.passkeys.wraps import PasskeyWrap
from storage.values.errors import AlreadySeen, CodeMissing, NoSuchCase, NotOffered, NotUnlocked, SessionOver
from tests.storage.conftest import PASSPHRASE, SITE, School
from tests.storage.test_grants import gives
from tests.storage.test_team import ADA, BEA, CYD, EVE, actions, told, yes

NEW = 900  # a chat that nobody was in before


@pytest.fixture
async def three(school: School) -> tuple[Any, Any, Any]:
    ada = await school.join("Ada Byron", chat=ADA)
    bea = await school.join("Bea Potter", "deputy", chat=BEA)
    return ada, bea, await school.join("Cyd Carter", chat=CYD)


async def shown(school: Any, session: Any) -> str:
    found: str = (await school.store.leads.rosters.read()).leads[session.lead.id].fingerprint
    return found


async def both(school: Any, by: Any, deed: Any, whom: Any, *rest: Any) -> list[Any]:
    """What each of two leads is answered, one after the other, each with a fresh code."""
    keys, said = await shown(school, whom), []
    for one in by:
        school.store.leads.sessions.give_code(one)
        said.append(await deed(one, school.arrival(one.address.chat_id), whom.lead.id, keys, *rest))
    return said


async def test_a_lead_invites_to_her_own_site_and_whoever_joins_waits_for_two(school: School, three: Any) -> None:
    ada, bea, _ = three
    members = school.store.leads.members
    code = (await members.invite(ada, school.arrival(ADA), "Eve Moneypenny", "deputy")).code
    assert (ada.lead.id, "invite") in await actions(school)
    joining = await school.store.leads.joining.begin(school.arrival(EVE), code, PASSPHRASE)
    school.secrets["Eve Moneypenny"] = base64.b32decode(joining.secret)
    eve = await school.store.leads.confirm_join(school.arrival(EVE), school.code("Eve Moneypenny"))
    assert (eve.lead.waiting, eve.lead.site, eve.lead.role) == (True, SITE, "deputy")
    with pytest.raises(NotOffered):
        await members.invite(eve, school.arrival(EVE), "Gus Gray", "lead")
    for name in ("Cyd Carter", "  ", "EVE  moneypenny"):
        with pytest.raises(NotOffered):
            await members.invite(bea, school.arrival(BEA), name, "lead")
    manager = await school.join("Max Manager", "manager", chat=700)
    with pytest.raises(NotOffered):
        await members.invite(manager, school.arrival(700), "Gus Gray", "lead")
    arrival = school.arrival(BEA)
    await members.invite(bea, arrival, "Gus Gray", "lead")
    with pytest.raises(AlreadySeen):
        await members.invite(bea, arrival, "Gus Gray", "lead")


async def test_a_role_changes_by_two_and_new_concerns_follow_while_old_ones_stay(school: School, three: Any) -> None:
    ada, bea, cyd = three
    old = (await school.send((cyd,), (ada,), chat=2)).talk.found.case
    change = school.store.leads.members.change_role
    with pytest.raises(NotOffered):
        await change(cyd, school.arrival(CYD), cyd.lead.id, await shown(school, cyd), "head", "Head")
    keys = await shown(school, cyd)
    assert not await change(ada, school.arrival(ADA), cyd.lead.id, keys, "chair", "Chair")
    assert not await change(bea, school.arrival(BEA), cyd.lead.id, keys, "head", "Head"), "both say the same"
    for role in ("lead", "emperor"):
        with pytest.raises(NotOffered):
            await change(ada, school.arrival(ADA), cyd.lead.id, keys, role, "")
    assert await change(ada, school.arrival(ADA), cyd.lead.id, keys, "head", "Head")
    [reader] = [one for one in await school.store.leads.readers(SITE) if one.lead == cyd.lead.id]
    assert (reader.role, reader.title) == ("head", "Head")
    assert (await school.store.leads.present(cyd)).role == "head"
    assert (await school.reads(cyd, old)).row.id == old
    assert await both(school, (ada, bea), change, cyd, "manager", "") == [False, True]
    assert cyd.lead.id not in {one.lead for one in await school.store.leads.readers(SITE)}
    assert (cyd.lead.id, "role") in await actions(school)
    assert await told(school) == {ada.lead.id, bea.lead.id, cyd.lead.id}
    assert (await school.store.watch.verify()).holds


async def test_with_a_lost_phone_the_passphrase_and_two_colleagues_set_up_another(school: School, three: Any) -> None:
    ada, bea, cyd = three
    case = (await school.send((cyd,), chat=2)).talk.found.case
    reset, resets = school.store.leads.members.reset_factors, school.store.leads.resets
    with pytest.raises(CodeMissing):
        await reset(ada, school.arrival(ADA), cyd.lead.id, await shown(school, cyd))
    school.store.leads.sessions.give_code(cyd)
    with pytest.raises(NotOffered):
        await reset(cyd, school.arrival(CYD), cyd.lead.id, await shown(school, cyd))
    core, lost = school.store._core, Passkey(PasskeyWrap(cyd.lead.id, b"c", 1, b"s", b"b"), b"p", 0, "2026-11-23")
    await core.commit(*passkey_rows(core, await read_passkeys(core, cyd.lead.id), (lost,)))
    first, invite = await both(school, (ada, bea), reset, cyd)
    assert first is None
    described = await school.store.leads.invites.describe(invite.code)
    assert (described.name, described.resets) == ("Cyd Carter", True)
    assert await school.store.leads.joining.begin(school.arrival(NEW), invite.code, PASSPHRASE) is None
    with pytest.raises(NotUnlocked):
        await resets.begin(school.arrival(NEW), invite.code, "nine otters paddle downstream")
    school.later(seconds=60)
    before = school.code("Cyd Carter")
    joining = await resets.begin(school.arrival(NEW), invite.code, PASSPHRASE)
    with pytest.raises(NotUnlocked):
        await school.store.leads.confirm_reset(school.arrival(NEW), before)
    school.secrets["Cyd Carter"] = base64.b32decode(joining.secret)
    again = await school.store.leads.confirm_reset(school.arrival(NEW), school.code("Cyd Carter"))
    assert (await read_passkeys(core, cyd.lead.id)).all == (), "the lost phone may hold one"
    assert school.store.leads.sessions.at(cyd.address) is None, "wherever her desk was open it is not any more"
    assert (await school.reads(again, case)).row.id == case
    assert (cyd.lead.id, "factors") in await actions(school)
    assert await school.store.leads.invites.describe(invite.code) is None
    assert (await school.unlock("Cyd Carter", chat=CYD)).lead.id == cyd.lead.id
    school.later(seconds=60)
    with pytest.raises(NotUnlocked):
        await school.store.leads.unlock(school.arrival(NEW), "Cyd Carter", PASSPHRASE, before)
    assert (await school.store.watch.verify()).holds


async def test_whoever_found_the_invite_gets_five_tries_at_the_passphrase(school: School, three: Any) -> None:
    ada, bea, cyd = three
    _, invite = await both(school, (ada, bea), school.store.leads.members.reset_factors, cyd)
    for tried in range(5):
        with pytest.raises(SessionOver if tried == 4 else NotUnlocked):
            await school.store.leads.resets.begin(school.arrival(NEW), invite.code, f"wrong wrong wrong {tried}")
    assert await school.store.leads.invites.describe(invite.code) is None
    for code in (invite.code, "AAAA-BBBB-CCCC-DDDD"):
        with pytest.raises(SessionOver):
            await school.store.leads.resets.begin(school.arrival(NEW), code, PASSPHRASE)
    assert (await school.unlock("Cyd Carter", chat=CYD)).lead.id == cyd.lead.id


async def test_the_word_for_new_factors_counts_for_a_day_and_an_invite_ends_with_the_next_change(
    school: School, three: Any
) -> None:
    ada, bea, cyd = three
    reset = school.store.leads.members.reset_factors
    assert await both(school, (ada,), reset, cyd) == [None]
    school.later(days=1)
    bea = await school.unlock("Bea Potter", BEA)
    assert await both(school, (bea,), reset, cyd) == [None]
    ada = await school.unlock("Ada Byron", ADA)
    [invite] = await both(school, (ada,), reset, cyd)
    assert invite is not None
    change = school.store.leads.members.change_role
    assert await both(school, (ada, bea), change, cyd, "head", "Head") == [False, True]
    await school.store.leads.team.disable(cyd.lead.id)
    with pytest.raises(SessionOver):
        await school.store.leads.resets.begin(school.arrival(NEW), invite.code, PASSPHRASE)


async def test_the_day_that_is_put_behind_the_name_of_earlier_keys_is_nobodys_name(school: School, three: Any) -> None:
    ada, bea, cyd = three
    await both(school, (ada, bea), school.store.leads.members.renew_keys, cyd, ada.lead.id)
    known = school.store.together.known_names
    assert not await known.are_in(ada, "23 of us sit there", "Before lunch on 2026-11-23")
    assert await known.are_in(ada, "Ask Carter")


async def test_with_a_forgotten_passphrase_she_joins_anew_reads_what_comes_and_is_given_the_past(
    school: School, three: Any
) -> None:
    ada, bea, cyd = three
    old = (await school.send((cyd,), (ada,), chat=2)).talk.found.case
    row = (await school.reads(cyd, old)).row
    await school.store.desk.act(cyd, school.arrival(CYD), old, row.version, Claim())
    renew = school.store.leads.members.renew_keys
    first, invite = await both(school, (ada, bea), renew, cyd, ada.lead.id)
    assert (first, invite.existing) == (None, False)
    assert school.store.leads.sessions.at(cyd.address) is None
    await school.store.wrap_removal.run()
    joining = await school.store.leads.joining.begin(school.arrival(NEW), invite.code, "quite another phrase of mine")
    school.secrets["Cyd Carter"] = base64.b32decode(joining.secret)
    again = await school.store.leads.confirm_join(school.arrival(NEW), school.code("Cyd Carter"))
    assert (again.lead.name, again.lead.waiting) == ("Cyd Carter", True)
    for one in (ada, bea):
        await yes(school, one, again)
    new = (await school.send((again,), chat=3)).talk.found.case
    assert [one.id for one in (await school.store.desk.queues.page(again)).rows] == [new]
    assert await gives(school, ada, again) == 1
    seen = await school.reads(again, old)
    assert [entry.by.name for entry in seen.entries if entry.action and entry.action.what == "claim"] == [
        "Cyd Carter (keys before 2026-11-23)"
    ], "what was signed with the old keys is hers still"
    assert seen.row.owner == ada.lead
    async with school.store._core.read() as connection:
        held = select(func.count()).select_from(wraps).where(wraps.c.holder == cyd.lead.id)
        assert (await connection.execute(held.where(func.length(wraps.c.blob) > 0))).scalar_one() == 0
        assert (await connection.execute(select(func.count()).select_from(invites))).scalar_one() == 0
    assert (await school.store.watch.verify()).holds


async def test_what_the_team_shows_of_each(school: School, three: Any) -> None:
    ada, bea, cyd = three
    school.later(days=2)
    ada, bea = await school.unlock("Ada Byron", ADA), await school.unlock("Bea Potter", BEA)
    members, team = school.store.leads.members, school.store.leads.team
    keys = await shown(school, cyd)
    await members.change_role(ada, school.arrival(ADA), cyd.lead.id, keys, "head", "Head")
    await team.shut_out(ada, school.arrival(ADA), cyd.lead.id, keys, bea.lead.id)
    await both(school, (ada,), members.reset_factors, cyd)
    view = await school.store.leads.team_view.read(bea)
    by_name = {one.card.name: one for one in view.members}
    seen = by_name["Cyd Carter"]
    assert {one.what: (one.by, one.detail) for one in seen.pending} == {
        "shut_out": (ada.lead.id, (bea.lead.id,)),
        "role": (ada.lead.id, ("head", "Head")),
        "reset": (ada.lead.id, ()),
    }
    assert seen.first == ada.lead.id
    assert (str(seen.joined), str(seen.unlocked)) == ("2026-11-23", "2026-11-23")
    assert str(by_name["Ada Byron"].unlocked) == "2026-11-25"
    assert await team.shut_out(bea, school.arrival(BEA), cyd.lead.id, keys, bea.lead.id)
    view = await school.store.leads.team_view.read(bea)
    assert [(one.card.name, one.left, one.pending) for one in view.suspended] == [("Cyd Carter", 0, ())]
    await school.store.wrap_removal.run()
    assert [one.left for one in (await school.store.leads.team_view.read(bea)).suspended] == [None]


@pytest.mark.parametrize("how", ["excluded", "withheld", "kept out"])
async def test_with_new_keys_a_lead_reads_no_case_that_was_kept_from_her_under_those_of_before(
    school: School, three: Any, how: str
) -> None:
    """She joins anew under the same name, and is somebody else by her id."""
    ada, bea, cyd = three
    shut = {how: (cyd.lead.id,)} if how != "kept out" else {}
    case = (await school.send((ada, *(() if shut else (cyd,))), (bea,), chat=2, **shut)).talk.found.case
    if how == "kept out":
        row = (await school.reads(ada, case)).row
        await school.store.desk.act(ada, school.arrival(ADA), case, row.version, Exclude(cyd.lead.id, "A friend."))
    _, invite = await both(school, (ada, bea), school.store.leads.members.renew_keys, cyd)
    school.later(seconds=60)
    joining = await school.store.leads.joining.begin(school.arrival(NEW), invite.code, PASSPHRASE)
    school.secrets["Cyd Carter"] = base64.b32decode(joining.secret)
    again = await school.store.leads.confirm_join(school.arrival(NEW), school.code("Cyd Carter"))
    await school.store.wrap_removal.run()
    for one in (ada, bea):
        await yes(school, one, again)
    view = await school.reads(ada, case)
    assert (view.admissible, view.liftable) == ((), ())
    assert await school.store.desk.grants.candidates(ada, case) == ()
    for deed in (Grant, Admit, Lift):
        school.store.leads.sessions.give_code(ada)
        with pytest.raises(NotOffered):
            await school.store.desk.act(
                ada, school.arrival(ADA), case, view.row.version, deed(again.lead.id, "She asks.")
            )
    assert await gives(school, ada, again) == 0
    await school.store.leads.team.disable(bea.lead.id)
    assert (await school.reads(ada, case)).called_up == ()
    sent = await school.send((again,), (ada,), chat=3, excluded=(cyd.lead.id,))  # a draft of before she had new keys
    with pytest.raises(NoSuchCase):
        await school.reads(again, sent.talk.found.case)
    roster, both_ids = await school.store.leads.rosters.read(), {cyd.lead.id, again.lead.id}
    assert roster.same_people([cyd.lead.id]) == roster.same_people([again.lead.id]) == both_ids
