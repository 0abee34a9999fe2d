"""`/team`: a reader who joins waits for two of those who read, and two of them can make a third one leave at once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.delivery.scheduler import Scheduler
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import public_key
from tests.handlers.desk.house import HOME, House, Lead, open_store
from tests.live import take_live

WORDS = "It is about Mr Bell, he was shouting."


async def waits(house: House, name: str = "Ms Dunn") -> Lead:
    """Somebody who has joined, and to whom nobody has said yes."""
    return await house.seated(name, (await house.store.leads.invites.draw(name, "deputy", HOME)).code)


async def shown(house: House, name: str) -> str:
    roster = await house.store.leads.rosters.read()
    return next(one.fingerprint for one in roster.leads.values() if one.name == name)


async def test_a_reader_who_joins_sees_that_she_waits_and_nothing_else_until_two_say_yes(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    dunn = await waits(house)
    assert "You wait for two leads to say yes" in dunn.words
    assert await shown(house, "Ms Dunn") in dunn.words
    assert "open case" not in dunn.words
    for typed in ("/queue", "/team", "/oncall", "/handover", "/golive", "/case K7QM3D"):
        await dunn.says(typed)
        assert "You wait for two leads to say yes" in dunn.words, typed
        assert WORDS not in dunn.words
    for notice in await house.notices():
        assert notice.kinds <= {"team", "new"}
    assert "Who reads with Hark has changed, or is to change" in khan.words
    await khan.says("/brief")
    await khan.taps("Somebody waits for two of you")
    assert "Ms Dunn, deputy lead, waits and reads nothing yet" in khan.words
    assert await shown(house, "Ms Dunn") in khan.words
    await khan.taps("Yes, Ms Dunn may read")
    assert "Another lead has to say yes too" in khan.words
    assert "Yes, Ms Dunn may read" not in khan.tab.buttons
    await dunn.says("/queue")
    assert "You wait for two leads to say yes" in dunn.words
    await bell.says("/team")
    assert "Ms Khan has said yes. It takes one more of you." in bell.words
    await bell.taps("Yes, Ms Dunn may read")
    assert "Ms Dunn was let in by two leads" in bell.words
    await dunn.says("/queue")
    assert "Nothing here" in dunn.words
    await house.concern(WORDS, "Ms Khan", "Ms Dunn")
    await dunn.says("/queue")
    assert "/case_" in dunn.words


async def test_a_new_recovery_key_is_shown_with_its_fingerprint_and_takes_two(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    public = public_key(b"r" * 32)
    assert await house.store.leads.team.offer_recovery(public)
    assert {notice.lead for notice in await house.notices()} == {
        await house.id_of("Ms Khan"),
        await house.id_of("Mr Bell"),
    }
    for lead in (khan, bell):
        assert "Who reads with Hark has changed" in lead.words
        await lead.says("/golive")
        assert "A new recovery key waits" in lead.words
        assert "There is no recovery key" in lead.words
        await lead.says("/team")
        assert fingerprint(public) in lead.words
        await lead.taps("Yes to the recovery key")
    assert "The recovery key has the fingerprint" in bell.words
    await bell.says("/golive")
    assert "There is no recovery key" not in bell.words


async def test_two_shut_out_a_third_whose_desk_empties_at_once_and_who_is_told_nothing_more(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    dunn = await house.lead("Ms Dunn", "deputy")
    await house.concern(WORDS, "Ms Khan", "Ms Dunn")
    await dunn.says("/queue")
    await dunn.taps_first()
    await dunn.taps("I have this")
    await dunn.says("/note")
    await khan.says("/team")
    await khan.taps("About a colleague")
    await khan.taps("Ms Dunn")
    await khan.taps("Shut Ms Dunn out")
    assert "Of the open cases that you can read, Ms Dunn has 1." in khan.words
    await khan.taps("Nobody by name")
    assert "Another lead here has to say so too" in khan.words
    await dunn.says("/team")
    assert "proposes to shut" not in dunn.words
    await dunn.says("/queue")
    await dunn.taps_first()
    await dunn.says("/note")
    await bell.says("/team")
    assert "Ms Khan proposes to shut Ms Dunn out" in bell.words
    await bell.taps("Shut Ms Dunn out")
    assert "Ms Dunn is shut out." in bell.words
    await dunn.says("these words come too late")
    assert "The desk is locked here" in dunn.words
    assert WORDS not in dunn.words
    hers = len(dunn.tab.heard)
    await Scheduler(house.handlers, house.clock).look()
    await house.notices()
    assert len(dunn.tab.heard) <= hers
    await khan.says("/queue")
    assert "nobody has it yet" in khan.words
    await dunn.unlocks()
    assert "That did not unlock" in dunn.words


@pytest.mark.types_joining
async def test_a_lead_whom_another_process_shuts_out_is_refused_at_the_next_turn_and_her_chat_empties(
    house: House,
) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    await house.concern(WORDS, "Ms Khan", "Mr Bell")
    beside = await open_store(house.url, house.where, house.clock)
    for lead in (khan, bell):
        await lead.says("/queue")
        await lead.taps_first()
        await beside.leads.team.disable(await house.id_of(lead.name))
        if lead is khan:
            await khan.taps("History")
        else:
            await Scheduler(house.handlers, house.clock).look()
            await bell.tab.wait_to_see("The desk is locked here")
        assert "The desk is locked here" in lead.words
        assert "/case_" not in lead.words
    await beside.close()


async def test_whoever_takes_a_site_live_sees_who_reads_and_who_waits(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.lead("Mr Bell", "head")
    await waits(house)
    await khan.says("/golive")
    assert "Concerns are sealed for Ms Khan and Mr Bell" in khan.words
    assert "Two of you have not said yes yet to Ms Dunn" in khan.words


async def test_a_button_for_other_keys_than_those_that_wait_lets_nobody_in(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await house.lead("Mr Bell", "head")
    await waits(house)
    await khan.says("/team")
    await house.pressed(khan.tab, f"d:{khan.tag}:yes:::{'0' * 8}.{'0' * 16}")
    for verb in ("out", "renew"):
        await house.pressed(khan.tab, f"d:{khan.tag}:{verb}:::{'0' * 8}.{'0' * 16}.-")
    for verb in ("person", "outing", "factors", "phone", "forgot", "roles", "past", "second"):
        await house.pressed(khan.tab, f"d:{khan.tag}:{verb}:::{'0' * 8}.{'0' * 16}")
    for verb in ("titled", "scope"):
        await house.pressed(khan.tab, f"d:{khan.tag}:{verb}:::{'0' * 8}.{'0' * 16}.head")
    async with house.store._core.read() as connection:
        done = (await connection.execute(text("SELECT action FROM audit"))).scalars().all()
    assert not {"approve", "ask_disable", "ask_factors", "ask_keys", "ask_role", "granted"} & set(done)


async def test_at_a_live_site_too_the_digest_names_nobody_and_team_names_who_unlocked_in_whole_weeks(
    house: House,
) -> None:
    khan, _ = await house.lead("Ms Khan"), await house.lead("Mr Bell", "head")
    await take_live(house.store, [HOME])
    house.clock.pass_(days=7)
    await house.store._core.commit(*await house.store.alerts.well())
    await house.notices()
    said = await khan.tab.wait_to_see("/team says who opened a desk in the last week")
    assert "Bell" not in said.text
    await khan.unlocks()
    assert "You opened your desk before at" in khan.words
    await khan.says("/team")
    assert "a desk was opened by Ms Khan and Mr Bell" in khan.words
