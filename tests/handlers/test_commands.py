"""The menu of commands: neutral, in every language, and no harm where a door refuses it."""

from __future__ import annotations

from handlers.telegram.bot_commands import REPORTER
from tests.handlers.messenger import Person
from tests.handlers.world import World, translators


async def test_the_menu_is_set_once_for_every_language(world: World) -> None:
    await world.handlers.set_commands()
    calls = world.messenger.named("setMyCommands")
    assert "language_code" not in calls[0]
    assert len(calls) == len(translators())
    assert [one["command"] for one in calls[0]["commands"]] == list(REPORTER)


async def test_a_door_that_refuses_is_left_without_a_menu(world: World) -> None:
    world.messenger.refuse[("setMyCommands", 0)] = [(400, "Bad Request", {})]
    await world.handlers.set_commands()


async def test_every_command_of_the_menu_does_something(ann: Person) -> None:
    for name in REPORTER:
        await ann.types(f"/{name}")
        assert ann.screen.text
        assert "went wrong" not in ann.screen.text


async def test_a_command_that_nobody_knows_is_taken_as_words(ann: Person) -> None:
    await ann.types("/start")
    await ann.types("/hello")
    assert "did not keep" in ann.screen.text
