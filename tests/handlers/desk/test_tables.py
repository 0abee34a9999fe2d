"""A round table on a goal, at three desks: planned, each view, what is agreed becomes an action, and each signs."""

from __future__ import annotations

from tests.handlers.desk.house import House, Lead
from tests.handlers.desk.test_goals import begins


async def test_a_round_table_from_planning_to_signatures(house: House) -> None:
    house.equipped = True
    await house.restart()
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    nurse = await house.lead("Nurse Okafor", "partner")
    await nurse.says("/table")
    assert "You take part in no goal yet." in nurse.words
    await begins(khan)
    await khan.taps("Add an action")
    await khan.says("Ask the children what they want there")
    await khan.taps("Nurse Okafor")
    await khan.taps("Fri, Nov 27")
    await khan.taps("Round table")
    assert "There is no round table on it yet." in khan.words
    await khan.taps("Plan a round table")
    assert khan.tab_label("bell").startswith("✓")
    await khan.taps(khan.tab_label("bell"))
    await khan.says("28.11.2026 14:30")
    assert "Nobody is there on that day." in khan.words
    assert not khan.tab_label("bell").startswith("✓")
    await khan.says("27.11.2026 14:30")
    assert "round table on Fri, Nov 27, 14:30: Ms Khan and Nurse Okafor" in khan.words
    [notice] = [one for one in await house.notices() if "table" in one.kinds]
    assert notice.lead == await house.id_of("Nurse Okafor")
    assert "corner" not in nurse.words
    await says_its_view_and_signs(khan, bell, nurse)


async def says_its_view_and_signs(khan: Lead, bell: Lead, nurse: Lead) -> None:
    """From the agenda on: a view, what is agreed, and signatures that stand for what was seen."""
    await nurse.says("/table")
    await nurse.taps("Table 1")
    assert "1. Ask the children what they want there · Nurse Okafor, by Fri, Nov 27" in nurse.words
    await nurse.taps("My view")
    await nurse.says("Ms Khan asks too much")
    assert "That names somebody whom Hark knows." in nurse.words
    await nurse.says("It is too loud there")
    assert "Nurse Okafor: “It is too loud there”" in nurse.words
    await khan.taps("I agree")
    assert "That is not possible as the goal stands now." in khan.words, "a view came since"
    await khan.taps("Agreed: an action")
    await khan.says("Put carpets down")
    await khan.taps("I do it")
    await khan.says("30.11.2026")
    await khan.taps("Round table")
    assert "Agreed here:" in khan.words
    assert "1. Put carpets down · Ms Khan, by Mon, Nov 30" in khan.words
    await khan.taps("I agree")
    assert "Ms Khan: I agree" in khan.words
    await nurse.says("/table")
    await nurse.taps("Table 1")
    await nurse.taps("I see it differently")
    assert "Nurse Okafor: I see it differently" in nurse.words
    await nurse.taps("My view")
    await nurse.says("Carpets are not enough")
    assert "Ms Khan: I agree, before the latest change" in nurse.words
    await bell.says("/table")
    await bell.taps("Table 1")
    assert "My view" not in bell.tab.buttons
