"""The commands that a reporter may type at any time.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then. It raises
`DefinitionError` too, where the text that a draft was begun with can no longer be read.
"""

from __future__ import annotations

from typing import Final

from flows.screens import buttons
from flows.values.inputs import Pressed
from handlers.reporter import receipt, tidy, welcome
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.hear import hear
from handlers.telegram.updates import Command

#: Commands behind which people write their words, since that is what they are about.
_MAY_CARRY_WORDS: Final = frozenset({"return", "start", "new"})


async def commanded(answerer: Answerer, scene: ChatScene, command: Command) -> None:
    """Do what a command of ours says; words to come back behind it are taken for what they are, and never stay."""
    rest = command.rest
    if command.name in _MAY_CARRY_WORDS and any(sign.isalpha() for sign in command.rest):
        if command.name == "return":
            await receipt.come_back(answerer, scene, command.rest)
            return
        left = await receipt.take_unasked(answerer, scene, command.rest)
        if left is None:
            return
        rest = left
    await _do(answerer, scene, command.name, rest)
    if rest == command.rest:
        await receipt.delete_if_secret(answerer, scene)


async def _do(answerer: Answerer, scene: ChatScene, name: str, rest: str) -> None:
    if name != "return":
        scene.state.asked_words = False
    match name:
        case "start":
            await welcome.start(answerer, scene, rest)
        case "new":
            await welcome.ask_new(answerer, scene)
        case "return":
            await receipt.ask_receipt(answerer, scene)
        case "help":
            await hear(answerer, scene, Pressed(buttons.ANYWHERE, "help"))
        case "language":
            await welcome.languages(answerer, scene)
        case "privacy":
            await welcome.show_privacy(answerer, scene)
        case "tidy":
            await tidy.ask(answerer, scene)
        case "stop":
            await tidy.stop(answerer, scene)
