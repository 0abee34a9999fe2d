"""What a reporter asks for by a command or a button: an answer, or one of the ways out of the questions.

Every coroutine here raises the refusals of storage (`Refusal`); the dispatcher shows the helplines then. It raises
`DefinitionError` too, where the text that a draft was begun with can no longer be read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from flows.measures.box import CONVERSATION
from flows.screens import buttons
from flows.screens.buttons import Asked, ChoseLanguage, ChoseRegister, heard_from
from flows.screens.copy import OLD_SCREEN
from flows.values.inputs import Changed, Heard, Pressed, Struck, Tapped
from handlers.reporter import tidy, welcome
from handlers.reporter.after_sending import files, first_return, receipt, talk
from handlers.reporter.chat import static_screens
from handlers.reporter.chat.answering import Answerer
from handlers.reporter.chat.context import ChatScene
from handlers.reporter.chat.static_screens import again
from handlers.reporter.hear import hear, help_now
from handlers.telegram.updates import Command


async def pressed(answerer: Answerer, scene: ChatScene, data: str) -> Heard | None:
    """Give what the button answers to the question; None once what it says otherwise is done.

    One that nobody knows any more is counted, and gets a kind sentence and the current screen.
    """
    heard = None if data in static_screens.ALL else heard_from(data)
    if not _only_looks(heard):
        scene.state.asked_words = scene.state.asked_file = (
            False  # whoever goes on elsewhere is not giving them any more
        )
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
            answerer.deps.store.note_refused()
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
            await talk.questions(answerer, scene, CONVERSATION)
        case static_screens.CLOSE:
            await tidy.stop(answerer, scene)
        case _:
            await welcome.carry_on(answerer, scene)


async def _asked(answerer: Answerer, scene: ChatScene, asked: Asked) -> None:
    match asked.name:
        case "w":
            await receipt.come_back(answerer, scene, asked.argument)
        case "said_yes" | "said_other":
            await first_return.answered(answerer, scene, "yes" if asked.name == "said_yes" else "not_quite")
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
    "changed": welcome.show_changed,
    "help": help_now,
    "file": files.begin,
    "bare_yes": files.not_here,
    "bare_unsure": files.not_here,
    "bare_no": files.ask,
}


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
        scene.state.asked_words = scene.state.asked_file = False
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
