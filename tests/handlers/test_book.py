"""A draft is told to its end in the words that it was begun with, also after an upgrade."""

from __future__ import annotations

from dataclasses import replace

from flows.drafts.rulebook import assemble
from handlers.dispatcher import build
from tests.handlers.messenger import Person
from tests.handlers.paths import to_the_story
from tests.handlers.world import World, texts

OLD = "Are you safe right now?"
NEW = "Is anything dangerous happening?"


def upgraded() -> dict[str, str]:
    """The conversations of a later release, in which one question reads differently."""
    return {path: text.replace(OLD, NEW) for path, text in texts().items()}


async def test_a_draft_that_is_open_at_an_upgrade_keeps_its_questions_and_a_new_one_gets_the_new(
    world: World, ann: Person
) -> None:
    await to_the_story(ann)
    world.handlers = build(replace(world.deps(), flows=assemble(upgraded()), texts=upgraded()))
    await ann.taps("Back")
    assert OLD in ann.screen.text
    ben = world.person(chat=7_000_002)
    await to_the_story(ben)
    await ben.taps("Back")
    assert NEW in ben.screen.text
