"""What is malformed, stolen, replayed or foreign: the same quiet refusal for all of a kind, and one count of all."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from handlers.desk.chat import callback_data
from handlers.desk.chat.callback_data import Ask
from storage.sealing.receipts.receipt import new_receipt, receipt_to_token
from tests.handlers.desk.house import HOME, House, Lead
from tests.person import Person

EARLIER = "That button is from an earlier screen. Here is where you are now."
LOCKED = "The desk is locked here."
NO_INVITE = "That code is not good (any more). Please ask for a new invite."
NO_CASE = "There is no such case at your desk."
OLD_SCREEN = "That button is from an earlier screen."


@pytest.fixture
def counted(house: House) -> list[None]:
    """What the store was told was refused."""
    found: list[None] = []
    core = house.store._core
    core.measures = replace(core.measures, refused=lambda: found.append(None))
    return found


async def tag_of(lead: Lead) -> str:
    await lead.says("/brief")
    return lead.tag


def forged(own: str, others: str) -> dict[str, str]:
    """Buttons that are not of this session, by what is wrong with them."""
    ask = Ask("K7QM3D", 1, "0")
    return {
        "another lead's": callback_data.data(others, "open", ask),
        "an earlier session's": callback_data.data("abcdef", "end", Ask("K7QM3D", 1, "malicious")),
        "nobody's": callback_data.data("", "open", ask),
        "the open tag for what is not open": callback_data.data(callback_data.OPEN, "claim", ask),
        "a verb that there is not": callback_data.data(own, "destroy", ask),
        "too few parts": f"d:{own}:open",
        "no parts": "d:",
        "a version that is no number": f"d:{own}:open:K7QM3D:\u0661:0",
        "a reporter's": "q:C4:yes",
        "nothing known": "\U0001f511" * 16,
        "somebody's words to come back": f"x:w:{'A' * 20}",
    }


async def test_a_button_that_is_not_of_this_session_is_refused_and_counted(house: House, counted: list[None]) -> None:
    khan, stone = await house.lead("Ms Khan"), await house.lead("Mr Stone", "head")
    others, own = await tag_of(khan), await tag_of(stone)
    for number, (what, data) in enumerate(forged(own, others).items(), start=1):
        await stone.says("/help")
        await house.pressed(stone.tab, data)
        assert EARLIER in stone.tab.last.text, what
        assert len(counted) == number, what


async def test_a_button_at_a_locked_desk_is_refused_and_counted(house: House, counted: list[None]) -> None:
    khan = await house.lead("Ms Khan")
    tag = await tag_of(khan)
    await khan.says("/lock")
    for number, verb in enumerate(("open", "queue", "yes", "golive"), start=1):
        await house.pressed(khan.tab, callback_data.data(tag, verb, Ask("K7QM3D", 1, "0")))
        assert LOCKED in khan.tab.last.text, verb
        assert len(counted) == number, verb


async def test_an_invite_that_is_unknown_used_or_old_is_refused_the_same_way_and_counted(
    house: House, counted: list[None]
) -> None:
    draw = house.store.leads.invites.draw
    used, old = (await draw("Ms Khan", "lead", HOME)).code, (await draw("Ms Late", "lead", HOME)).code
    await house.seated("Ms Khan", used)
    house.clock.pass_(days=8)
    said, tab = set(), await house.tab()
    before = len(counted)
    for code in (used, old, "AAAA-BBBB-CCCC-DDDD", "no code at all", "\u202eAB", "x" * 4000):
        for typed in (f"/join {code}", f"/start j-{code}"):
            number = len(counted)
            await tab.type(typed)
            await house.dealt_with(tab)
            said.add(tab.last.text)
            assert len(counted) == number + 1, typed[:40]
    assert said == {NO_INVITE}
    assert len(counted) == before + 12


async def test_a_reference_to_no_case_is_refused_and_counted(house: House, counted: list[None]) -> None:
    khan = await house.lead("Ms Khan")
    every = ("/case ZZZZZZ", "/case_ZZZZZZ", "/case \u2066ZZZZZZ", f"/case {'Z' * 3000}")
    for number, typed in enumerate(every, start=1):
        await khan.says(typed)
        assert NO_CASE in khan.tab.last.text, typed[:20]
        assert len(counted) == number, typed[:20]


async def presses(house: House, tab: Person, data: str) -> str:
    await house.pressed(tab, data)
    return tab.last.text


async def test_what_a_reporter_forges_or_takes_from_another_is_refused_and_counted(
    house: House, counted: list[None]
) -> None:
    khan = await house.lead("Ms Khan")
    receipt = await house.concern("words", "Ms Khan")
    stolen = await tag_of(khan)
    tab = await house.tab()
    await tab.type("/start")
    await house.dealt_with(tab)
    for number, data in enumerate(("q:", "k:C4:nothing", "x:nothing", "x:w", "\U0001f511" * 16), start=1):
        await presses(house, tab, data)
        assert len(counted) == number, data
    assert LOCKED in await presses(house, tab, callback_data.data(stolen, "open", Ask("K7QM3D", 1, "0")))
    assert len(counted) == 6
    await tab.type("/start s-nowhere")
    await house.dealt_with(tab)
    assert len(counted) == 7
    other = new_receipt("en", os.urandom)
    unknown = await presses(house, tab, f"x:w:{receipt_to_token(other)}")
    assert len(counted) == 8
    await tab.type(f"/return {other.words}")
    await house.dealt_with(tab)
    assert tab.last.text == unknown
    assert len(counted) == 9
    await presses(house, tab, f"x:w:{'A' * 20}")
    assert len(counted) == 10
    await tab.type(f"/return {' '.join(receipt.split()[:-1])}")
    await house.dealt_with(tab)
    assert len(counted) == 10, "a slip is somebody's own"
