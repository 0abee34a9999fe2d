"""`/account` at the desk: a lead changes her passphrase, authenticator, spare codes and keys by herself."""

from __future__ import annotations

import re

from storage.values import Arrival
from tests.handlers.desk.house import PASSPHRASE, House, Lead

NEW = "nine herons knit quietly"
WORDS = "He waits for me at the gate."


async def proves(lead: Lead, button: str, passphrase: str = PASSPHRASE) -> None:
    """Press one of the buttons of the account, and give both factors."""
    await lead.says("/account")
    await lead.taps(button)
    await lead.says(f"{passphrase}\n{lead.code()}", secret=True)


async def unlocks_with(lead: Lead, factors: str) -> None:
    await lead.says("/lock")
    await lead.says(f"/unlock {lead.name}")
    await lead.says(factors, secret=True)


async def test_a_new_passphrase_is_asked_for_with_both_factors_and_serves_from_then_on(house: House) -> None:
    lead = await house.lead()
    await lead.taps("My sign-in")
    await lead.taps("New passphrase")
    await lead.says(PASSPHRASE, secret=True)
    await lead.says(lead.code(), secret=True)  # one after the other does too
    await lead.says("too short", secret=True)
    assert "15 characters or more" in lead.words
    await lead.says(NEW, secret=True)
    assert "Your passphrase is changed." in lead.words
    assert NEW not in lead.words
    await unlocks_with(lead, f"{PASSPHRASE}\n{lead.code()}")
    assert "did not unlock" in lead.words
    house.clock.pass_(minutes=6)
    await unlocks_with(lead, f"{NEW}\n{lead.code()}")
    assert "Your desk is open." in lead.words


async def test_with_a_wrong_factor_nothing_is_changed_and_it_is_asked_for_again(house: House) -> None:
    lead = await house.lead()
    await proves(lead, "New spare codes", "eight otters paddle upstream")
    assert "did not match" in lead.words
    await lead.says(f"{PASSPHRASE}\n{lead.code()}", secret=True)
    assert "on paper" in lead.words


async def test_a_spare_code_opens_the_desk_and_a_new_authenticator_takes_over(house: House) -> None:
    lead = await house.lead()
    await proves(lead, "New spare codes")
    codes = re.findall(r"^\d{4} \d{4} \d{4}$", lead.words, re.MULTILINE)
    assert len(codes) == 8
    await lead.taps("They are on paper")
    assert codes[0] not in lead.words
    await unlocks_with(lead, f"{PASSPHRASE}\n{codes[0]}")
    assert "Your desk is open." in lead.words
    # The phone is lost: the next code stands in for it here too.
    await lead.says("/account")
    assert "You have 7 spare codes" in lead.words
    await lead.taps("New authenticator")
    await lead.says(f"{PASSPHRASE}\n{codes[1]}", secret=True)
    lead.secret = await lead.secret_shown()
    await lead.says("000000", secret=True)
    assert "did not match" in lead.words
    await lead.says(lead.code(), secret=True)
    assert "The old one serves no more." in lead.words
    assert "otpauth://" not in lead.words
    await lead.unlocks()
    assert "Your desk is open." in lead.words


async def test_new_keys_open_all_cases_and_the_fingerprint_is_another_one(house: House) -> None:
    lead = await house.lead()
    await house.concern(WORDS, "Ms Khan")
    before = (await house.store.leads.rosters.read()).named("Ms Khan")
    await proves(lead, "New keys")
    assert "those of before are destroyed" in lead.words
    after = (await house.store.leads.rosters.read()).named("Ms Khan")
    assert before is not None
    assert after is not None
    assert before.fingerprint != after.fingerprint
    await lead.says("/queue")
    await lead.taps_first()
    await lead.taps("Read the words")
    assert WORDS in lead.words


async def test_a_renewal_that_was_cut_short_is_offered_again(house: House) -> None:
    lead = await house.lead()
    await house.concern(WORDS, "Ms Khan")
    [session] = house.store.leads.sessions.by_address.values()
    house.clock.pass_(seconds=30)
    own = house.store.leads.own_factors

    await own.prove(session, Arrival(session.address, 77_001), PASSPHRASE, lead.code())
    await own.renew_keys(session, Arrival(session.address, 77_002), PASSPHRASE)
    await house.restart()
    await lead.unlocks()
    await lead.says("/account")
    assert "1 case is to be sealed" in lead.words
    await lead.taps("Go on with the new keys")
    assert "those of before are destroyed" in lead.words
