"""The commands that a reporter may type at any time; anything else that begins with a slash is text."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from flows import keys
from flows.heard import Pressed
from handlers.chat import Command
from handlers.commands import REPORTER
from handlers.reporter import begin, privacy, tidy, typed, unasked, words
from handlers.reporter.hear import hear
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side

#: Commands behind which people write their words, since that is what they are about.
_MAY_CARRY_WORDS: Final = frozenset({"return", "start", "new"})


async def commanded(side: Side, scene: Scene, command: Command) -> None:
    """Do what the command says; words to come back behind it are taken for what they are, and never stay."""
    if command.name in _MAY_CARRY_WORDS and any(sign.isalpha() for sign in command.rest):
        if command.name == "return":
            await words.come_back(side, scene, command.rest)
            return
        if await unasked.take(side, scene, command.rest, partial(_beside, side, scene, command)):
            return
    await _done(side, scene, command)
    if command.name in REPORTER:
        await unasked.delete_if_secret(side, scene)


async def _beside(side: Side, scene: Scene, command: Command, rest: str) -> None:
    await _done(side, scene, replace(command, rest=rest))


async def _done(side: Side, scene: Scene, command: Command) -> None:
    if command.name != "return":
        scene.mood.asked_words = False
    match command.name:
        case "start":
            await begin.start(side, scene, command.rest)
        case "new":
            await begin.ask_new(side, scene)
        case "return":
            await words.ask(side, scene)
        case "help":
            await hear(side, scene, Pressed(keys.ANYWHERE, "help"))
        case "language":
            await begin.languages(side, scene)
        case "privacy":
            await privacy.show(side, scene)
        case "tidy":
            await tidy.ask(side, scene)
        case "stop":
            await tidy.stop(side, scene)
        case _:
            await typed.typed(side, scene, command.text)
