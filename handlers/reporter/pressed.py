"""A pressed button, by its data: an answer, or one of the ways out of the questions.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then. It raises
`DefinitionError` too, where the text that a draft was begun with can no longer be read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from flows.screens.buttons import Asked, ChoseLanguage, ChoseRegister, heard_from
from flows.screens.copy import OLD_SCREEN
from flows.values.inputs import Changed, Heard, Pressed, Struck, Tapped
from handlers.reporter import receipt, talk, tidy, welcome
from handlers.reporter.chat import static_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import again
from handlers.reporter.hear import help_now


async def pressed(answerer: Answerer, scene: ChatScene, data: str) -> Heard | None:
    """Give what the button answers to the question; None once what it says otherwise is done.

    One that nobody knows any more gets a kind sentence and the current screen.
    """
    heard = None if data in static_screens.ALL else heard_from(data)
    if not _only_looks(heard):
        scene.state.asked_words = False  # whoever goes on elsewhere is not typing them any more
    if data in static_screens.ALL:
        await _own(answerer, scene, data)
        return None
    match heard:
        case Tapped() | Pressed() | Struck() | Changed():
            return heard
        case ChoseRegister(register):
            await welcome.register(answerer, scene, register)
        case ChoseLanguage(tag):
            await welcome.language(answerer, scene, tag)
        case Asked() as asked:
            await _asked(answerer, scene, asked)
        case None:
            await again(answerer, scene, OLD_SCREEN)
    return None


def _only_looks(heard: object) -> bool:
    """Whether the button shows something beside what is asked for: it is still asked for afterwards."""
    match heard:
        case Pressed(_, key):
            return key in {"help", "more"}
        case Asked(name):
            return name == "help"
    return False


async def _own(answerer: Answerer, scene: ChatScene, data: str) -> None:
    match data:
        case static_screens.TIDY_NOW:
            await tidy.now(answerer, scene)
        case static_screens.STOP_NOW:
            await tidy.stop_now(answerer, scene)
        case static_screens.QUESTIONS:
            await talk.questions(answerer, scene)
        case static_screens.FEEDBACK:
            await talk.questions(answerer, scene, "feedback")
        case static_screens.CLOSE:
            await tidy.stop(answerer, scene)
        case _:
            await welcome.carry_on(answerer, scene)


async def _asked(answerer: Answerer, scene: ChatScene, asked: Asked) -> None:
    match asked.name:
        case "w":
            await receipt.come_back(answerer, scene, asked.argument)
        case "notice_on" | "notice_off":
            await talk.notice(answerer, scene, on=asked.name == "notice_on")
        case name:
            await _WAYS[name](answerer, scene)


_WAYS: Final[Mapping[str, Callable[[Answerer, ChatScene], Awaitable[None]]]] = {
    "leave": tidy.leave,
    "tidy": tidy.ask,
    "new": welcome.new,
    "carry_on": welcome.carry_on,
    "return": receipt.ask_receipt,
    "languages": welcome.languages,
    "privacy": welcome.show_privacy,
    "help": help_now,
}
