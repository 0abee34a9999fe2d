"""`/partners`: one lead proposes, another says yes, whoever joins has her own desk alone; and any lead suspends."""

from __future__ import annotations

import re

from handlers.desk.team.invite import OFFERED
from storage.leads.sign_in.session import LeadSession
from tests.handlers.desk.house import House, Lead

AGREED = "Information sharing agreement, signed in June, in the safe."


async def puts_together(khan: Lead, *, agency: str = "Health", until: str = "365 days") -> None:
    """Everything up to what is shown whole."""
    await khan.says("/partners")
    await khan.taps("Invite a partner")
    await khan.says("Nurse  Okafor")
    await khan.says("School nurse")
    await khan.taps(agency)
    await khan.says(AGREED)
    await khan.taps(until)


async def test_two_invite_a_partner_who_joins_with_her_own_desk_alone(house: House) -> None:
    khan, ali = await house.lead("Ms Khan"), await house.lead("Mr Ali", "deputy")
    await khan.says("/partners")
    assert "Nobody from outside is a partner yet." in khan.words
    await puts_together(khan)
    assert f"Nurse Okafor, School nurse, Health: “{AGREED}”, until November 24, 2027" in khan.words
    await khan.taps("Propose it")
    assert "Noted. Another lead here has to say so too." in khan.words
    assert "Yes, Nurse Okafor as a partner" not in khan.tab.buttons
    [notice] = [one for one in await house.notices() if "partners" in one.kinds]
    assert notice.lead == await house.id_of("Mr Ali")
    assert "Okafor" not in ali.words
    await ali.says("/team")
    await ali.taps("Partners from outside")
    assert f"⚠ Ms Khan proposes: Nurse Okafor, School nurse, Health: “{AGREED}”" in ali.words
    await ali.taps("Yes, Nurse Okafor as a partner")
    [code] = re.findall(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", ali.words)
    nurse = await house.seated("Nurse Okafor", code)
    assert "Nothing is shared with you just now." in nurse.words
    await nurse.says("/help")
    assert "/shares ·" in nurse.words
    assert "/queue" not in nurse.words
    assert "/partners" not in nurse.words
    await nurse.says("/partners")
    assert "That is not for your role." in nurse.words
    await ali.says("/partners")
    assert "Nurse Okafor, School nurse: Health, until November 24, 2027" in ali.words


async def test_one_lead_alone_is_offered_no_partner_to_invite(house: House) -> None:
    khan = await house.lead("Ms Khan")
    assert "partner" not in OFFERED
    await khan.says("/team")
    await khan.taps("Invite")
    await khan.says("Nurse Okafor")
    assert "A partner from outside is invited by two of you: /partners" in khan.words
    assert "partner" not in khan.tab.buttons


async def test_any_lead_suspends_with_one_tap_and_her_desk_empties(house: House) -> None:
    khan, nurse = await house.lead("Ms Khan"), await house.lead("Nurse Okafor", "partner")
    await house.lead("Mr Ali", "deputy")
    await khan.says("/partners")
    await khan.taps("Nurse Okafor")
    assert "Agreement, since November 24, 2026: “information sharing, signed by both”" in khan.words
    await khan.taps("Suspend Nurse Okafor now")
    assert "Nurse Okafor is suspended." in khan.words
    assert "Nurse Okafor: suspended" in khan.words
    await house.desk.check_pin_locks()
    await nurse.says("/shares")
    assert "shared with you" not in nurse.words
    await khan.taps("Nurse Okafor")
    assert "Suspend Nurse Okafor now" not in khan.tab.buttons
    await khan.taps("New agreement")
    assert "What is the job of Nurse Okafor?" in khan.words
    await khan.says("School nurse")
    assert "For whom does Nurse Okafor work?" in khan.words


async def test_a_lead_who_works_alone_at_her_site_gets_no_further_than_a_first_word(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await puts_together(khan)
    await khan.taps("Propose it")
    await puts_together(khan)
    await khan.taps("Propose it")
    assert "Noted. Another lead here has to say so too." in khan.words
    assert (await house.store.leads.partners.read(session_of(house, khan))).partners == ()


def session_of(house: House, lead: Lead) -> LeadSession:
    return next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == lead.name)


async def test_what_does_not_do_is_asked_for_again_and_nothing_typed_is_lost(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await khan.says("/partners")
    await khan.taps("Invite a partner")
    await khan.says("x" * 81)
    assert "That is too long: at most 80 characters, please." in khan.words
    await khan.says("Ms Khan")
    await khan.says("School nurse")
    await khan.taps("Faith")
    await khan.says(" y" * 300)
    assert "That is too long: at most 500 characters, please." in khan.words
    await khan.says(AGREED)
    await khan.taps("Another day")
    for day in ("1.1.2020", "soon", "1.6.2028"):
        await khan.says(day)
        assert "That is no day within the next year." in khan.words
    await khan.says("1.6.2027")
    await khan.taps("Propose it")
    assert "That cannot be agreed on: somebody here may have that name." in khan.words
    await khan.taps("Another name")
    await khan.says("Pastor Quill")
    assert f"Pastor Quill, School nurse, Faith: “{AGREED}”, until June 1, 2027" in khan.words
    await khan.taps("Other words")
    await khan.says("By letter.")
    await khan.taps("Another job")
    await khan.says("Pastor")
    await khan.taps("Propose it")
    assert "⚠ Ms Khan proposes: Pastor Quill, Pastor, Faith: “By letter.”, until June 1, 2027" in khan.words


async def test_a_proposal_that_was_changed_meanwhile_is_shown_anew(house: House) -> None:
    khan, ali = await house.lead("Ms Khan"), await house.lead("Mr Ali", "deputy")
    await puts_together(khan)
    await khan.taps("Propose it")
    await ali.says("/partners")
    await puts_together(khan, agency="Police")
    await khan.taps("Propose it")
    await ali.taps("Yes, Nurse Okafor")
    assert "⚠ Ms Khan proposes: Nurse Okafor, School nurse, Police" in ali.words
    assert "invite for" not in ali.words
    await ali.taps("Yes, Nurse Okafor")
    assert "The invite for Nurse Okafor." in ali.words
