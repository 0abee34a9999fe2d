"""The way of a reporter from the greeting to the answer."""

from __future__ import annotations

from tests.handlers.messenger import Person
from tests.handlers.world import World


async def test_first(world: World, ann: Person) -> None:
    await ann.types("/start")
    print(ann.screen.text, [b["text"] for b in ann.screen.buttons])
    await ann.taps("under 12")
    print(ann.screen.text, [b["text"] for b in ann.screen.buttons])
    assert 0
