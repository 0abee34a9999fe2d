"""What is a partner's to do on `/shares`: she adds it, is reminded, and says that it is done, or not and why."""

from __future__ import annotations

import pytest

from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_cases import everything, waiting_for
from tests.handlers.desk.test_share_table import both, opens, plans, to_table  # noqa: F401 - `both` is a fixture
from tests.handlers.desk.test_sharing import WORDS, puts_together, session_of, three  # noqa: F401 - a fixture of that one


async def adds(nurse: Lead, what: str, day: str) -> None:
    await opens(nurse)
    await nurse.taps("My actions")
    await nurse.taps("Add an action")
    await nurse.says(what)
    await nurse.taps(day)


async def to_case(khan: Lead) -> None:
    await khan.says("/queue")
    await khan.taps_first()


async def test_she_adds_what_she_will_do_and_the_case_shows_it_until_it_is_done(both: tuple[Lead, Lead]) -> None:  # noqa: F811
    khan, nurse = both
    await nurse.taps("My actions")
    assert "Nothing is yours to do for this just now." in nurse.words
    await nurse.taps("Add an action")
    assert "What will you do?" in nurse.words
    await nurse.says("x" * 201)
    assert "That is too long: at most 200 characters" in nurse.words
    await nurse.says("Ring the clinic")
    assert "By when? You are told that morning." in nurse.words
    assert {"Today", "Tomorrow", "Another day"} <= set(nurse.tab.buttons)
    await nurse.taps("Another day")
    await nurse.says("29.11.2026")
    assert "Nobody is there on that day." in nurse.words
    await nurse.says("30.12.2026")
    assert "What is shared with you ends before that, on Tue, Dec 8." in nurse.words
    await nurse.says("27.11.2026")
    assert "It is yours, by Fri, Nov 27." in nurse.words
    assert "; yours by Fri, Nov 27" in nurse.words
    assert "What is yours to do is due by Fri, Nov 27." in nurse.words
    assert "Yours, 1: Ring the clinic, by Fri, Nov 27" in await opens(nurse)
    await to_case(khan)
    assert "▫ Ring the clinic — Nurse Okafor, by Fri, Nov 27" in khan.words
    await khan.says("/share")
    assert "▫ Ring the clinic — Nurse Okafor, by Fri, Nov 27" in khan.words
    await opens(nurse)
    await nurse.taps("My actions")
    await nurse.taps("Done: 1")
    assert "Noted as done." in nurse.words
    assert "yours by" not in nurse.words
    await to_case(khan)
    assert "Ring the clinic" not in khan.words
    await khan.taps("History")
    assert "took in what a partner answered · Nurse Okafor · will do · by Fri, Nov 27" in khan.words
    assert "took in what a partner answered · Nurse Okafor · done" in khan.words
    assert "Ring the clinic" in khan.words


async def test_what_was_agreed_for_her_is_hers_and_not_done_says_why(both: tuple[Lead, Lead]) -> None:  # noqa: F811
    khan, nurse = both
    await plans(khan)
    await khan.taps("Agreed: an action")
    await khan.says("See her once more")
    await khan.taps("Nurse Okafor")
    await khan.says("30.12.2026")
    assert "What is shared with Nurse Okafor ends before that, on Tue, Dec 8." in khan.words
    await khan.says("30.11.2026")
    await khan.says("/actions")
    assert "See her once more" not in khan.words, "it is hers"
    assert "Yours, 1: See her once more, by Mon, Nov 30" in await opens(nurse)
    await nurse.taps("My actions")
    await nurse.taps("Not done, because: 1")
    await nurse.says("x" * 1_001)
    assert "That is too long: at most 1,000 characters" in nurse.words
    await nurse.says("She has moved to the other clinic.")
    assert "Noted as not done." in nurse.words
    assert "Agreed: See her once more · Nurse Okafor, by Mon, Nov 30: not done" in await opens(nurse)
    await to_case(khan)
    await to_table(khan)
    assert "Agreed: See her once more · Nurse Okafor, by Mon, Nov 30: not done" in khan.words
    await to_case(khan)
    await khan.taps("History")
    assert "not done, because" in khan.words
    assert "She has moved to the other clinic." in khan.words


