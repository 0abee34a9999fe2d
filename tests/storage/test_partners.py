"""Partners come by an agreement of two leads, and go by its end, by quiet days, or by any one lead."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from storage.database.schema.leads import invites, leads
from storage.database.turn import Update
from storage.leads.roster.roster import SHUT_OUT
from storage.values.errors import AlreadySeen, NoSuchCase, NotOffered, SessionOver, Tampered
from storage.values.partners import WantedAgreement
from tests.raw_database import read_tables, tamper
from tests.storage.conftest import PASSPHRASE, SITE, School
from tests.storage.test_shares import opens, shares_it, sharing
from tests.storage.test_team import actions

ADA, BEA, NUR, NEW = 500, 501, 510, 900


@pytest.fixture
async def two(school: School) -> tuple[Any, Any]:
    return await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", "deputy", chat=BEA)


def wanted(school: School, **changes: Any) -> WantedAgreement:
    until = school.now + timedelta(days=300)
    return replace(WantedAgreement("Nurse Okafor", "School nurse", "health", "signed in June", until), **changes)


async def agree(school: School, session: Any, one: WantedAgreement) -> Any:
    return await school.store.leads.partners.agree(session, school.arrival(session.address.chat_id), one)


async def joins(school: School, code: str, name: str = "Nurse Okafor") -> Any:
    joining = await school.store.leads.joining.begin(school.arrival(NUR), code, PASSPHRASE)
    school.secrets[name] = base64.b32decode(joining.secret)
    return await school.store.leads.confirm_join(school.arrival(NUR), school.code(name))


async def told(school: School, kind: str) -> set[str]:
    return {row["lead_id"] for row in (await read_tables(school.url))["outbox"] if row["kind"] == kind}


async def test_two_leads_agree_and_whoever_joins_by_it_is_a_partner(school: School, two: Any) -> None:
    ada, bea = two
    one = wanted(school, name="  Nurse   Okafor ")
    assert not (await agree(school, ada, one)).stands
    assert await told(school, "partners") == {bea.lead.id}
    [waits] = (await school.store.leads.partners.read(bea)).proposed
    assert (waits.by, waits.wanted) == (ada.lead.id, wanted(school))
    assert not (await agree(school, ada, one)).stands, "the same person twice is one"
    assert not (await agree(school, bea, wanted(school, agency="faith"))).stands, "another agreement is another first"
    assert not (await agree(school, ada, one)).stands
    done = await agree(school, bea, waits.wanted)
    assert done.stands
    assert (await school.store.leads.partners.read(ada)).proposed == ()
    nurse = await joins(school, done.invite.code)
    assert (nurse.lead.role, nurse.lead.title, nurse.lead.waiting) == ("partner", "School nurse", False)
    [listed] = (await school.store.leads.partners.read(ada)).partners
    assert (listed.agreement.agency, listed.agreement.what) == ("health", "signed in June")
    assert (listed.agreement.until, listed.seen) == (wanted(school).until, school.now.date())
    assert {(ada.lead.id, "ask_agree"), (bea.lead.id, "ask_agree")} <= set(await actions(school))
    assert (await school.store.watch.verify()).holds


async def test_one_lead_alone_invites_no_partner_by_any_way(school: School, two: Any) -> None:
    ada, bea = two
    with pytest.raises(NotOffered):
        await school.store.leads.members.invite(ada, school.arrival(ADA), "Nurse Okafor", "partner")
    with pytest.raises(NotOffered):
        await school.store.leads.invites.draw("Nurse Okafor", "partner", SITE)
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    roster = await school.store.leads.rosters.read()
    for who, role in ((nurse, "lead"), (bea, "partner")):
        shown = roster.leads[who.lead.id].fingerprint
        with pytest.raises(NotOffered):
            await school.store.leads.members.change_role(ada, school.arrival(ADA), who.lead.id, shown, role, "x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"name": "Bea Potter"},
        {"what": ""},
        {"job": ""},
        {"agency": "circus"},
    ],
)
async def test_what_lacks_something_or_is_a_colleagues_name_is_refused(school: School, two: Any, wrong: Any) -> None:
    with pytest.raises(NotOffered):
        await agree(school, two[0], wanted(school, **wrong))


async def test_it_lasts_a_year_at_most_and_another_role_has_no_say(school: School, two: Any) -> None:
    for until in (school.now, school.now + timedelta(days=366)):
        with pytest.raises(NotOffered):
            await agree(school, two[0], wanted(school, until=until))
    for role in ("manager", "partner", "auditor", "admin"):
        other = await school.join(f"Mx {role}", role, chat=700)
        with pytest.raises(NotOffered):
            await agree(school, other, wanted(school))
        with pytest.raises(NotOffered):
            await school.store.leads.partners.read(other)
    arrival = school.arrival(ADA)
    await school.store.leads.partners.agree(two[0], arrival, wanted(school))
    with pytest.raises(AlreadySeen):
        await school.store.leads.partners.agree(two[0], arrival, wanted(school))


async def test_a_first_word_lapses_after_a_week(school: School, two: Any) -> None:
    ada, bea = two
    one = wanted(school)
    await agree(school, ada, one)
    school.later(days=7)
    ada, bea = await school.unlock("Ada Byron", ADA), await school.unlock("Bea Potter", BEA)
    assert (await school.store.leads.partners.read(bea)).proposed == ()
    assert not (await agree(school, bea, one)).stands


async def test_any_one_lead_suspends_a_partner_at_once_and_nobody_else(school: School, two: Any) -> None:
    ada, bea = two
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    shown = {lead.id: lead.fingerprint for lead in (await school.store.leads.rosters.read()).leads.values()}
    suspend = school.store.leads.partners.suspend
    for by, whom, keys in ((ada, bea, shown[bea.lead.id]), (ada, nurse, "0"), (nurse, nurse, shown[nurse.lead.id])):
        with pytest.raises(NotOffered):
            await suspend(by, school.arrival(by.address.chat_id), whom.lead.id, keys)
    await suspend(bea, school.arrival(BEA), nurse.lead.id, shown[nurse.lead.id])
    with pytest.raises(SessionOver):
        await opens(school, nurse, share)
    assert (bea.lead.id, "suspend_partner") in await actions(school)
    await school.store.watch.sweep()
    [row] = (await read_tables(school.url))["shares"]
    assert (row["wrapped"], row["state"]) == (b"", "ended")


async def test_she_ends_with_her_agreement_and_a_clock_that_jumped_ends_nothing(school: School, two: Any) -> None:
    ada, bea = two
    await agree(school, ada, wanted(school, until=school.now + timedelta(days=30)))
    [waits] = (await school.store.leads.partners.read(bea)).proposed
    nurse = await joins(school, (await agree(school, bea, waits.wanted)).invite.code)
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse, days=60))
    jumped = Jumped()
    school.store._core.clock_guard = jumped
    school.later(days=30)
    nurse, ada = await school.unlock("Nurse Okafor", NUR), await school.unlock("Ada Byron", ADA)
    await school.store.watch.sweep()
    assert await school.store.shares.listed(nurse) == ()
    with pytest.raises(NoSuchCase):
        await opens(school, nurse, share)
    assert not (await school.store.leads.partners.read(ada)).partners[0].card.disabled, "nothing is destroyed"
    [row] = (await read_tables(school.url))["shares"]
    assert row["wrapped"]
    jumped.believed = True
    await school.store.watch.sweep()
    [listed] = (await school.store.leads.partners.read(ada)).partners
    assert listed.card.disabled
    [row] = (await read_tables(school.url))["shares"]
    assert row["wrapped"] == b""


class Jumped:
    """A clock that is not believed, until it is."""

    believed = False

    def holds(self) -> bool:
        return self.believed


@pytest.mark.usefixtures("two")
async def test_after_ninety_quiet_days_she_is_suspended_and_two_let_her_come_again(school: School) -> None:
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    school.later(days=89)
    await school.store.watch.sweep()
    await school.unlock("Nurse Okafor", NUR)
    school.later(days=89)
    await school.store.watch.sweep()
    assert (await school.store.leads.rosters.read()).leads[nurse.lead.id].disabled == 0
    school.later(days=1)
    await school.store.watch.sweep()
    assert (await school.store.leads.rosters.read()).leads[nurse.lead.id].disabled == SHUT_OUT
    ada, bea = await school.unlock("Ada Byron", ADA), await school.unlock("Bea Potter", BEA)
    one = wanted(school)
    await agree(school, ada, one)
    done = await agree(school, bea, one)
    assert done.invite.shut_out
    school.later(seconds=60)
    code = school.code("Nurse Okafor")
    await school.store.leads.unlock(school.arrival(NEW), "Nurse Okafor", PASSPHRASE, code, invite=done.invite.code)
    await school.store.watch.sweep()
    [listed] = (await school.store.leads.partners.read(ada)).partners
    assert (listed.card.disabled, listed.agreement.what) == (False, "signed in June")


async def test_an_agreement_made_anew_holds_at_once_for_one_who_is_here(school: School, two: Any) -> None:
    ada, bea = two
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    one = wanted(school, job="Head of nursing", agency="early_help")
    await agree(school, ada, one)
    done = await agree(school, bea, one)
    assert (done.stands, done.invite) == (True, None)
    [listed] = (await school.store.leads.partners.read(ada)).partners
    assert (listed.agreement.agency, listed.card.title) == ("early_help", "Head of nursing")
    assert await school.store.shares.listed(nurse) == (), "her desk goes on"
    assert (await school.store.watch.verify()).holds


async def test_nobody_who_writes_the_database_makes_or_lengthens_an_agreement(school: School, two: Any) -> None:
    ada, bea = two
    one = wanted(school)
    await agree(school, ada, one)
    done = await agree(school, bea, one)
    [kept] = [row for row in (await read_tables(school.url))["invites"] if row["agreement"]]
    await tamper(school.url, update(invites).values(agreement=kept["agreement"].replace("health", "police")))
    with pytest.raises(Tampered):
        await school.store.leads.invites.describe(done.invite.code)
    await tamper(school.url, update(invites).values(agreement=None))
    with pytest.raises(Tampered):
        await school.store.leads.invites.describe(done.invite.code)
    await tamper(school.url, update(invites).values(agreement=kept["agreement"]))
    nurse = await joins(school, done.invite.code)
    longer = kept["agreement"].replace("2027", "2047")
    await tamper(school.url, update(leads).where(leads.c.id == nurse.lead.id).values(agreement=longer))
    assert not (await school.store.watch.verify()).roster


async def test_a_forgotten_passphrase_keeps_the_agreement(school: School, two: Any) -> None:
    ada, bea = two
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    shown = (await school.store.leads.rosters.read()).leads[nurse.lead.id].fingerprint
    renew, invite = school.store.leads.members.renew_keys, None
    for by in (ada, bea):
        school.store.leads.sessions.give_code(by)
        invite = await renew(by, school.arrival(by.address.chat_id), nurse.lead.id, shown)
    assert (await school.store.leads.partners.read(ada)).partners == (), "the keys of before are nobody's"
    again = await joins(school, invite.code)
    assert [one.card.id for one in (await school.store.leads.partners.read(ada)).partners] == [again.lead.id]
    agreed = (await school.store.leads.rosters.read()).leads[again.lead.id].agreed
    assert agreed is not None
    assert agreed.agency == "health"


async def test_a_partner_of_before_keeps_what_she_has_and_takes_two_until_two_have_agreed(
    school: School, two: Any
) -> None:
    ada, bea = two
    nurse = await school.join("Nurse Okafor", "partner", chat=NUR)
    case = (await school.send((ada, bea))).talk.found.case
    share = await shares_it(school, ada, case, sharing(school, nurse))
    rosters = school.store.leads.rosters
    roster = await rosters.read()
    before = replace(roster.leads[nurse.lead.id], agreement=None)
    own = Update(leads, {"id": nurse.lead.id}, {"agreement": None})
    await school.store._core.commit(own, *rosters.rows(roster, lead=before))
    rosters.note(roster.version + 1)
    await school.store.watch.sweep()
    assert (await opens(school, nurse, share)).content.partner == "Nurse Okafor"
    [listed] = (await school.store.leads.partners.read(ada)).partners
    assert (listed.agreement, listed.card.disabled) == (None, False)
    [offered] = (await school.store.desk.shares.read(ada, case)).partners
    assert offered.two
    one = wanted(school)
    await agree(school, ada, one)
    assert (await agree(school, bea, one)).stands
    [offered] = (await school.store.desk.shares.read(ada, case)).partners
    assert not offered.two
    assert (await school.store.watch.verify()).holds
