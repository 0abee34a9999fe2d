"""The board: drafted and approved at two desks, and found by whoever is about to write."""

from __future__ import annotations

from typing import Any

from storage.deeds.ownership import Claim
from storage.deeds.status import CloseCase
from storage.values import Arrival
from tests.handlers.desk.house import House, Lead

SAID, DID = "The corridor by the gym is scary after lunch", "An adult stands there every day now"


async def closed_cases(house: House, count: int) -> list[str]:
    session = next(one for one in house.store.leads.sessions.by_address.values() if one.lead.name == "Ms Khan")
    found: list[str] = []
    for number in range(count):
        await house.concern(f"The corridor, {number}", "Ms Khan")
        rows = (await house.store.desk.queues.page(session)).rows
        row = next(one for one in rows if one.reference not in found)
        found.append(row.reference)
        await closes(house, session, row, 70_000 + number)
    return found


async def closes(house: House, session: Any, row: Any, number: int) -> None:
    """Read a case, take it, and close it."""
    desk = house.store.desk
    view = await desk.open_case(session, Arrival(session.address, number), row.id)
    await desk.words_shown(session, view.row, whole=True)
    taken = await desk.act(session, None, row.id, None, Claim())
    await desk.act(session, None, row.id, taken.version, CloseCase("early_help", "It is done."))


async def at_the_draft(khan: Lead) -> None:
    await khan.says("/brief")
    await khan.taps("Together")
    await khan.taps("You said, we did")
    await khan.taps("New entry")
    await khan.says("Mr Bell is scary")
    assert "That names somebody whom Hark knows." in khan.words
    await khan.says(SAID)
    await khan.says(DID)


async def test_two_leads_publish_and_whoever_comes_to_write_finds_it(house: House) -> None:
    khan, bell = await house.lead("Ms Khan"), await house.lead("Mr Bell", "deputy")
    references = await closed_cases(house, 5)
    child = await house.tab()
    await child.type("/start")
    await house.dealt_with(child)
    assert "What changed here" not in child.buttons
    house.clock.pass_(days=31)
    await khan.unlocks()
    await bell.unlocks()
    await at_the_draft(khan)
    await khan.says(" ".join(references[:4]))
    assert "Of these 4 count, and 5 are needed." in khan.words
    await khan.says(" ".join(references))
    assert f"You said: {SAID}" in khan.words
    await khan.taps("Hand it to a colleague")
    assert "It waits for a colleague" in khan.words
    [notice] = [one for one in await house.notices() if "board" in one.kinds]
    assert notice.lead == await house.id_of("Mr Bell")
    assert SAID not in bell.words
    await khan.taps("Waits: 1")
    assert "Yes, publish it" not in khan.tab.buttons
    await bell.says("/board")
    await bell.taps("Waits: 1")
    assert not [one for one in references if one in bell.words]
    await bell.taps("Yes, publish it")
    assert "It stands on the board now." in bell.words
    child = await house.tab()
    await child.type("/start")
    await house.dealt_with(child)
    await child.tap("What changed here")
    await house.dealt_with(child)
    said = "\n".join(one.text for one in child.messages)
    assert SAID in said
    assert DID in said
    assert "Thank you to everybody who told us." in said
    await child.tap("Back")
    await house.dealt_with(child)
    assert "I am under 12" in child.buttons
    await bell.taps("Take down 1")
    assert "Taken down." in bell.words
    await child.type("/start")
    await house.dealt_with(child)
    assert "What changed here" not in child.last.text
    assert [one for one in child.last.buttons if "changed" in one.text] == []
