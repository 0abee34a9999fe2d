"""How far a lead's reply goes to its commit and its answer, and an urgent notice from its row to the messenger."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery.outbox_relay import OutboxRelay
from tests.handlers.desk.house import House
from tests.handlers.desk.test_replying import replying
from tests.handlers.test_way_of_a_turn import Way, named, walked

#: Calls from the dispatcher, or from the relay of the outbox; the figures only go down.
COMMIT, ANSWER = 8, 10
SENDER = "handlers.telegram.sender.say"


def assert_within_bounds(way: Way, committing: str) -> None:
    """Print the calls to the commit that the module `committing` makes, and to the sending, and hold both."""
    commit, answer = way.depths[f"{committing} > storage.core.core.commit"] + 1, way.depths[SENDER]
    told = f"{commit} calls to the commit, {answer} to the sending; {_ours(way)} modules entered"
    print(told)
    assert (commit <= COMMIT, answer <= ANSWER) == (True, True), told


def _ours(way: Way) -> int:
    return sum(not module.startswith("bot.webchat") for module in way.modules)


async def test_a_typed_reply_is_shown_in_ten_calls_and_sent_in_eight(house: House) -> None:
    lead = await replying(house)
    with walked() as typed:
        await lead.says("I am here.")
    assert typed.depths[SENDER] <= ANSWER
    with walked() as sent:
        await lead.taps("Send")
    assert_within_bounds(sent, "storage.desk.actions")
    entered = typed.modules | sent.modules
    assert [module for module in named("A lead's reply") if module not in entered] == []


async def test_an_urgent_notice_goes_from_its_row_to_the_messenger(house: House) -> None:
    lead = await house.lead("Ms Khan")
    await lead.says("/lock")
    await house.notices()
    relay = OutboxRelay(house.handlers)
    await house.concern("He has my phone.", "Ms Khan", urgency="immediate")
    with walked() as way:
        await relay.look()
        if under_way := list(relay._under_way.values()):  # noting every call takes longer than one look waits
            await asyncio.wait(under_way)
    assert_within_bounds(way, "storage.notices.outcomes")
    assert [module for module in named("An urgent notice") if module not in way.modules] == []


@pytest.mark.parametrize("journey", ["A child's sentence", "A lead's reply", "An urgent notice"])
def test_the_page_names_at_most_eight_modules_of_each_journey(journey: str) -> None:
    assert len(set(named(journey))) == len(named(journey))
