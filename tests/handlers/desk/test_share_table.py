"""A round table on a share at the desk: planned by a lead, read by its partner, signed by both."""

from __future__ import annotations

import pytest

from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_sharing import WORDS, begins_with, puts_together, three  # noqa: F401 - a fixture


@pytest.fixture
async def both(three: tuple[Lead, Lead, str]) -> tuple[Lead, Lead]:  # noqa: F811 - the fixture
    """A lead with two open actions in a case, and a partner who has opened what was shared of it."""
    khan, nurse, _ = three
    await puts_together(khan)
    await khan.taps("Send")
    for text in ("Ask the cook for a quiet table", "Axolotl: ring the father"):
        await khan.says("/action")
        await khan.says(text)
        await khan.taps("I do it")
        await khan.taps("Today")
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    return khan, nurse


async def to_table(khan: Lead) -> None:
    await khan.says("/share")
    await khan.taps("Round table: Nurse Okafor")


async def plans(khan: Lead) -> None:
    await to_table(khan)
    assert "None is planned yet." in khan.words
    await khan.taps("Plan a round table")
    await khan.says("yesterday 14:30")
    assert "When do you meet Nurse Okafor?" in khan.words
    await khan.says("27.11.2026 14:30")
    assert "Planned. Nurse Okafor is told that something waits, and not what." in khan.words


async def opens(nurse: Lead) -> str:
    await nurse.says("/shares")
    await nurse.taps("Open 1")
    return nurse.words


async def test_the_command_leads_to_those_on_shares(both: tuple[Lead, Lead]) -> None:
    for lead, button in zip(both, ("Round table: Nurse Okafor", "Open 1"), strict=True):
        await lead.says("/table")
        await lead.taps("On a share")
        assert button in lead.tab.buttons


async def test_a_round_table_from_the_day_to_the_signatures(both: tuple[Lead, Lead]) -> None:
    khan, nurse = both
    assert "I agree" not in nurse.tab.buttons
    await plans(khan)
    assert "Only leads see, 1: Ask the cook for a quiet table" in khan.words
    heard = await opens(nurse)
    assert "Round table on Fri, Nov 27, 14:30" in heard
    for canary in ("cook", "Axolotl", "father"):
        assert canary not in heard, "nothing is on the agenda by itself"
    await khan.taps("Show 1")
    assert "On the agenda, 1: Ask the cook for a quiet table" in khan.words
    assert "On the agenda, 1: Ask the cook for a quiet table" in await opens(nurse)
    await nurse.taps("My view")
    await nurse.says("x" * 1_001)
    assert "That is too long: at most 1,000 characters" in nurse.words
    await nurse.says("She needs a quiet place at lunch.")
    assert "It is kept for them. They are told." in nurse.words
    await to_table(khan)
    assert "Nurse Okafor: “She needs a quiet place at lunch.”" in khan.words
    await khan.taps("My view")
    await khan.says("So do I think.")
    await khan.taps("Agreed: an action")
    await khan.says("Give her a table by the window")
    await khan.taps("Ms Khan")
    await khan.says("1.1.2020")
    assert "By when?" in khan.words
    await khan.says("27.11.2026")
    assert "Agreed: Ms Khan, by Fri, Nov 27." in khan.words
    await khan.taps("Agreed: an action")
    await khan.says("See her once more")
    await khan.taps("Nurse Okafor")
    await khan.says("30.11.2026")
    await khan.taps("I agree")
    assert "Ms Khan: I agree" in khan.words
    heard = await opens(nurse)
    assert "Agreed: See her once more · Nurse Okafor, by Mon, Nov 30" in heard
    assert "Agreed: Give her a table by the window · Ms Khan, by Fri, Nov 27" in heard
    assert "Axolotl" not in heard
    await nurse.taps("I see it differently")
    assert "Signed: I see it differently." in nurse.words
    await khan.says("/actions")
    assert "Give her a table by the window" in khan.words
    assert "See her once more" not in khan.words
    await khan.says("/queue")
    await khan.taps_first()
    await to_table(khan)
    assert "Nurse Okafor: I see it differently" in khan.words
    await khan.says("/queue")
    await khan.taps_first()
    await khan.taps("History")
    assert "said something at a round table on a share" in khan.words


async def test_what_is_foreign_ended_or_taken_back_is_one_answer(house: House, both: tuple[Lead, Lead]) -> None:
    khan, nurse = both
    await plans(khan)
    await opens(nurse)
    pastor = await house.lead("Pastor Quill", "partner")
    [share] = await house.store.shares.listed(
        next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == "Nurse Okafor")
    )
    await khan.says("/share")
    await khan.taps("Take back: Nurse Okafor")
    heard = []
    for lead, of in ((pastor, share.id), (pastor, "0" * 32), (nurse, share.id), (nurse, "")):
        await house.pressed(lead.tab, callback_data.data(lead.tag, "seatsign", Ask(argument=f"{of}y1")))
        heard.append(lead.words[-200:])
    assert all("There is no such share, or it has ended." in one for one in heard)
    await khan.says("/share")
    assert "Round table: Nurse Okafor" not in khan.tab.buttons


async def test_where_sharing_takes_two_a_second_lead_says_so_before_she_reads_it(house: House) -> None:
    khan, ali = await house.lead("Ms Khan"), await house.lead("Mr Ali", "deputy")
    pastor = await house.lead("Pastor Quill", "partner", agency="faith")
    await house.concern(WORDS, "Ms Khan", "Mr Ali")
    for lead in (khan, ali):
        await lead.says("/queue")
        await lead.taps_first()
        await lead.reads()
    await begins_with(khan, "👥 Pastor Quill")
    await khan.taps("Send")
    await khan.says(khan.code(), secret=True)
    await to_case(ali)
    await ali.says("/share")
    await ali.taps("Look at it: Pastor Quill")
    await ali.taps("Yes, share it")
    await ali.says(ali.code(), secret=True)
    house.clock.pass_(seconds=60)
    await opens(pastor)
    await to_case(khan)
    await khan.says("/share")
    await khan.taps("Round table: Pastor Quill")
    assert "👥 It takes two of you" in khan.words
    await khan.taps("Plan a round table")
    await khan.says("27.11.2026 14:30")
    assert "It takes two of you to say this to Pastor Quill." in khan.words
    await khan.says(khan.code(), secret=True)
    assert "Yours is noted. A second lead has to say so too within a day: /share" in khan.words
    assert "⚠ Ms Khan would say something here. That takes a second lead." in khan.words
    assert "Look at it: Ms Khan" not in khan.tab.buttons
    assert "Round table on" not in await opens(pastor)
    await to_case(ali)
    await ali.says("/share")
    await ali.taps("Round table: Pastor Quill")
    await ali.taps("Look at it: Ms Khan")
    assert "Ms Khan would say this to Pastor Quill. Is it needed, and by this person?" in ali.words
    assert "⚇ Round table on Fri, Nov 27, 14:30" in ali.words
    await ali.taps("Yes, say it")
    await ali.says("000000", secret=True)
    assert "Round table on" not in await opens(pastor)
    await ali.says(ali.code(), secret=True)
    assert "Said. Pastor Quill can read it now." in ali.words
    assert "Round table on Fri, Nov 27, 14:30" in await opens(pastor)
    await pastor.taps("My view")
    await pastor.says("He comes to the youth group.")
    await to_case(ali)
    await ali.taps("History")
    assert "would say something at a round table on a share, which takes two · Pastor Quill" in ali.words


async def to_case(lead: Lead) -> None:
    await lead.says("/queue")
    await lead.taps_first()
