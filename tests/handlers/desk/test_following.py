"""[Start] and [Next case] pass nobody over, whatever is done to a case on the way."""

from __future__ import annotations

import re

import pytest

from tests.handlers.desk.house import House, Lead


async def _told(house: House) -> Lead:
    khan = await house.lead("Ms Khan")
    for words in ("The bus stop one.", "The changing room one.", "The river one."):
        await house.concern(words, "Ms Khan")
        house.clock.pass_(minutes=1)
    await khan.says("/brief")
    return khan


def reference(lead: Lead) -> str:
    """The reference of the case on the screen."""
    return re.findall(r"/case_(\w{6})", lead.words)[-1]


@pytest.mark.parametrize("does", ["", "I have this"])
async def test_every_open_case_is_met_once_also_if_each_is_taken_up(house: House, does: str) -> None:
    khan = await _told(house)
    await khan.taps("Start")
    met = [reference(khan)]
    for _ in range(2):
        if does:
            await khan.taps(does)
        await khan.taps("Next case")
        met.append(reference(khan))
    assert len(set(met)) == 3
    await khan.taps("Next case")
    assert "That was the last one in the queue." in khan.words


async def test_what_comes_meanwhile_and_is_more_urgent_is_next(house: House) -> None:
    khan = await _told(house)
    await khan.taps("Start")
    await house.concern("On the roof.", "Ms Khan", urgency="immediate")
    await khan.taps("Next case")
    await khan.taps("Read the words")
    assert "On the roof." in khan.words


async def test_from_the_brief_it_begins_again(house: House) -> None:
    khan = await _told(house)
    await khan.taps("Start")
    first = reference(khan)
    await khan.taps("Next case")
    await khan.says("/brief")
    await khan.taps("Start")
    assert reference(khan) == first