async def test_she_is_told_on_the_morning_and_whoever_has_the_case_once_it_is_late(
    house: House,
    both: tuple[Lead, Lead],  # noqa: F811
) -> None:
    khan, nurse = both
    await adds(nurse, "Axolotl: ring the clinic", "Tomorrow")
    house.clock.pass_(days=1)
    await house.store.reminders.tell_partners()
    [notice] = [one for one in await house.notices() if "share_action" in one.kinds]
    assert notice.lead == await house.id_of("Nurse Okafor")
    assert "Something is yours to do, for what was shared with you." in nurse.words
    assert "Axolotl" not in nurse.words
    house.clock.pass_(days=2)
    await house.store.reminders.tell_partners()
    await khan.unlocks()
    [late] = [one for one in await house.notices() if "action_late" in one.kinds]
    assert late.lead == await house.id_of("Ms Khan")
    await to_case(khan)
    assert "⚠ Axolotl: ring the clinic — Nurse Okafor, was due Wed, Nov 25" in khan.words
    await nurse.unlocks()
    assert "⚠ Yours, 1: Axolotl: ring the clinic, was due Wed, Nov 25" in await opens(nurse)


@pytest.mark.parametrize("verb", ["own", "owndone", "ownundone", "ownact", "ownday"])
async def test_foreign_ended_taken_back_and_none_are_one_answer(
    house: House,
    both: tuple[Lead, Lead],  # noqa: F811
    verb: str,
) -> None:
    khan, nurse = both
    await adds(nurse, "Ring the clinic", "Today")
    pastor = await house.lead("Pastor Quill", "partner")
    [share] = await house.store.shares.listed(session_of(house, nurse))
    await to_case(khan)
    await khan.says("/share")
    await khan.taps("Take back: Nurse Okafor")
    await to_case(khan)
    assert "Ring the clinic" not in khan.words
    heard = set()
    for lead, of in ((pastor, share.id), (pastor, "0" * 32), (nurse, share.id), (nurse, "0" * 32)):
        await house.pressed(lead.tab, callback_data.data(lead.tag, verb, Ask(argument=f"{of}1")))
        if verb in {"ownundone", "ownact"}:  # asks, and opens nothing
            await lead.says("Some words")
        heard.add(lead.words[-90:])
        assert "There is no such share, or it has ended." in lead.words
        assert "Ring the clinic" not in lead.words
    assert len(heard) == 1


async def test_what_is_one_partners_changes_nothing_for_another(house: House, both: tuple[Lead, Lead]) -> None:  # noqa: F811
    _, nurse = both
    pastor = await house.lead("Pastor Quill", "partner")
    before = await everything(pastor)
    await adds(nurse, "Ring the clinic", "Today")
    assert await everything(pastor) == before


async def test_a_lead_who_was_left_out_sees_the_same_with_and_without_what_is_a_partners(house: House) -> None:
    khan, ali = await house.lead("Ms Khan"), await house.lead("Mr Ali", "deputy")
    nurse, of_ali = await house.lead("Nurse Okafor", "partner"), await house.id_of("Mr Ali")
    before, waits = await everything(ali), await waiting_for(house, of_ali)
    await house.concern(WORDS, "Ms Khan", excluded=(of_ali,))
    await khan.says("/queue")
    await khan.taps_first()
    await khan.reads()
    await puts_together(khan)
    await khan.taps("Send")
    await adds(nurse, "Ring the clinic", "Today")
    assert await waiting_for(house, of_ali) == waits
    assert await everything(ali) == before
    house.clock.pass_(days=5)
    await house.store.reminders.tell_partners()
    assert {one.lead for one in await house.notices() if "action_late" in one.kinds} == {await house.id_of("Ms Khan")}


async def test_a_day_whose_words_are_gone_plans_nothing(house: House, both: tuple[Lead, Lead]) -> None:  # noqa: F811
    _, nurse = both
    [share] = await house.store.shares.listed(session_of(house, nurse))
    today = house.clock.at.date().toordinal()
    await house.pressed(nurse.tab, callback_data.data(nurse.tag, "ownday", Ask(argument=f"{share.id}{today}")))
    assert "Nothing is yours to do for this just now." in nurse.words
