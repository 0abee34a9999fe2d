"""The commands that a reporter may type at any time; anything else that begins with a slash is text."""

from __future__ import annotations

from flows import keys
from flows.heard import Pressed
from handlers.chat import Command
from handlers.reporter import begin, privacy, tidy, typed, words
from handlers.reporter.hear import hear
from handlers.reporter.scene import Scene
from handlers.reporter.side import Side


async def commanded(side: Side, scene: Scene, command: Command) -> None:
    """Do what the command says."""
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
